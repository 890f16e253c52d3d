"""Other platforms, their keys, and how the line to them is."""

from datetime import datetime, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import (
    HEARTBEAT_SECONDS,
    MISSED_HEARTBEATS,
    CallKind,
    PeerState,
    Relation,
    Suite,
)
from platform_core.common.clock import now
from platform_core.common.models import TimeStamped


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
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("delivery:peer", args=[self.code])

    @property
    def speaks(self) -> bool:
        """May this platform talk to us, and we to it?"""
        return self.state in {PeerState.TESTING, PeerState.ENABLED}

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
    valid_to = models.DateTimeField(null=True, blank=True)

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
    """A time without any sign of life from a peer."""

    peer = models.ForeignKey(Peer, models.CASCADE, related_name="outages")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

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
