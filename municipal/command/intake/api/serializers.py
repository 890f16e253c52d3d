"""What switchboards and other systems send."""

from typing import Any

from rest_framework import serializers

from municipal.command.intake.enums import CallState, Direction
from municipal.command.intake.models import Call, Lead
from municipal.command.models import CaseSource


class CallEventSerializer(serializers.Serializer):
    """One event of a call."""

    external_id = serializers.CharField(max_length=64)
    state = serializers.ChoiceField(
        choices=[row for row in CallState.choices if row[0] != CallState.BLOCKED]
    )
    at = serializers.DateTimeField()
    caller = serializers.CharField(max_length=20, required=False, allow_blank=True)
    called = serializers.CharField(max_length=20, required=False, allow_blank=True)
    seat = serializers.CharField(max_length=4, required=False, allow_blank=True)
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    recording = serializers.URLField(max_length=300, required=False, allow_blank=True)
    transferred_to = serializers.CharField(
        max_length=40, required=False, allow_blank=True
    )


class CallSerializer(serializers.ModelSerializer):
    """A call; `state` blocked tells the switchboard to hang up."""

    seat: Any = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Call
        fields = ("uid", "external_id", "state", "seat", "rang_at", "answered_at")


class LeadSerializer(serializers.ModelSerializer):
    """A lead as another system sends it."""

    source: Any = serializers.PrimaryKeyRelatedField(queryset=CaseSource.objects.all())
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=9, write_only=True
    )

    class Meta:
        model = Lead
        fields = (
            "uid",
            "source",
            "external_id",
            "text",
            "address",
            "lon",
            "lat",
            "class_kind",
            "class_code",
            "reporter",
            "contact",
            "link",
            "happened_at",
            "attachments",
            "state",
        )
        read_only_fields = ("uid", "state")
        validators: list[
            Any
        ] = []  # a second sending is answered with the first one's lead
