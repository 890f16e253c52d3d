"""Cases as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from municipal.command import policies, selectors, services
from municipal.command.models import Case, Component
from platform_core.api.serializers import Answer
from platform_core.files import services as files
from platform_core.geo.coords import SYSTEMS

LIGHTS = ["green", "yellow", "red", "none"]


def uids() -> serializers.ListField:
    """Uploads, named by their uid."""
    return serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False
    )


def text(length: int) -> serializers.CharField:
    """A text that may be left out."""
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


@extend_schema_serializer(component_name="UnitName")
class UnitSerializer(Answer):
    code = serializers.CharField()
    name = serializers.CharField()


class CaseSerializer(Answer, serializers.ModelSerializer):
    """A case in a list."""

    state_name = serializers.CharField(read_only=True)
    light = serializers.ChoiceField(choices=LIGHTS, read_only=True)
    source = serializers.CharField(  # type: ignore[assignment]
        source="source_id", read_only=True
    )
    handling_unit = UnitSerializer(read_only=True, allow_null=True)
    is_overdue = serializers.BooleanField(read_only=True)

    class Meta:
        model = Case
        fields = [
            "uid",
            "number",
            "task_number",
            "state",
            "state_name",
            "stage",
            "light",
            "deadline",
            "edition",
            "class_kind",
            "class_code",
            "class_name",
            "description",
            "address",
            "lon",
            "lat",
            "division_code",
            "grid_code",
            "source",
            "reported_at",
            "closed_at",
            "handling_unit",
            "is_overdue",
            "is_urgent",
            "rework_count",
        ]
        read_only_fields = fields


class OptionSerializer(Answer):
    """A step that can be made now, or why it cannot."""

    code = serializers.CharField()
    name = serializers.CharField()
    allowed = serializers.BooleanField()
    why = serializers.CharField(allow_blank=True)
    reason_required = serializers.BooleanField()
    target = serializers.CharField()


class StepSerializer(Answer):
    """A step that was made."""

    seq = serializers.IntegerField()
    action = serializers.CharField()
    action_name = serializers.CharField()
    from_state = serializers.CharField()
    to_state = serializers.CharField()
    at = serializers.DateTimeField()
    by_name = serializers.CharField()
    role = serializers.CharField()
    unit_name = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    elapsed_seconds = serializers.IntegerField()
    overdue = serializers.BooleanField()


class FileSerializer(Answer):
    """A file of a case."""

    uid = serializers.UUIDField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    size = serializers.IntegerField()
    media_type = serializers.CharField()
    sha256 = serializers.CharField(source="blob_id")


class CaseDetailSerializer(CaseSerializer):
    """A case with its history, its files and what can be done now."""

    reporter = serializers.SerializerMethodField()
    contact = serializers.SerializerMethodField()
    deadline_explanation = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    options = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [
            *CaseSerializer.Meta.fields,
            "revision",
            "street_code",
            "community_code",
            "component_code",
            "condition",
            "limit_value",
            "limit_unit",
            "handling_deadline",
            "filed_at",
            "dispatched_at",
            "handled_at",
            "on_time",
            "overdue_at",
            "return_count",
            "extend_count",
            "open_requests",
            "sign_deadline",
            "reopen_count",
            "is_missed",
            "urged_count",
            "verify_finding",
            "check_finding",
            "reporter",
            "contact",
            "deadline_explanation",
            "timeline",
            "options",
            "files",
        ]
        read_only_fields = fields

    @property
    def user(self) -> Any:
        return self.context["request"].user

    def get_reporter(self, case: Case) -> str:
        return selectors.reporter(case, unmasked=policies.sees_reporter(self.user))

    def get_contact(self, case: Case) -> str:
        return selectors.contact(case, unmasked=policies.sees_reporter(self.user))

    def get_deadline_explanation(self, case: Case) -> str:
        return selectors.deadline_sentence(case)

    @extend_schema_field(StepSerializer(many=True))
    def get_timeline(self, case: Case) -> Any:
        return StepSerializer(selectors.timeline(case), many=True).data

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, case: Case) -> Any:
        found = services.case_options(case, self.user)
        return OptionSerializer(found, many=True).data

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, case: Case) -> Any:
        return FileSerializer(files.of(case), many=True).data


class ReportSerializer(serializers.Serializer):
    """What a report has to say."""

    source = serializers.CharField(max_length=2)  # type: ignore[assignment]
    class_kind = serializers.CharField(max_length=10, default="matter")
    class_code = serializers.CharField(max_length=6)
    edition = serializers.CharField(max_length=4, required=False)
    description = serializers.CharField(max_length=2000)
    address = text(256)
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    coord_sys = serializers.ChoiceField(choices=SYSTEMS, default="cgcs2000")
    reporter = text(60)
    contact = text(60)
    component_code = text(17)
    self_handled = serializers.BooleanField(default=False)
    is_urgent = serializers.BooleanField(default=False)
    attachments = uids()
    after_attachments = uids()


class ActionSerializer(serializers.Serializer):
    """What may be given with a step; the process says what is needed."""

    note = text(2000)
    attachments = uids()
    unit = serializers.CharField(max_length=32, required=False)
    inspector = serializers.CharField(max_length=150, required=False)
    condition = serializers.CharField(max_length=2, required=False)
    until = serializers.DateTimeField(required=False)
    value = serializers.FloatField(min_value=0, max_value=1000, required=False)
    duplicate_of = serializers.CharField(max_length=36, required=False)
    class_kind = serializers.CharField(max_length=10, required=False)
    class_code = serializers.CharField(max_length=6, required=False)
    address = serializers.CharField(max_length=256, required=False)
    description = serializers.CharField(max_length=2000, required=False)
    is_urgent = serializers.BooleanField(required=False)
    is_missed = serializers.BooleanField(required=False)
    lon = serializers.FloatField(min_value=-180, max_value=180, required=False)
    lat = serializers.FloatField(min_value=-90, max_value=90, required=False)
    component_code = serializers.CharField(max_length=17, required=False)


class PlaceSerializer(serializers.Serializer):
    """The areas a position lies in."""

    lon = serializers.FloatField()
    lat = serializers.FloatField()
    grid_code = serializers.CharField(allow_blank=True)
    division_code = serializers.CharField()
    street_code = serializers.CharField(allow_blank=True)
    community_code = serializers.CharField(allow_blank=True)
    names = serializers.ListField(child=serializers.CharField())


class ComponentSerializer(serializers.ModelSerializer):
    """A component with its distance from the point asked about."""

    distance = serializers.FloatField(read_only=True)

    class Meta:
        model = Component
        fields = [
            "code",
            "edition",
            "class_code",
            "class_name",
            "lon",
            "lat",
            "grid_code",
            "status",
            "distance",
        ]
        read_only_fields = fields


class GeometrySerializer(serializers.Serializer):
    """GeoJSON geometry."""

    type = serializers.CharField()
    coordinates = serializers.JSONField()


class FeatureSerializer(serializers.Serializer):
    """GeoJSON feature."""

    type = serializers.CharField()
    id = serializers.CharField()
    geometry = GeometrySerializer()
    properties = serializers.DictField()


class FeaturesSerializer(serializers.Serializer):
    """GeoJSON feature collection."""

    type = serializers.CharField()
    features = FeatureSerializer(many=True)
