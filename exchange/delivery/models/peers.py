"""Other platforms, their keys, and how the line to them is."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import (
    HEARTBEAT_SECONDS,
    MISSED_HEARTBEATS,
    OVERLAP_HOURS,
    CallKind,
    KeyPhase,
    OutageCause,
    OutageKind,
    PeerState,
    Relation,
    Suite,
)
from platform_core.common.clock import now
from platform_core.common.models import TimeStamped

if TYPE_CHECKING:
    from .policies import PeerPolicy


class Peer(TimeStamped):
    """A platform directly above or below this one, with a queue of its own."""

    code = models.CharField(_("Code"), max_length=9, unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    tier = models.CharField(_("Tier"), max_length=20, blank=True)
    url = models.CharField(_("Address"), max_length=300, blank=True)
    relation = models.CharField(
        _("Relation"), max_length=8, choices=Relation, default=Relation.CHILD
    )
    state = models.CharField(
        _("State"), max_length=10, choices=PeerState, default=PeerState.DRAFT
    )
    state_reason = models.CharField(_("Reason"), max_length=200, blank=True)
    unit = models.CharField(_("Responsible unit"), max_length=120, blank=True)
    contact = models.CharField(_("Contact person"), max_length=60, blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    software = models.CharField(_("Software"), max_length=120, blank=True)
    remote_pending = models.PositiveIntegerField(null=True, blank=True)
    # When the line last worked, in either direction.
    contact_at = models.DateTimeField(_("Last contact"), null=True, blank=True)
    success_at = models.DateTimeField(_("Last success"), null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    # One sender at a time: whoever sets the lease.
    lease_until = models.DateTimeField(default=now)
    lease_token = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("connected platform")
        verbose_name_plural = _("connected platforms")
        ordering = ("code",)
        permissions = [
            ("manage_peer", "Can connect, suspend and resume platforms"),
            ("resend_problem", "Can send records again"),
            ("manage_key", "Can make and retire signing keys"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("delivery:peer", args=[self.code])

    @property
    def speaks(self) -> bool:
        """May this platform talk to us, and we to it?"""
        return self.state in {PeerState.TESTING, PeerState.ENABLED}

    @cached_property
    def rules(self) -> "PeerPolicy":
        """What is allowed on this connection, read once; without any, everything."""
        found = self.policies.order_by("-version").first()
        return found or self.policies.model(peer=self, version=0)

    @property
    def division(self) -> str:
        """Division code out of the node code."""
        return self.code[1:7]

    def interrupted(self, at: datetime) -> bool:
        """Three heartbeats missed?"""
        limit = timedelta(seconds=HEARTBEAT_SECONDS * MISSED_HEARTBEATS)
        return self.contact_at is not None and at - self.contact_at > limit


class NodeKey(models.Model):
    """A public key of a known node; two may be valid at once."""

    node = models.CharField(max_length=9)
    serial = models.PositiveIntegerField()
    alg = models.CharField(max_length=20, choices=Suite, default=Suite.ED25519)
    public_key = models.CharField(max_length=400)
    valid_from = models.DateTimeField(default=now)
    valid_to = models.DateTimeField(_("Valid until"), null=True, blank=True)
    # An own key that was announced but does not sign yet, and when it does at latest.
    pending = models.BooleanField(default=False)
    switch_at = models.DateTimeField(null=True, blank=True)
    overlap_hours = models.PositiveIntegerField(default=OVERLAP_HOURS)

    class Meta:
        verbose_name = _("public key")
        verbose_name_plural = _("public keys")
        ordering = ("node", "serial")
        constraints = [
            models.UniqueConstraint(fields=["node", "serial"], name="one_key_a_serial")
        ]

    def __str__(self) -> str:
        return self.keyid

    @property
    def keyid(self) -> str:
        return f"{self.node}#{self.serial}"

    def valid(self, at: datetime) -> bool:
        """Is the key in use at this moment?  [a start ahead of our clock is fine]"""
        return self.valid_to is None or at <= self.valid_to

    def phase(self, at: datetime) -> KeyPhase:
        """Where an own key stands in its life."""
        if not self.valid(at):
            return KeyPhase.RETIRED
        if self.pending:
            return KeyPhase.ANNOUNCED
        return KeyPhase.IN_USE if self.valid_to is None else KeyPhase.ENDING


class Nonce(models.Model):
    """A nonce seen within a day; the constraint is what stops a replay."""

    keyid = models.CharField(max_length=24)
    value = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["keyid", "value"], name="nonce_once")
        ]

    def __str__(self) -> str:
        return self.value


class Invitation(models.Model):
    """A one-time enrolment token; only its hash is kept."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_key = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{self.peer_id} {self.expires_at:%Y-%m-%d %H:%M}"


class Outage(models.Model):
    """A time without any sign of life from a peer, or without reaching it."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="outages")
    kind = models.CharField(
        _("Noticed by"),
        max_length=11,
        choices=OutageKind,
        default=OutageKind.SILENT,
    )
    started_at = models.DateTimeField(_("Beginning"))
    ended_at = models.DateTimeField(_("End"), null=True, blank=True)
    error = models.CharField(_("Last error"), max_length=300, blank=True)
    cause = models.CharField(_("Cause"), max_length=10, choices=OutageCause, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ("-started_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_outage",
            )
        ]

    def __str__(self) -> str:
        return f"{self.peer_id} {self.started_at:%Y-%m-%d %H:%M}"


class LineTest(models.Model):
    """What a test of a connection found."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="tests")
    at = models.DateTimeField(_("Time"), default=now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    passed = models.BooleanField(_("Passed"))
    latency = models.PositiveIntegerField(_("Latency (ms)"), null=True)
    skew = models.FloatField(_("Clock skew (s)"), null=True)
    # For each step its name, whether it went well, and a note.
    steps = models.JSONField(_("Steps"), default=list)

    class Meta:
        verbose_name = _("connection test")
        verbose_name_plural = _("connection tests")
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.peer_id} {self.at:%Y-%m-%d %H:%M}"


class Call(models.Model):
    """One request made to a peer: how long it took and how it ended."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=10, choices=CallKind)
    at = models.DateTimeField(default=now)
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    ok = models.BooleanField()
    records = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    batch = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("-at",)
        indexes = [models.Index(fields=["peer", "-at"], name="call_peer_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
