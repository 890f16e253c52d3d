"""Stored contents and the attachments that name them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.ids import uuid7


class Blob(models.Model):
    """A content, stored once however often it is attached."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(_("media type"), max_length=80)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    class Meta:
        verbose_name = _("stored content")
        verbose_name_plural = _("stored contents")

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file under the name its sender gave it, free or attached to an object."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    blob = models.ForeignKey(
        Blob, on_delete=models.PROTECT, related_name="attachments", editable=False
    )
    name = models.CharField(_("name"), max_length=150)
    purpose = models.CharField(_("purpose"), max_length=20, blank=True)
    target_type = models.CharField(max_length=60, blank=True, editable=False)
    target_id = models.CharField(max_length=64, blank=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    created_at = models.DateTimeField(_("uploaded"), default=now, editable=False)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id"], name="attachment_target")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(target_type="", target_id="")
                | (~Q(target_type="") & ~Q(target_id="")),
                name="attachment_target_whole",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return self.blob.size

    @property
    def media_type(self) -> str:
        """Media type, found from the content."""
        return self.blob.media_type

    @property
    def is_image(self) -> bool:
        """Whether a thumbnail can be shown."""
        return self.media_type.startswith("image/")


class PartialUpload(models.Model):
    """A file that arrives in pieces; its sender chose the `uid` and may resume."""

    uid = models.UUIDField(primary_key=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    received = models.PositiveBigIntegerField(_("bytes received"), default=0)
    attachment = models.OneToOneField(
        Attachment,
        on_delete=models.CASCADE,
        null=True,
        related_name="upload",
        verbose_name=_("attachment"),
    )
    created_at = models.DateTimeField(_("begun"), default=now, editable=False)
    touched_at = models.DateTimeField(_("last piece"), default=now, db_index=True)

    class Meta:
        verbose_name = _("upload in pieces")
        verbose_name_plural = _("uploads in pieces")
        constraints = [
            models.CheckConstraint(
                condition=Q(received__lte=models.F("size")),
                name="upload_not_over_its_size",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there and kept as an attachment."""
        return self.attachment_id is not None
