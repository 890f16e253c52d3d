"""What others ask of this platform, and what this platform asks of others."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Group, Peer
from exchange.feeds.enums import LIVE, Mode, State
from platform_core.common.clock import now
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped


class Terms(TimeStamped):
    """What is subscribed to; the same words at both ends."""

    interface = models.CharField(_("Interface"), max_length=80)
    version = models.PositiveSmallIntegerField(_("Version"), default=1)
    mode = models.CharField(_("Way"), max_length=4, choices=Mode, default=Mode.PULL)
    divisions = models.JSONField(_("Divisions"), default=list, blank=True)
    fields = models.JSONField(_("Fields"), null=True, blank=True)
    purpose = models.CharField(_("Purpose"), max_length=500, blank=True)
    state = models.CharField(
        _("State"), max_length=16, choices=State, default=State.APPLIED
    )
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    valid_to = models.DateTimeField(_("Valid until"), null=True, blank=True)
    # Divisions, fields, purpose and end that were asked for instead; None: nothing.
    wanted = models.JSONField(_("Other terms asked for"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.interface} v{self.version}"

    def in_force(self, at: datetime) -> bool:
        """May records flow at this moment?"""
        return self.state == State.ACTIVE and not self.over(at)

    def over(self, at: datetime) -> bool:
        """Has its time run out?"""
        return self.valid_to is not None and self.valid_to <= at


class Subscription(Terms):
    """A peer's subscription to an interface of this platform."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    peer = models.ForeignKey(
        Peer, models.CASCADE, related_name="subscriptions", verbose_name=_("Platform")
    )
    masks = models.JSONField(_("Masked fields"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Approved by the data owner"),
    )
    owner_at = models.DateTimeField(null=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Approved by the exchange manager"),
    )
    manager_at = models.DateTimeField(null=True)
    # Who agreed to the other terms as owner of the data.
    wanted_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # How far a push subscription has been served.
    cursor = models.CharField(max_length=80, blank=True)
    served_at = models.DateTimeField(_("Last served"), null=True, blank=True)
    served = models.PositiveBigIntegerField(_("Records served"), default=0)
    served_on = models.DateField(null=True, editable=False)
    served_that_day = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "interface", "version"],
                condition=models.Q(state__in=[str(state) for state in LIVE]),
                name="one_live_subscription",
            )
        ]
        permissions = [
            ("approve_as_owner", "Can approve subscriptions as owner of the data"),
            ("approve_as_manager", "Can approve subscriptions as exchange manager"),
            ("manage_subscription", "Can suspend, resume and cancel subscriptions"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("feeds:subscription", args=[self.uid])

    @property
    def reduced(self) -> bool:
        """Do its records carry less than the origin announced?"""
        return self.fields is not None or bool(self.masks)


class Application(Terms):
    """This platform's subscription to an interface of a peer."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    peer = models.ForeignKey(
        Peer, models.CASCADE, related_name="applications", verbose_name=_("Platform")
    )
    remote_id = models.CharField(_("Number there"), max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    # A later version that its owner offers; 0: none.
    newer = models.PositiveSmallIntegerField(_("Newer version"), default=0)
    # Kept in the same transaction as the records that were applied.
    cursor = models.CharField(max_length=2000, blank=True)
    pulled_at = models.DateTimeField(_("Last fetched"), null=True, blank=True)
    pulled = models.PositiveBigIntegerField(_("Records fetched"), default=0)
    failures = models.PositiveIntegerField(default=0)
    retries = models.PositiveIntegerField(default=0)
    error = models.CharField(_("Last error"), max_length=300, blank=True)
    next_try_at = models.DateTimeField(default=now)
    lease_until = models.DateTimeField(default=now)
    lease_token = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = _("own subscription")
        verbose_name_plural = _("own subscriptions")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "interface", "version"],
                condition=models.Q(state__in=[str(state) for state in LIVE]),
                name="one_live_application",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("feeds:application", args=[self.uid])


class Passage(models.Model):
    """A group of others that is kept for subscribers; placed after its commit."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="passage")
    interface = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    upward = models.BooleanField()
    divisions = models.JSONField(default=list)
    position = models.BigIntegerField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("passing group")
        verbose_name_plural = _("passing groups")
        indexes = [
            models.Index(fields=["interface", "position"], name="passage_feed"),
            models.Index(
                fields=["id"],
                name="passage_unplaced",
                condition=models.Q(position__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interface} {self.position}"
