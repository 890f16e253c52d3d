"""What figures and digests look like on the wire.  [exchange protocol §10]"""

from rest_framework import serializers

from .enums import CaseSource, CaseState
from .models import CaseDigest, IndicatorValue
from .periods import PATTERN

DIVISION = r"^\d{6}(\d{3}){0,2}$"
EDITIONS = ("2013", "2026")
KINDS = ("component", "matter")


class IndicatorValueData(serializers.ModelSerializer):
    """`monitoring.indicator_value` version 1."""

    indicator = serializers.CharField(source="indicator_id", max_length=40)
    division = serializers.RegexField(DIVISION)
    period = serializers.RegexField(PATTERN)
    value = serializers.FloatField()
    unit = serializers.CharField(max_length=20)

    class Meta:
        model = IndicatorValue
        fields = ["indicator", "division", "period", "value", "unit", "measured_at"]


class CaseDigestData(serializers.ModelSerializer):
    """`monitoring.case_digest` version 1."""

    edition = serializers.ChoiceField(EDITIONS)
    class_kind = serializers.ChoiceField(KINDS)
    division = serializers.RegexField(DIVISION)
    lon = serializers.FloatField(required=False, min_value=-180, max_value=180)
    lat = serializers.FloatField(required=False, min_value=-90, max_value=90)
    source = serializers.ChoiceField(  # type: ignore[assignment]
        CaseSource.choices
    )
    state = serializers.ChoiceField(CaseState.choices)
    stage = serializers.IntegerField(min_value=0, max_value=9)
    deadline = serializers.DateTimeField(required=False)
    closed_at = serializers.DateTimeField(required=False)
    overdue = serializers.BooleanField()
    on_time = serializers.BooleanField(required=False)
    rework_count = serializers.IntegerField(min_value=0)

    class Meta:
        model = CaseDigest
        fields = [
            "number",
            "title",
            "edition",
            "class_kind",
            "class_code",
            "class_name",
            "division",
            "lon",
            "lat",
            "source",
            "state",
            "stage",
            "reported_at",
            "deadline",
            "closed_at",
            "overdue",
            "on_time",
            "rework_count",
        ]
