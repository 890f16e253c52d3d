"""Files that are handed in, and what is remembered about how to read them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.enums import Encoding, Format
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.jobs.models import Job


class CoordinateSystem(TimeStamped):
    """A local coordinate system, described for PROJ."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=80)
    definition = models.TextField(_("definition for PROJ"), max_length=4000)

    class Meta:
        verbose_name = _("local coordinate system")
        verbose_name_plural = _("local coordinate systems")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("basedata:system-list")


class ImportProfile(TimeStamped):
    """Which column is which field, remembered under a name."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    target = models.CharField(_("what it holds"), max_length=40)
    mapping = models.JSONField(_("columns"), default=dict)

    class Meta:
        verbose_name = _("import profile")
        verbose_name_plural = _("import profiles")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries as somebody may see them."""

    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """All of them for who may import."""
        return self.all() if user.has_perm("basedata.import_data") else self.none()


class Delivery(TimeStamped):
    """A file that is looked at, mapped, tried and imported."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("file"), max_length=150)
    target = models.CharField(_("what it holds"), max_length=40)
    format = models.CharField(_("format"), max_length=9, choices=Format.choices)
    encoding = models.CharField(_("encoding"), max_length=8, choices=Encoding.choices)
    coord_sys = models.CharField(_("coordinate system"), max_length=40)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(_("columns"), default=dict)
    trial = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("handed in by"),
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivered file")
        verbose_name_plural = _("delivered files")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("basedata:delivery-detail", args=[self.uid])

    @property
    def folder(self) -> Path:
        """Where the file and what is unpacked from it are kept."""
        return Path(settings.FILES_ROOT) / "deliveries" / str(self.uid)

    @property
    def path(self) -> Path:
        """The file as it was handed in."""
        return self.folder / "input"
