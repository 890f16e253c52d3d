"""Uploads and what is answered to them."""

from django.urls import reverse
from rest_framework import serializers

from platform_core.files.models import Attachment, PartialUpload


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


class BeginSerializer(serializers.Serializer):
    """A file that will come in pieces."""

    uid = serializers.UUIDField()
    name = serializers.CharField(max_length=150)
    size = serializers.IntegerField(min_value=1)
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$")


class PartialSerializer(serializers.ModelSerializer):
    """How much of an upload is there; `attachment` once it is whole."""

    attachment = serializers.UUIDField(
        source="attachment.uid", allow_null=True, read_only=True, default=None
    )

    class Meta:
        model = PartialUpload
        fields = ["uid", "size", "received", "attachment"]
