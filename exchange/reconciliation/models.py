"""Digests kept up to date in place, what was offered to whom, and certificates."""

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import now
from platform_core.common.models import Record, own_node

from .enums import Kind, Repair, State


class Scope(models.Model):
    """One set of records whose digest is kept.

    `audience` is empty for the copies held here, a peer's code for what that peer
    was offered, or one of the marks for all above and all below.
    """

    audience = models.CharField(max_length=9, blank=True)
    interface = models.CharField(max_length=80)
    origin = models.CharField(max_length=9)
    position = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "interface", "origin"], name="one_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.origin} {self.audience}".strip()


class Chunk(models.Model):
    """Counts and sums of 32 neighbouring buckets."""

    scope = models.ForeignKey(Scope, models.CASCADE, related_name="chunks")
    number = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "number"], name="one_chunk")
        ]

    def __str__(self) -> str:
        return f"{self.scope_id}/{self.number}"


class Offered(models.Model):
    """The latest revision of a record that an audience was offered."""

    scope = models.ForeignKey(
        Scope, models.CASCADE, related_name="offered", db_index=False
    )
    uid = models.UUIDField()
    bucket = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    # The sealed group of somebody else that carried it.
    group = models.BigIntegerField(null=True)
    offered_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("offered record")
        verbose_name_plural = _("offered records")
        constraints = [
            models.UniqueConstraint(fields=["scope", "uid"], name="one_offer")
        ]
        indexes = [models.Index(fields=["scope", "bucket"], name="offer_bucket")]

    def __str__(self) -> str:
        return f"{self.uid} r{self.revision}"


class Certificate(Record):
    """What both ends had of one interface and origin on a day, signed by both.

    Made by the end that offers the records (the source) and sent to the other one
    (the holder), where the same row is stored as it came.
    """

    day = models.DateField(_("Day"))
    holder = models.CharField(_("Holder"), max_length=9)
    interface = models.CharField(_("Interface"), max_length=80)
    record_origin = models.CharField(_("Origin"), max_length=9)
    state = models.CharField(
        _("State"), max_length=10, choices=State, default=State.UNREACHED
    )
    # Statements and seals of the two ends: {"statement": {…}, "seal": {…}}.
    source_says = models.JSONField(default=dict)
    holder_says = models.JSONField(default=dict)
    count = models.BigIntegerField(_("Records"), default=0)
    holder_count = models.BigIntegerField(_("Records there"), default=0)
    found = models.PositiveIntegerField(_("Differences"), default=0)
    healed = models.PositiveIntegerField(_("Healed"), default=0)
    details = models.JSONField(default=list, blank=True)
    rounds = models.PositiveSmallIntegerField(_("Rounds"), default=0)
    due_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)
    error = models.CharField(_("Last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ("-day", "interface", "record_origin", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "origin", "holder", "interface", "record_origin"],
                name="one_certificate_a_day",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="certificate_open",
                condition=models.Q(finished_at__isnull=True),
            )
        ]
        permissions = [("compare", "Can compare with other platforms now")]

    def __str__(self) -> str:
        return f"{self.day} {self.interface} {self.record_origin}"

    def get_absolute_url(self) -> str:
        return reverse("reconciliation:certificate", args=[self.uid])

    @property
    def source(self) -> str:
        """The end that offers the records."""
        return self.origin

    @property
    def peer(self) -> str:
        """The end that this platform is not."""
        return self.holder if self.origin == own_node() else self.origin

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The named differences with their kind, and what was done, in words."""
        done = dict(Repair.choices)
        return [
            one
            | {"label": Kind(one["kind"]).label, "done": done.get(one.get("repair"))}
            for one in self.details
            if one.get("kind") in Kind.values
        ]

    @property
    def countersigned(self) -> bool:
        """Did the holder sign its statement?"""
        return bool(self.holder_says.get("seal"))


class RepairRequest(Record):
    """Records of an origin further on that a platform could not heal by itself.

    Sent to the next platform on the way to the origin, which announces them above
    the revisions that are named: `[{"uid", "above"}]`.
    """

    receiver = models.CharField(_("Asked platform"), max_length=9)
    interface = models.CharField(_("Interface"), max_length=80)
    record_origin = models.CharField(_("Origin"), max_length=9)
    wanted = models.JSONField(_("Records"), default=list)

    class Meta:
        verbose_name = _("request for repair")
        verbose_name_plural = _("requests for repair")

    def __str__(self) -> str:
        return f"{self.interface} {self.record_origin} ×{len(self.wanted)}"
