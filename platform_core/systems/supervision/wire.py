"""The three records of key tasks as they travel.  [exchange protocol section 10]"""

from typing import Any

from rest_framework import serializers

from platform_core.common.models import own_node

from .enums import Category, FeedbackCycle, FeedbackKind, NoticeKind, Priority
from .models import Assignment, Feedback, Notice


class WireSerializer(serializers.Serializer):
    """Leaves out what may be absent and is empty."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        return {
            name: value
            for name, value in data.items()
            if self.fields[name].required or value not in (None, "")
        }


class RefWire(WireSerializer):
    """Another record."""

    origin = serializers.RegexField(r"^[NPMC][0-9]{8}$")
    uid = serializers.UUIDField()


class FileWire(WireSerializer):
    """A file, which travels by its content hash."""

    name = serializers.CharField(max_length=255)
    size = serializers.IntegerField(min_value=0)
    media_type = serializers.CharField(max_length=100)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$")


class IssuerWire(WireSerializer):
    """Who issued a task."""

    unit = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=50, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)


class AuthorWire(WireSerializer):
    """Who made a feedback."""

    unit = serializers.CharField(max_length=100)
    name = serializers.CharField(max_length=150, required=False, allow_blank=True)


class TaskWire(WireSerializer):
    """`supervision.task`: a task as given to one receiver."""

    number = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=200)
    category = serializers.ChoiceField(choices=Category.choices)
    content = serializers.CharField()
    requirement = serializers.CharField(required=False, allow_blank=True)
    basis = serializers.CharField(required=False, max_length=300, allow_blank=True)
    priority = serializers.ChoiceField(choices=Priority.choices)
    issued_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField()
    feedback_cycle = serializers.ChoiceField(choices=FeedbackCycle.choices)
    sign_within_hours = serializers.IntegerField(
        required=False, min_value=1, max_value=8760
    )
    receiver = serializers.RegexField(r"^[NPMC][0-9]{8}$")
    division = serializers.RegexField(r"^[0-9]{6,12}$")
    parent = RefWire(required=False)
    attachments = FileWire(many=True)
    issuer = IssuerWire()

    def to_representation(self, instance: Assignment) -> dict[str, Any]:
        parent = None
        if instance.parent_uid:
            parent = {"origin": instance.parent_origin, "uid": instance.parent_uid}
        names = ("number", "title", "category", "content", "requirement", "basis")
        terms = ("priority", "issued_at", "deadline", "feedback_cycle", "receiver")
        plain = {name: getattr(instance, name) for name in (*names, *terms)}
        return super().to_representation(
            {
                **plain,
                "division": instance.division,
                "sign_within_hours": instance.sign_within_hours or None,
                "parent": parent,
                "attachments": instance.wire_files,
                "issuer": {
                    "unit": instance.issuer_unit,
                    "name": instance.issuer_name,
                    "phone": instance.issuer_phone,
                },
            }
        )


class NoticeWire(WireSerializer):
    """`supervision.notice`: from the issuer to the receiver."""

    task = RefWire()
    kind = serializers.ChoiceField(choices=NoticeKind.choices)
    content = serializers.CharField()
    deadline = serializers.DateTimeField(required=False)
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    issued_at = serializers.DateTimeField()
    attachments = FileWire(many=True)

    def to_representation(self, instance: Notice) -> dict[str, Any]:
        return super().to_representation(
            {
                "task": _ref(instance.assignment),
                "kind": instance.kind,
                "content": instance.content,
                "deadline": instance.deadline,
                "score": instance.score,
                "issued_at": instance.made_at,
                "attachments": instance.wire_files,
            }
        )


class FeedbackWire(WireSerializer):
    """`supervision.feedback`: from the receiver to the issuer."""

    task = RefWire()
    kind = serializers.ChoiceField(choices=FeedbackKind.choices)
    content = serializers.CharField(allow_blank=True)
    percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    problems = serializers.CharField(required=False, allow_blank=True)
    result = serializers.CharField(required=False, allow_blank=True)
    wanted_deadline = serializers.DateTimeField(required=False)
    by = AuthorWire()
    made_at = serializers.DateTimeField()
    attachments = FileWire(many=True)

    def to_representation(self, instance: Feedback) -> dict[str, Any]:
        names = ("kind", "content", "percent", "problems", "result", "made_at")
        return super().to_representation(
            {
                **{name: getattr(instance, name) for name in names},
                "task": _ref(instance.assignment),
                "wanted_deadline": instance.wanted_deadline,
                "by": {
                    "unit": instance.unit_name or own_node(),
                    "name": instance.by_name,
                },
                "attachments": instance.wire_files,
            }
        )


def _ref(assignment: Assignment) -> dict[str, Any]:
    return {"origin": assignment.origin, "uid": assignment.uid}
