"""Proposed changes and what things were before.  [CJJ/T 106: data update]"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.basedata.enums import Change, Origin, ProposalState
from municipal.command.models import Component
from platform_core.accounts.models import User
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped
from platform_core.regions.codes import range_q

from .layers import LayerFeature

NOTHING = Q(pk__in=[])


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals as somebody may see them."""

    def visible_to(self, user: User) -> "ProposalQuerySet":
        """One's own; those of the own divisions for who reviews."""
        if user.has_perm("basedata.review_change"):
            inside = range_q(user.division_prefix[:6], "division_code")
            return self.filter(inside | Q(proposed_by=user.pk))
        return self.filter(proposed_by=user.pk)

    def pending(self) -> "ProposalQuerySet":
        """Those that wait for review."""
        return self.filter(state=ProposalState.PENDING)


class Proposal(TimeStamped):
    """A change that somebody proposes and somebody else decides about."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    change = models.CharField(_("change"), max_length=9, choices=Change.choices)
    origin = models.CharField(
        _("found by"), max_length=6, choices=Origin.choices, default=Origin.OFFICE
    )
    component = models.ForeignKey(
        Component,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("component"),
    )
    feature = models.ForeignKey(
        LayerFeature,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("feature of a layer"),
    )
    subject = models.CharField(max_length=20)
    title = models.CharField(_("subject"), max_length=120)
    division_code = models.CharField(_("district"), max_length=12)
    base_revision = models.PositiveIntegerField(_("revision"), default=0)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ProposalState.choices,
        default=ProposalState.PENDING,
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    review_note = models.CharField(_("opinion"), max_length=300, blank=True)
    campaign = models.ForeignKey(
        "basedata.Campaign",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("survey"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ("-pk",)
        permissions = [
            ("propose_change", "Can propose changes of base data"),
            ("review_change", "Can review and publish changes of base data"),
            ("import_data", "Can import base data"),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="proposal_state")]

    def __str__(self) -> str:
        return f"{self.get_change_display()} · {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("basedata:proposal-detail", args=[self.uid])

    @property
    def target(self) -> Component | LayerFeature | None:
        """What is to be changed; None before something new is published."""
        return self.component or self.feature

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Before and after of every value that differs."""
        names = [
            *self.before,
            *(name for name in self.after if name not in self.before),
        ]
        return {
            name: (self.before.get(name), self.after.get(name))
            for name in names
            if self.before.get(name) != self.after.get(name)
        }


class PastRevision(models.Model):
    """How something was until it was changed, and by what it was changed."""

    component = models.ForeignKey(
        Component, models.CASCADE, null=True, related_name="past"
    )
    feature = models.ForeignKey(
        LayerFeature, models.CASCADE, null=True, related_name="past"
    )
    number = models.PositiveIntegerField(_("revision"))
    values = models.JSONField(_("before"))
    until = models.DateTimeField(_("until"))
    change = models.CharField(_("change"), max_length=9, choices=Change.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("past revision")
        verbose_name_plural = _("past revisions")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=["component", "number"], name="past_component_unique"
            ),
            models.UniqueConstraint(
                fields=["feature", "number"], name="past_feature_unique"
            ),
            models.CheckConstraint(
                name="past_of_one",
                condition=Q(component=None) ^ Q(feature=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
