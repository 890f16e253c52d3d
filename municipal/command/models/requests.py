"""What is asked for beside the main way of a case, and what was warned about."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import RequestKind, RequestStatus
from platform_core.accounts.models import User
from platform_core.common.models import Record

from .cases import Case

USER = settings.AUTH_USER_MODEL


class CaseRequestQuerySet(models.QuerySet["CaseRequest"]):
    """Requests as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """Requests about cases that the user may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def pending(self) -> Self:
        """Requests that nobody decided yet."""
        return self.filter(status=RequestStatus.PENDING)


class CaseRequest(Record):
    """Somebody asks, somebody else decides.  [functions.md CC-23]"""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="requests", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RequestKind.choices)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=RequestStatus.choices,
        default=RequestStatus.PENDING,
    )
    asked_by = models.ForeignKey(
        USER,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asking unit"),
    )
    asked_at = models.DateTimeField(_("asked at"))
    reason = models.TextField(_("why it is asked"), max_length=2000)
    value = models.FloatField(_("extension asked"), null=True, blank=True)
    until = models.DateTimeField(_("asked until"), null=True, blank=True)
    suggested_unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("suggested unit"),
    )
    decided_by = models.ForeignKey(
        USER,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    opinion = models.TextField(_("opinion"), max_length=2000, blank=True)
    is_final = models.BooleanField(_("final decision"), default=False)

    objects = CaseRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about a case")
        verbose_name_plural = _("requests about cases")
        ordering = ("-asked_at", "-id")
        permissions = [("decide_request", "Can decide on requests about cases")]
        indexes = [models.Index("status", "kind", "asked_at", name="request_waiting")]
        constraints = [
            models.UniqueConstraint(
                "case",
                "kind",
                condition=Q(status="pending"),
                name="request_one_pending_of_a_kind",
            ),
            models.CheckConstraint(
                name="request_decided_has_moment",
                condition=Q(status="pending", decided_at=None)
                | (~Q(status="pending") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.case.number}"

    def get_absolute_url(self) -> str:
        return reverse("command:case-detail", args=[self.case.uid])

    @property
    def is_pending(self) -> bool:
        return self.status == RequestStatus.PENDING


class CaseAlert(models.Model):
    """A warning or escalation that was sent; the constraint keeps it to one."""

    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="alerts", verbose_name=_("case")
    )
    clock = models.CharField(_("clock"), max_length=40)
    share = models.DecimalField(_("share of the limit"), max_digits=6, decimal_places=3)
    role = models.CharField(_("role"), max_length=40)
    deadline = models.DateTimeField(_("deadline"))
    level = models.CharField(_("level"), max_length=10)
    due_at = models.DateTimeField(_("due at"))
    sent_at = models.DateTimeField(_("sent at"))
    told = models.PositiveSmallIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ("sent_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "deadline", "share", "role"],
                name="alert_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} {self.share:g} {self.role}"

    @property
    def percent(self) -> int:
        return int(self.share * Decimal(100))


class CaseFollow(models.Model):
    """Somebody keeps an eye on a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("followed case")
        verbose_name_plural = _("followed cases")
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="follow_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.case_id}"
