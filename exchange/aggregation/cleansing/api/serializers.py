"""Runs, scores and problems as JSON."""

from rest_framework import serializers

from exchange.aggregation.cleansing.models import Problem, Run, Score


class RunSerializer(serializers.ModelSerializer):
    table = serializers.CharField(source="table.code")
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Run
        fields = [
            "uid",
            "table",
            "version",
            "trigger",
            "started_at",
            "ended_at",
            "rows",
            "good",
            "fixed",
            "rejected",
            "returned",
            "problems",
        ]


class ScoreSerializer(serializers.ModelSerializer):
    table = serializers.CharField(source="table.code")
    sender = serializers.CharField(source="sender.name", default="")
    origin = serializers.CharField(source="sender.origin", default="")

    class Meta:
        model = Score
        fields = [
            "table",
            "sender",
            "origin",
            "day",
            "rows",
            "problems",
            "completeness",
            "validity",
            "uniqueness",
            "consistency",
            "timeliness",
            "total",
        ]


class ProblemSerializer(serializers.ModelSerializer):
    table = serializers.CharField(source="table_code")
    sender = serializers.CharField(source="sender.name")

    class Meta:
        model = Problem
        fields = [
            "uid",
            "origin",
            "table",
            "sender",
            "record",
            "key",
            "rule_code",
            "rule_name",
            "kind",
            "severity",
            "field",
            "value",
            "state",
            "found_at",
            "due_at",
            "closed_at",
            "feedback",
            "reason",
        ]


class AnswerSerializer(serializers.Serializer):
    """Corrected, or right as it is for a reason."""

    answer = serializers.ChoiceField(choices=["corrected", "explained"])
    note = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default=""
    )
