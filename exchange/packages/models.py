"""Packages made here and brought here, their deliveries and what was refused."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .enums import BUSY, Direction, Kind, Span, State


class Package(models.Model):
    """One file with sealed groups, or with the answers to them.

    `number` is what the file calls itself; two ends know it by that.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.UUIDField(_("Package number"), default=uuid7)
    direction = models.CharField(_("Direction"), max_length=3, choices=Direction)
    kind = models.CharField(_("Kind"), max_length=7, choices=Kind, default=Kind.RECORDS)
    state = models.CharField(_("State"), max_length=9, choices=State)
    peer = models.ForeignKey(
        Peer, models.PROTECT, related_name="packages", verbose_name=_("Platform")
    )
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("Answers the package"),
    )
    span = models.CharField(_("Contents"), max_length=7, choices=Span, blank=True)
    # Interfaces (none: all), beginning, end, batch, files; as they were asked for.
    wish = models.JSONField(default=dict)
    interfaces = models.JSONField(pgettext_lazy("package", "Interfaces"), default=list)
    name = models.CharField(_("File"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("Size"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # SHA-256 of the manifest, and so of all that is inside, however it was packed.
    digest = models.CharField(max_length=64, blank=True)
    keyid = models.CharField(_("Signed with"), max_length=24, blank=True)
    groups = models.PositiveIntegerField(pgettext_lazy("package", "Groups"), default=0)
    records = models.PositiveIntegerField(_("Records"), default=0)
    files = models.PositiveIntegerField(_("Attachments"), default=0)
    missing = models.PositiveIntegerField(_("Attachments missing"), default=0)
    applied = models.PositiveIntegerField(_("Applied"), default=0)
    unchanged = models.PositiveIntegerField(_("Unchanged"), default=0)
    rejected = models.PositiveIntegerField(
        pgettext_lazy("package", "Rejected"), default=0
    )
    code = models.CharField(_("Code"), max_length=30, blank=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    job = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField(_("Made"), null=True, blank=True)
    created_at = models.DateTimeField(_("Begun at"), default=now)
    ended_at = models.DateTimeField(_("Ended at"), null=True, blank=True)
    removed_at = models.DateTimeField(_("File removed"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("By"),
    )

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "direction", "number"], name="package_once"
            )
        ]
        permissions = [
            ("make_package", "Can make packages and download them"),
            ("take_package", "Can bring in packages of others"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("packages:package", args=[self.uid])

    @property
    def path(self) -> Path:
        """Where the file is kept."""
        return Path(settings.FILES_ROOT) / "packages" / f"{self.uid}.zip"

    @property
    def has_file(self) -> bool:
        return bool(self.sha256) and self.removed_at is None

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY

    @property
    def summary(self) -> str:
        """What became of it, in a sentence."""
        if self.state in {State.READY, State.MAKING}:
            text = gettext("%(groups)d groups with %(records)d records")
            return text % {"groups": self.groups, "records": self.records}
        text = gettext(
            "%(applied)d applied, %(unchanged)d unchanged, %(rejected)d rejected"
        )
        names = ("applied", "unchanged", "rejected")
        return text % {name: getattr(self, name) for name in names}


class Part(models.Model):
    """One delivery inside a package; it is answered like one over the line."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(_("Number"))
    batch = models.UUIDField(_("Batch"))
    name = models.CharField(_("File"), max_length=60)
    groups = models.PositiveIntegerField(pgettext_lazy("package", "Groups"), default=0)
    records = models.PositiveIntegerField(_("Records"), default=0)
    # Keys of the parcels inside, in order; of packages that were made here.
    parcels = models.JSONField(default=list)
    answer = models.JSONField(_("Answer"), null=True, blank=True)
    answered_at = models.DateTimeField(_("Answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery of a package")
        verbose_name_plural = _("deliveries of packages")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["package", "number"], name="package_part_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.batch)


class Problem(models.Model):
    """A record of a package that was refused, or would be."""

    package = models.ForeignKey(
        Package, models.CASCADE, related_name="problems", verbose_name=_("Package")
    )
    part = models.PositiveIntegerField(_("Number"))
    interface = models.CharField(_("Interface"), max_length=80, blank=True)
    origin = models.CharField(_("Origin"), max_length=20, blank=True)
    uid = models.CharField(_("Record"), max_length=64, blank=True)
    revision = models.BigIntegerField(_("Revision"), null=True)
    code = models.CharField(_("Code"), max_length=30)
    field = models.CharField(_("Field"), max_length=120, blank=True)
    message = models.CharField(_("Reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("refused record of a package")
        verbose_name_plural = _("refused records of packages")
        ordering = ("pk",)
        indexes = [models.Index(fields=["package", "code"], name="package_problem")]

    def __str__(self) -> str:
        return f"{self.interface} {self.uid}: {self.code}"
