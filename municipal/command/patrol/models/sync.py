"""Phones, and what was done on them in the order in which it was done."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipal.command.patrol.enums import EntryState
from platform_core.accounts.models import User
from platform_core.common.clock import now


class DeviceQuerySet(models.QuerySet["Device"]):
    """Phones as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """One's own; all of them for those who look after inspectors."""
        if user.has_perm("patrol.view_device"):
            return self.all()
        return self.filter(user=user.pk)


class Device(models.Model):
    """The queue of one person on one phone; its entries are numbered from 1."""

    uid = models.UUIDField(_("number"), unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="devices",
        verbose_name=_("person"),
    )
    name = models.CharField(_("phone"), max_length=120, blank=True)
    version = models.CharField(_("version of the app"), max_length=40, blank=True)
    next_seq = models.PositiveIntegerField(_("next entry"), default=1)
    clock_offset = models.FloatField(_("clock ahead by seconds"), default=0)
    first_seen = models.DateTimeField(_("first contact"), default=now)
    last_seen = models.DateTimeField(_("last contact"), default=now)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ("-last_seen",)

    def __str__(self) -> str:
        return f"{self.user} {self.name}".strip()


class SyncEntryQuerySet(models.QuerySet["SyncEntry"]):
    """Entries as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """Those of the phones one sees."""
        return self.filter(device__in=Device.objects.visible_to(user))


class SyncEntry(models.Model):
    """Something done on a phone, taken once and applied in the phone's order."""

    device = models.ForeignKey(
        Device, models.CASCADE, related_name="entries", verbose_name=_("phone")
    )
    entry_id = models.UUIDField(_("number"))
    seq = models.PositiveIntegerField(_("place in the order"))
    kind = models.CharField(_("kind of entry"), max_length=30)
    payload = models.JSONField(_("entry content"), default=dict)
    depends_on = models.UUIDField(_("depends on"), null=True)
    claimed_at = models.DateTimeField(_("done at, by the phone"))
    happened_at = models.DateTimeField(_("done at"))
    clock_wrong = models.BooleanField(_("clock of the phone wrong"), default=False)
    received_at = models.DateTimeField(_("received at"), default=now)
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=EntryState.choices,
        default=EntryState.WAITING,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    result = models.JSONField(_("result"), default=dict)

    objects = SyncEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a phone")
        verbose_name_plural = _("entries of phones")
        ordering = ("device", "seq")
        constraints = [
            models.UniqueConstraint("device", "entry_id", name="entry_once"),
            models.UniqueConstraint("device", "seq", name="entry_in_its_place"),
        ]
        indexes = [models.Index("state", "received_at", name="entry_state")]

    def __str__(self) -> str:
        return f"{self.device_id}:{self.seq} {self.kind}"
