"""Applications for the use of a resource."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exchange.aggregation.catalogue.enums import UseState
from exchange.delivery.models import Peer
from exchange.feeds.models import Subscription
from platform_core.accounts.models import OrgUnit, User
from platform_core.accounts.scoping import unit_q
from platform_core.common.ids import uuid7
from platform_core.common.models import TimeStamped

from .resources import Resource


class UseQuerySet(models.QuerySet[Any]):
    """Applications as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """One's own unit's, those for its resources, all for who decides."""
        if user.has_perm("catalogue.decide_use"):
            return self.all()
        mine = Q(applicant=user.pk) | unit_q(user)
        return self.filter(mine | unit_q(user, "resource__unit__path"))

    def in_force(self, day: date) -> Self:
        """Approved ones of whose period the day is part."""
        return self.filter(
            state=UseState.APPROVED, starts_on__lte=day, ends_on__gte=day
        )


class Use(TimeStamped):
    """A unit asks for a resource, for a purpose and a time; perhaps for a platform."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    resource = models.ForeignKey(
        Resource, models.PROTECT, related_name="uses", verbose_name=_("Resource")
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("Applicant"),
    )
    unit = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("Unit"),
    )
    purpose = models.CharField(_("Purpose"), max_length=500)
    starts_on = models.DateField(pgettext_lazy("period", "From"))
    ends_on = models.DateField(_("Until"))
    peer = models.ForeignKey(
        Peer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Platform that receives it"),
    )
    mode = models.CharField(_("Way"), max_length=4, blank=True)
    state = models.CharField(
        _("State"), max_length=8, choices=UseState, default=UseState.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Decided by"),
    )
    decided_at = models.DateTimeField(_("Decided"), null=True)
    reason = models.CharField(_("Reason"), max_length=300, blank=True)
    subscription = models.ForeignKey(
        Subscription,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("Subscription"),
    )

    objects = UseQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for use")
        verbose_name_plural = _("applications for use")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="use_ends_after_it_starts",
            )
        ]
        permissions = [
            ("apply_use", "Can apply for the use of resources"),
            ("decide_use", "Can decide on applications for use"),
        ]

    def __str__(self) -> str:
        return f"{self.resource.title} · {self.unit or self.applicant}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:use", args=[self.uid])
