"""What phones send and are told."""

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from municipal.command.patrol.models import SyncEntry

MOST_ENTRIES = 100
MOST_BYTES = 20_000


class SentSerializer(serializers.Serializer):
    """One entry; `dropped` fills the place of one that was given up."""

    id = serializers.UUIDField()
    seq = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    kind = serializers.CharField(max_length=30)
    made_at = serializers.DateTimeField()
    payload = serializers.DictField()
    depends_on = serializers.UUIDField(required=False, allow_null=True)
    dropped = serializers.BooleanField(required=False, default=False)

    def validate_payload(self, value: dict[str, Any]) -> dict[str, Any]:
        if len(json.dumps(value)) > MOST_BYTES:
            raise serializers.ValidationError(_("The entry is too big."))
        return value


class SyncSerializer(serializers.Serializer):
    """A batch of a phone, with the time its clock shows now."""

    device = serializers.UUIDField()
    device_clock = serializers.DateTimeField()
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    entries: Any = serializers.ListField(
        child=SentSerializer(), max_length=MOST_ENTRIES
    )


class EntrySerializer(serializers.ModelSerializer):
    """What became of an entry."""

    id = serializers.UUIDField(source="entry_id")

    class Meta:
        model = SyncEntry
        fields = ("id", "seq", "kind", "state", "reason", "result", "clock_wrong")


class LedgerSerializer(serializers.Serializer):
    """The queue as the platform knows it."""

    next_seq = serializers.IntegerField()
    clock_offset = serializers.FloatField()
    server_time = serializers.DateTimeField()
    entries = EntrySerializer(many=True)
