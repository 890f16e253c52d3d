"""Uploads and what is answered to them."""

from django.urls import reverse
from rest_framework import serializers

from platform_core.files.models import Attachment


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField()
    purpose = serializers.CharField(max_length=20, required=False, default="")


class AttachmentSerializer(serializers.ModelSerializer):
    size = serializers.IntegerField(read_only=True)
    media_type = serializers.CharField(read_only=True)
    sha256 = serializers.CharField(source="blob_id", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = [
            "uid",
            "name",
            "purpose",
            "size",
            "media_type",
            "sha256",
            "created_at",
            "taken_at",
            "lon",
            "lat",
            "url",
        ]

    def get_url(self, attachment: Attachment) -> str:
        return reverse("files:download", args=[attachment.uid])
