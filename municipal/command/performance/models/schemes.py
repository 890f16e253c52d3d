"""Schemes of evaluation and the timetable of runs, both by version."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipal.command.performance import documents
from municipal.command.performance.enums import VersionState
from municipal.command.performance.scoring import Plan
from platform_core.common.models import TimeStamped

DRAFT, PUBLISHED = Q(status=VersionState.DRAFT), Q(status=VersionState.PUBLISHED)


class Versioned(TimeStamped):
    """A document by version; only a draft may be changed."""

    version = models.PositiveIntegerField(_("version"))
    body = models.JSONField(_("contents"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
    )
    note = models.CharField(_("what was changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.status == VersionState.DRAFT


class SchemeQuerySet(models.QuerySet["Scheme"]):
    """Versions of schemes."""

    def valid_on(self, day: date) -> Self:
        """Published versions that have begun, the newest first."""
        found = self.exclude(DRAFT).filter(effective_from__lte=day)
        return found.order_by("-effective_from", "-published_at", "-pk")


class Scheme(Versioned):
    """Indicators, weights, bands, grades and groups for kinds of objects."""

    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kinds = models.JSONField(_("objects"), default=list)
    effective_from = models.DateField(_("effective from"), null=True, blank=True)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation scheme")
        verbose_name_plural = _("evaluation schemes")
        ordering = ("code", "-version")
        constraints = [
            models.UniqueConstraint("code", "version", name="scheme_version"),
            models.UniqueConstraint("code", name="scheme_one_draft", condition=DRAFT),
            models.UniqueConstraint(
                "code",
                "effective_from",
                name="scheme_one_per_day",
                condition=PUBLISHED,
            ),
            models.CheckConstraint(
                name="scheme_published_begins",
                condition=DRAFT | Q(effective_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("performance:scheme", args=[self.pk])

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _named(self.name, self.name_en)

    @property
    def plan(self) -> Plan:
        """What the scoring functions need."""
        return documents.plan(self.body)

    def names(self) -> dict[str, str]:
        """The indicators' names in the reader's language, by code."""
        return {
            row["code"]: _named(row["name"], row.get("name_en", ""))
            for row in self.body["indicators"]
        }

    def group_of(self, unit_code: str) -> str:
        """The group that a department belongs to; empty for none."""
        for group in self.body.get("groups", ()):
            if unit_code in group["members"]:
                return str(group["code"])
        return ""

    def group_names(self) -> dict[str, str]:
        """The groups' names by code."""
        return {row["code"]: row["name"] for row in self.body.get("groups", ())}


def _named(name: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else name


class Timetable(Versioned):
    """When runs are made by themselves, and the days of publicity and reviews."""

    class Meta:
        verbose_name = _("timetable of evaluation")
        verbose_name_plural = _("timetables of evaluation")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint("version", name="timetable_version"),
            models.UniqueConstraint(
                "status", name="timetable_one_draft", condition=DRAFT
            ),
            models.UniqueConstraint(
                "status", name="timetable_one_in_force", condition=PUBLISHED
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("performance:timetable-list")

    @property
    def runs(self) -> list[dict[str, Any]]:
        """Pairs of kind and period that are evaluated by themselves."""
        return list(self.body["runs"])
