"""Leads: what came in by other channels and somebody still has to look at."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.intake.enums import LeadState
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.ids import uuid7


class LeadQuerySet(models.QuerySet["Lead"]):
    """Leads as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """All for those who review leads."""
        return self.all() if user.has_perm("intake.view_lead") else self.none()


class Lead(models.Model):
    """A message, a letter, a post, an alarm that may become a case.

    What machines and other offices send is looked at by a person before it is
    registered; the sender's own number makes a second sending harmless.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    source = models.ForeignKey(
        "command.CaseSource", models.PROTECT, verbose_name=_("source")
    )
    external_id = models.CharField(_("number at the sender"), max_length=80)
    text = models.TextField(_("text"), max_length=2000)
    address = models.CharField(_("address"), max_length=256, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    class_kind = models.CharField(_("class kind"), max_length=10, blank=True)
    class_code = models.CharField(_("class code"), max_length=6, blank=True)
    reporter = models.CharField(_("reporter"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    link = models.URLField(_("where it was published"), max_length=500, blank=True)
    happened_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), default=clock.now)
    state = models.CharField(
        _("state"), max_length=10, choices=LeadState.choices, default=LeadState.NEW
    )
    case = models.OneToOneField(
        "command.Case",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lead",
        verbose_name=_("case"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    decided_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ("-received_at", "-pk")
        permissions = [
            ("review_lead", "Can register or refuse leads"),
            ("push_lead", "Can send leads as another system"),
        ]
        indexes = [models.Index(fields=["state", "-received_at"], name="lead_state")]
        constraints = [
            models.UniqueConstraint("source", "external_id", name="lead_once"),
            models.CheckConstraint(
                name="lead_registered_has_case",
                condition=Q(state=LeadState.REGISTERED, case__isnull=False)
                | (~Q(state=LeadState.REGISTERED) & Q(case=None)),
            ),
            models.CheckConstraint(
                name="lead_refused_has_reason",
                condition=~Q(state=LeadState.REFUSED) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("intake:lead", args=[self.uid])
