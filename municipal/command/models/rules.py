"""What a city decides about its cases: rules by version, and graded areas."""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import Grade, RulesStatus
from platform_core.common.models import TimeStamped


class CaseRules(TimeStamped):
    """One version of the rules of case handling; only a draft may be changed."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    body = models.JSONField(_("rules"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=RulesStatus.choices,
        default=RulesStatus.DRAFT,
    )
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("case rules")
        verbose_name_plural = _("case rules")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="published"),
                name="one_rules_in_force",
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=models.Q(status="draft"),
                name="one_rules_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("command:rules", args=[self.version])

    @property
    def is_draft(self) -> bool:
        return self.status == RulesStatus.DRAFT

    def same_as(self, body: dict[str, Any]) -> bool:
        """Whether these rules say the same."""
        return bool(self.body == body)


class GradedArea(TimeStamped):
    """Where time limits are shorter or longer.  [GB/T 30428.8, codes.md 13]"""

    code = models.CharField(
        _("district, street or community"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^(\d{6}|\d{9}|\d{12})$")],
    )
    grade = models.CharField(
        _("grade of the area"), max_length=1, choices=Grade.choices
    )

    class Meta:
        verbose_name = _("graded area")
        verbose_name_plural = _("graded areas")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.grade}"
