"""Classes and filing conditions as JSON."""

from rest_framework import serializers

from platform_core.calendars.enums import Unit
from platform_core.classification.enums import Edition
from platform_core.classification.models import FilingCondition, ProblemClass


class ProblemClassSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProblemClass
        fields = [
            "edition",
            "kind",
            "code",
            "name",
            "name_en",
            "origin",
            "geometry",
            "code_2013",
            "is_active",
        ]


class MajorClassSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    classes = ProblemClassSerializer(many=True)


class FilingConditionSerializer(serializers.ModelSerializer):
    class Meta:
        model = FilingCondition
        fields = [
            "number",
            "grade",
            "filing_condition",
            "closing_condition",
            "limit_value",
            "limit_unit",
            "department_type",
            "confidence",
            "source",
            "is_own",
        ]


class EditionSerializer(serializers.Serializer):
    edition = serializers.ChoiceField(choices=Edition.choices)


class LimitSerializer(serializers.Serializer):
    limit_value = serializers.IntegerField(min_value=1, max_value=9999)
    limit_unit = serializers.ChoiceField(choices=Unit.choices)
    department_type = serializers.CharField(max_length=40, required=False)


class ProblemClassDetailSerializer(ProblemClassSerializer):
    conditions = FilingConditionSerializer(many=True)

    class Meta(ProblemClassSerializer.Meta):
        fields = [
            *ProblemClassSerializer.Meta.fields,
            "major_code",
            "major_name",
            "major_name_en",
            "confidence",
            "conditions",
        ]
