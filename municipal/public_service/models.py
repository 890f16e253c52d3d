"""What citizens asked for, and how they judge the result."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from municipal.command import selectors as command
from platform_core.common.models import TimeStamped

from .enums import Channel, Satisfaction

if TYPE_CHECKING:
    from platform_core.accounts.models import User


class ReturnVisitQuerySet(models.QuerySet["ReturnVisit"]):
    def visible_to(self, user: "User") -> "ReturnVisitQuerySet":
        """Visits whose case the user may see."""
        return self.filter(case__in=command.visible(user))


class PublicRequestQuerySet(models.QuerySet["PublicRequest"]):
    def visible_to(self, user: "User") -> "PublicRequestQuerySet":
        """Requests whose case the user may see."""
        return self.filter(case__in=command.visible(user))


class PublicRequest(TimeStamped):
    """A citizen's request; its work is done in the case it opened.  [PS-02, PS-04]"""

    query_code = models.CharField(_("query code"), max_length=12, unique=True)
    case = models.OneToOneField(
        "command.Case", on_delete=models.PROTECT, related_name="public_request"
    )
    channel = models.CharField(_("channel"), max_length=2, choices=Channel.choices)
    satisfaction = models.CharField(
        _("satisfaction"), max_length=16, choices=Satisfaction.choices, blank=True
    )
    comment = models.TextField(_("comment"), blank=True)
    rated_at = models.DateTimeField(_("rated at"), null=True, blank=True)
    # The operator who asked on the phone; nobody where the citizen answered the page.
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("operator"),
    )

    objects = PublicRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["-created_at"], name="request_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(satisfaction="", rated_at=None)
                | ~models.Q(satisfaction="") & models.Q(rated_at__isnull=False),
                name="request_rated_with_moment",
            )
        ]
        verbose_name = _("public request")
        verbose_name_plural = _("public requests")

    def __str__(self) -> str:
        return self.case.number


class ReturnVisit(TimeStamped):
    """What a citizen without a query code said on the phone about the result.

    Whoever reported by the page or the app has a request, which keeps the verdict.
    """

    case = models.OneToOneField(
        "command.Case", on_delete=models.PROTECT, related_name="return_visit"
    )
    satisfaction = models.CharField(
        _("satisfaction"), max_length=16, choices=Satisfaction.choices
    )
    comment = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("operator"),
    )
    at = models.DateTimeField(_("at"))

    objects = ReturnVisitQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        permissions = [("record_visit", "Can record return visits")]
        verbose_name = _("return visit")
        verbose_name_plural = _("return visits")

    def __str__(self) -> str:
        return self.case.number
