"""Other dispatch systems that cases come from and are reported back to."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import DeliveryState, SystemKind
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL
MANAGE = "collaboration.manage_systems"


class SystemsQuerySet(models.QuerySet[Any]):
    """Rows that administrators of interfaces see, and nobody else."""

    def visible_to(self, user: Any) -> Self:
        """All rows with the permission, none without."""
        return self.all() if user.has_perm(MANAGE) else self.none()


class DispatchSystem(TimeStamped):
    """Another dispatch system: who it is, how it signs in, where it listens."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("kind of system"), max_length=10, choices=SystemKind.choices
    )
    source = models.ForeignKey(
        "command.CaseSource",
        models.PROTECT,
        related_name="+",
        verbose_name=_("source of its cases"),
    )
    account = models.OneToOneField(
        USER, models.PROTECT, related_name="dispatch_system", editable=False
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    callback_url = models.CharField(_("callback address"), max_length=300, blank=True)
    callback_secret = models.CharField(max_length=64, editable=False)
    allow_private = models.BooleanField(
        _("address in the own network allowed"),
        default=False,
        help_text=_("Callbacks to private addresses are refused unless this is set."),
    )
    is_active = models.BooleanField(_("in force"), default=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = SystemsQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch system")
        verbose_name_plural = _("dispatch systems")
        ordering = ("code",)
        permissions = [
            ("manage_systems", "Can manage other dispatch systems"),
            ("push_case", "Can push cases from another system"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("collaboration:system-detail", args=[self.pk])


class SystemMapping(models.Model):
    """How the classes and states of a system are called here; a new version each time.

    `classes` maps its class to "kind:code" of ours, `states` our state to its
    word. What is not mapped is taken as it is.
    """

    system = models.ForeignKey(DispatchSystem, models.CASCADE, related_name="mappings")
    version = models.PositiveIntegerField(_("version"))
    classes = models.JSONField(_("classes"), default=dict, blank=True)
    states = models.JSONField(_("states"), default=dict, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mapping")
        verbose_name_plural = _("mappings")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint("system", "version", name="mapping_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} v{self.version}"


class PushedCase(models.Model):
    """A case that another system sent, under its number there."""

    system = models.ForeignKey(DispatchSystem, models.PROTECT, related_name="cases")
    case = models.OneToOneField(
        "command.Case", models.PROTECT, related_name="pushed", verbose_name=_("case")
    )
    their_number = models.CharField(_("number there"), max_length=64)
    given = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("case of another system")
        verbose_name_plural = _("cases of other systems")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint("system", "their_number", name="pushed_once")
        ]

    def __str__(self) -> str:
        return self.their_number


class Callback(TimeStamped):
    """What another system is told about a case of its own."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    pushed = models.ForeignKey(PushedCase, models.PROTECT, related_name="callbacks")
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=DeliveryState.choices,
        default=DeliveryState.WAITING,
    )
    payload = models.JSONField(_("what is told"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    objects = SystemsQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ("-pk",)
        indexes = [
            models.Index("next_at", name="callback_due", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.pushed} {self.payload.get('state', '')}"
