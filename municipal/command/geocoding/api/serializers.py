"""Candidates and descriptions as JSON."""

from rest_framework import serializers


class CandidateSerializer(serializers.Serializer):
    """A position that a text may mean; CGCS2000."""

    text = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    score = serializers.FloatField(help_text="0 to 100")
    matched = serializers.CharField(help_text="the part of the question it met")
    how = serializers.CharField()
    kind = serializers.CharField()
    grid_code = serializers.CharField()
    distance = serializers.FloatField(required=False, help_text="metres")


class CandidatesSerializer(serializers.Serializer):
    """The best first."""

    results = CandidateSerializer(many=True)


class DescribedSerializer(serializers.Serializer):
    """A position in words and the areas that it lies in."""

    text = serializers.CharField()
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    grid_code = serializers.CharField()
    community_code = serializers.CharField()
    street_code = serializers.CharField()
    division_code = serializers.CharField()
    community = serializers.CharField()
    street = serializers.CharField()
    division = serializers.CharField()
    way = serializers.CharField()
    metres = serializers.FloatField()
