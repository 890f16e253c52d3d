"""Flows, runs and rejected rows as JSON."""

from rest_framework import serializers

from exchange.connectors.models import Flow, LogLine, Reject, Run


class FlowSerializer(serializers.ModelSerializer):
    """A flow: what it carries, which way, and where it stands."""

    source: serializers.CharField = serializers.CharField(  # type: ignore[assignment]
        source="source.name", read_only=True
    )
    kind = serializers.CharField(source="source.kind", read_only=True)
    table = serializers.CharField(source="table.code", read_only=True)
    version = serializers.IntegerField(
        source="current.number", read_only=True, allow_null=True
    )

    class Meta:
        model = Flow
        fields = (
            "uid",
            "name",
            "direction",
            "source",
            "kind",
            "table",
            "state",
            "reason",
            "version",
            "position",
            "next_at",
        )


class FlowDetailSerializer(FlowSerializer):
    """A flow with its definition in the version that counts."""

    definition = serializers.JSONField(read_only=True)

    class Meta:
        model = Flow
        fields = (*FlowSerializer.Meta.fields, "definition")


class RunSerializer(serializers.ModelSerializer):
    """A run in numbers; `landed` counts what was sent where the flow sends."""

    flow = serializers.UUIDField(source="flow.uid", read_only=True)
    flow_name = serializers.CharField(source="flow.name", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Run
        fields = (
            "uid",
            "flow",
            "flow_name",
            "version",
            "trigger",
            "state",
            "again",
            "chunks",
            "read",
            "filtered",
            "landed",
            "rejected",
            "error",
            "created_at",
            "started_at",
            "ended_at",
        )


class LogLineSerializer(serializers.ModelSerializer):
    """One line of a run's log."""

    class Meta:
        model = LogLine
        fields = ("at", "level", "text")


class RunDetailSerializer(RunSerializer):
    """A run with its log."""

    log = LogLineSerializer(many=True, read_only=True)

    class Meta:
        model = Run
        fields = (*RunSerializer.Meta.fields, "log")


class RejectSerializer(serializers.ModelSerializer):
    """A row that was not taken, as it came, with what was wrong."""

    flow = serializers.UUIDField(source="flow.uid", read_only=True)
    run = serializers.UUIDField(source="run.uid", read_only=True)

    class Meta:
        model = Reject
        fields = (
            "id",
            "flow",
            "run",
            "place",
            "line",
            "field",
            "code",
            "reason",
            "raw",
            "state",
            "created_at",
            "settled_at",
        )


class StartSerializer(serializers.Serializer):
    """How to run a flow."""

    again = serializers.BooleanField(default=False)


class ResendSerializer(serializers.Serializer):
    """Values that are to be others than those that came."""

    changed = serializers.DictField(
        child=serializers.JSONField(allow_null=True), required=False, default=dict
    )


class ReasonSerializer(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=300)
