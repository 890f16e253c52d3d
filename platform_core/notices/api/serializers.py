"""Notices as JSON."""

from rest_framework import serializers

from platform_core.notices.models import Notice


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = [
            "id",
            "kind",
            "level",
            "title",
            "body",
            "link",
            "created_at",
            "read_at",
        ]


class MarkedSerializer(serializers.Serializer):
    marked = serializers.IntegerField(min_value=0)
