"""JSON of figures and digests."""

from rest_framework import serializers

from platform_core.systems.monitoring.enums import Grain
from platform_core.systems.monitoring.models import (
    CaseDigest,
    Indicator,
    IndicatorValue,
)


class IndicatorSerializer(serializers.ModelSerializer):
    """An indicator of the catalogue."""

    class Meta:
        model = Indicator
        fields = ["code", "name", "name_en", "unit", "kind", "grain", "is_active"]


class IndicatorValueSerializer(serializers.ModelSerializer):
    """A figure as its origin reported it."""

    indicator = serializers.CharField(source="indicator_id")
    value = serializers.FloatField()

    class Meta:
        model = IndicatorValue
        fields = [
            "uid",
            "origin",
            "revision",
            "indicator",
            "division",
            "period",
            "value",
            "unit",
            "measured_at",
        ]


class CaseDigestSerializer(serializers.ModelSerializer):
    """The summary of a case."""

    state_name = serializers.CharField(source="get_state_display")
    source_name = serializers.CharField(source="get_source_display")

    class Meta:
        model = CaseDigest
        fields = [
            "uid",
            "origin",
            "revision",
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
            "source_name",
            "state",
            "state_name",
            "stage",
            "is_open",
            "reported_at",
            "deadline",
            "closed_at",
            "overdue",
            "on_time",
            "rework_count",
            "updated_at",
        ]


class SeriesQuery(serializers.Serializer):
    """What a series is asked for with."""

    division = serializers.RegexField(r"^\d{6}(\d{3}){0,2}$", required=False)
    period_from = serializers.DateField(required=False)
    period_to = serializers.DateField(required=False)
    grain = serializers.ChoiceField(
        [Grain.DAY.value, Grain.MONTH.value, Grain.YEAR.value], default=Grain.DAY.value
    )


class PointSerializer(serializers.Serializer):
    """One value of a series."""

    period = serializers.CharField()
    value = serializers.FloatField()


class SeriesSerializer(serializers.Serializer):
    """An indicator over time, added up for a division."""

    indicator = serializers.CharField()
    division = serializers.CharField()
    unit = serializers.CharField()
    grain = serializers.CharField()
    total = serializers.FloatField()
    points = PointSerializer(many=True)


class RankingQuery(serializers.Serializer):
    """What a comparison is asked for with."""

    division = serializers.RegexField(r"^\d{6}(\d{3}){0,2}$", required=False)
    period = serializers.CharField(required=False)


class RankedSerializer(serializers.Serializer):
    """One division of a comparison."""

    division = serializers.CharField()
    name = serializers.CharField()
    value = serializers.FloatField()


class RankingSerializer(serializers.Serializer):
    """An indicator by the divisions right below one."""

    indicator = serializers.CharField()
    division = serializers.CharField()
    period = serializers.CharField()
    rows = RankedSerializer(many=True)
