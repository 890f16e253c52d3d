"""A resource as JSON."""

from rest_framework import serializers

from exchange.aggregation.catalogue.models import Edition


class EditionSerializer(serializers.ModelSerializer):
    uid = serializers.UUIDField(source="resource.uid")
    theme = serializers.CharField(source="theme.code")
    unit = serializers.CharField(source="unit.name")
    table = serializers.CharField(source="table.code", default="")
    division = serializers.CharField(source="division_id")
    score = serializers.FloatField(allow_null=True, default=None)

    class Meta:
        model = Edition
        fields = [
            "uid",
            "code",
            "number",
            "title",
            "abstract",
            "subset",
            "theme",
            "unit",
            "table",
            "frequency",
            "share",
            "condition",
            "level",
            "formats",
            "keywords",
            "division",
            "covers_from",
            "covers_to",
            "score",
            "published_at",
        ]
