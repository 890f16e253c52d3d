"""Classes of components and matters in both editions, and when a case is filed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from platform_core.calendars.enums import Unit
from platform_core.common.models import TimeStamped

from .enums import CASE_KINDS, Confidence, Edition, Geometry, Kind, Origin


class ProblemClass(TimeStamped):
    """A subclass of the standard's catalogue, or one that a city added."""

    edition = models.CharField(_("edition"), max_length=4, choices=Edition.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=5)
    major_code = models.CharField(_("major class code"), max_length=2)
    major_name = models.CharField(_("major class"), max_length=40)
    major_name_en = models.CharField(_("major class in English"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, blank=True
    )
    geometry = models.CharField(
        _("geometry"), max_length=7, choices=Geometry.choices, blank=True
    )
    code_2013 = models.CharField(_("code of 2013"), max_length=4, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence.choices
    )

    class Meta:
        verbose_name = _("problem class")
        verbose_name_plural = _("problem classes")
        ordering = ["edition", "kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind", "code"], name="problemclass_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return _spoken(self.name, self.name_en)

    @property
    def major_label(self) -> str:
        """The major class in the reader's language."""
        return _spoken(self.major_name, self.major_name_en)

    @property
    def is_case_class(self) -> bool:
        """Whether a case may be filed under this class."""
        return self.kind in CASE_KINDS[Edition(self.edition)]


def _spoken(chinese: str, english: str) -> str:
    if english and (get_language() or "").startswith("en"):
        return english
    return chinese


class FilingCondition(TimeStamped):
    """One condition for filing, what closes it, and the time for handling."""

    problem_class = models.ForeignKey(
        ProblemClass,
        on_delete=models.CASCADE,
        related_name="conditions",
        verbose_name=_("problem class"),
    )
    number = models.CharField(_("number"), max_length=2)
    filing_condition = models.CharField(_("filing condition"), max_length=200)
    closing_condition = models.CharField(_("closing condition"), max_length=200)
    limit_value = models.PositiveSmallIntegerField(_("time limit"))
    limit_unit = models.CharField(
        _("unit of the limit"), max_length=12, choices=Unit.choices
    )
    grade = models.CharField(_("grade"), max_length=1, blank=True)
    department_type = models.CharField(_("responsible department type"), max_length=40)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence.choices
    )
    source = models.CharField(_("source"), max_length=60, blank=True)
    is_own = models.BooleanField(_("set by this platform"), default=False)

    class Meta:
        verbose_name = _("filing condition")
        verbose_name_plural = _("filing conditions")
        ordering = ["problem_class", "number", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["problem_class", "number", "grade"],
                name="filingcondition_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(limit_value__gt=0),
                name="filingcondition_limit_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_class.code}-{self.number}{self.grade}"


class CatalogueState(models.Model):
    """The one row that says which edition is in use and what was last changed."""

    ROW: ClassVar[int] = 1

    default_edition = models.CharField(
        _("default edition"),
        max_length=4,
        choices=Edition.choices,
        default=Edition.E2026,
    )
    version = models.CharField(_("version"), max_length=32)

    class Meta:
        verbose_name = _("state of the catalogue")
        verbose_name_plural = _("state of the catalogue")

    def __str__(self) -> str:
        return f"{self.default_edition} {self.version}"
