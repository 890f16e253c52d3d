"""What leaves: sealed groups, parcels for each peer, batches, refused records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import BatchState, ParcelState, ProblemState
from platform_core.common.clock import now
from platform_core.common.ids import uuid7

from .peers import Peer


class Group(models.Model):
    """Records of one interface and origin under one seal, own or to be relayed."""

    interface = models.CharField(_("Interface"), max_length=80)
    version = models.PositiveSmallIntegerField()
    origin = models.CharField(_("Origin"), max_length=9)
    route = models.JSONField()
    records = models.TextField()
    count = models.PositiveIntegerField(_("Records"))
    size = models.PositiveIntegerField()
    seal = models.JSONField()
    first_position = models.BigIntegerField(null=True, blank=True)
    last_position = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("sealed group")
        verbose_name_plural = _("sealed groups")
        indexes = [models.Index(fields=["interface", "origin"], name="group_interface")]

    def __str__(self) -> str:
        return f"{self.interface} v{self.version} {self.origin} ×{self.count}"


class Batch(models.Model):
    """A delivery: kept before it is sent, so that a crash repeats the same one."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    peer = models.ForeignKey(Peer, models.CASCADE, related_name="batches")
    state = models.CharField(
        _("State"), max_length=10, choices=BatchState, default=BatchState.OPEN
    )
    records = models.PositiveIntegerField(_("Records"), default=0)
    attempts = models.PositiveIntegerField(_("Attempts"), default=0)
    created_at = models.DateTimeField(_("Made"), default=now)
    finished_at = models.DateTimeField(_("Answered"), null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["peer", "id"],
                name="batch_under_way",
                condition=models.Q(state="open"),
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Parcel(models.Model):
    """One group for one peer: the entry in the peer's own queue."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="parcels")
    group = models.ForeignKey(Group, models.CASCADE, related_name="parcels")
    state = models.CharField(
        max_length=10, choices=ParcelState, default=ParcelState.QUEUED
    )
    due_at = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # How often it was queued again, and how often because something was missing.
    retries = models.PositiveIntegerField(default=0)
    waits = models.PositiveSmallIntegerField(default=0)
    alone = models.BooleanField(default=False)
    batch = models.ForeignKey(
        Batch, models.SET_NULL, null=True, blank=True, related_name="parcels"
    )
    applied = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=30, blank=True)
    message = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        constraints = [
            models.UniqueConstraint(fields=["peer", "group"], name="one_parcel_each")
        ]
        indexes = [
            models.Index(
                fields=["peer", "due_at"],
                name="parcel_queue",
                condition=models.Q(state="queued"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.peer_id}/{self.group_id}"


class ProblemRecord(models.Model):
    """A record that a peer refused, until a corrected revision went through."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="problems")
    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="problems")
    interface = models.CharField(_("Interface"), max_length=80)
    origin = models.CharField(_("Origin"), max_length=9)
    uid = models.UUIDField()
    revision = models.PositiveIntegerField(_("Revision"))
    code = models.CharField(_("Code"), max_length=30)
    field = models.CharField(_("Field"), max_length=120, blank=True)
    message = models.CharField(_("Reason"), max_length=300, blank=True)
    state = models.CharField(
        _("State"), max_length=10, choices=ProblemState, default=ProblemState.OPEN
    )
    created_at = models.DateTimeField(_("Since"), default=now)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True)

    class Meta:
        verbose_name = _("problem record")
        verbose_name_plural = _("problem records")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "interface", "origin", "uid", "revision"],
                name="one_problem_a_revision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.uid} r{self.revision}: {self.code}"
