"""Runs, pairs, masters and unmatched codes as JSON."""

from typing import Any, cast

from rest_framework import serializers

from exchange.aggregation.fusion.models import Master, Pair, Run, Task, UnmatchedCode
from exchange.aggregation.fusion.services import explaining, resolving


class FusionTaskSerializer(serializers.ModelSerializer):
    version = serializers.IntegerField(source="current.number", default=None)
    masters = serializers.IntegerField(source="count")

    class Meta:
        model = Task
        fields = ["uid", "code", "name", "description", "version", "masters"]


class FusionRunSerializer(serializers.ModelSerializer):
    task = serializers.CharField(source="task.code")
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Run
        fields = [
            "uid",
            "task",
            "version",
            "trigger",
            "started_at",
            "ended_at",
            "rows",
            "compared",
            "same",
            "unsure",
            "masters",
            "made",
            "changed",
            "merged",
            "split",
            "retired",
            "unmatched",
        ]


class UnmatchedCodeSerializer(serializers.ModelSerializer):
    table = serializers.CharField(source="code_map.table.code")
    field = serializers.CharField(source="code_map.field")
    source = serializers.CharField(  # type: ignore[assignment]
        source="code_map.source"
    )

    class Meta:
        model = UnmatchedCode
        fields = [
            "table",
            "field",
            "source",
            "value",
            "count",
            "state",
            "suggestion",
            "likeness",
            "last_seen",
        ]


class PairSerializer(serializers.ModelSerializer):
    task = serializers.CharField(source="task.code")

    class Meta:
        model = Pair
        fields = [
            "uid",
            "task",
            "left",
            "right",
            "score",
            "evidence",
            "parts",
            "facts",
            "conflict",
            "state",
            "note",
            "found_at",
            "decided_at",
        ]


class PairDecisionSerializer(serializers.Serializer):
    """Same thing or different things, for a reason."""

    decision = serializers.ChoiceField(choices=["same", "different"])
    note = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default=""
    )


class MasterSerializer(serializers.ModelSerializer):
    """A master record; personal values are masked as on the pages."""

    task = serializers.CharField(source="task.code")
    merged_into = serializers.UUIDField(source="merged_into.uid", default=None)
    values = serializers.SerializerMethodField()
    sources = serializers.SerializerMethodField()

    class Meta:
        model = Master
        fields = [
            "uid",
            "task",
            "title",
            "values",
            "sources",
            "size",
            "state",
            "revision",
            "merged_into",
            "updated_at",
        ]

    def get_values(self, row: Master) -> dict[str, Any]:
        return explaining.masked(row.values, self._hidden(row))

    def get_sources(self, row: Master) -> dict[str, Any]:
        """For each field the source, row and record, and why it is this one."""
        return dict(row.picks)

    def _hidden(self, row: Master) -> set[str]:
        known: dict[int, set[str]] = cast(dict, self.context).setdefault("hidden", {})
        if row.task_id not in known:
            current = row.task.current
            known[row.task_id] = resolving.personal(current) if current else set()
        return known[row.task_id]
