"""Grids over the unit grids, and how the unit grids change by versions.

[GB/T 30428.1, GB/T 47678.3]
"""

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from platform_core.common.models import TimeStamped

USER = settings.AUTH_USER_MODEL


class AreaKind(models.TextChoices):
    """What several unit grids are put together for."""

    MANAGEMENT = "G", _("Management grid")
    EVALUATION = "P", _("Evaluation grid")
    EXTENDED = "K", _("Extended grid")


class AreaGrid(TimeStamped):
    """Unit grids put together for upkeep, evaluation or something of the city's own."""

    code = models.CharField(
        _("code"),
        max_length=16,
        unique=True,
        validators=[RegexValidator(r"^\d{12}[GPK]\d{3}$")],
    )
    kind = models.CharField(_("kind of grid"), max_length=1, choices=AreaKind.choices)
    name = models.CharField(_("name"), max_length=100)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible unit"),
    )
    unit_grids = models.ManyToManyField(
        "command.UnitGrid", related_name="area_grids", verbose_name=_("unit grids")
    )
    is_sample = models.BooleanField(_("generated sample"), default=False)

    class Meta:
        verbose_name = _("grid of several unit grids")
        verbose_name_plural = _("grids of several unit grids")
        ordering = ("code",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class VersionState(models.TextChoices):
    """How far a version of the grids is."""

    DRAFT = "draft", pgettext_lazy("grids", "Draft")
    PUBLISHED = "published", pgettext_lazy("grids", "Published")
    ROLLED_BACK = "rolled", pgettext_lazy("grids", "Rolled back")


class GridVersion(TimeStamped):
    """A set of changes of unit grids that becomes valid at once."""

    number = models.PositiveIntegerField(_("version"), null=True, unique=True)
    title = models.CharField(_("title"), max_length=100)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=VersionState.choices,
        default=VersionState.DRAFT,
    )
    tolerance = models.FloatField(
        _("tolerance in square metres"),
        default=10,
        help_text=_("Overlaps and gaps up to this size are taken as drawn inexactly."),
    )
    note = models.CharField(_("remark"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    published_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    effective_on = models.DateField(_("effective on"), null=True)

    class Meta:
        verbose_name = _("version of the grids")
        verbose_name_plural = _("versions of the grids")
        ordering = ("-pk",)
        default_permissions = ("view",)
        permissions = [
            ("edit_grids", "Can draw unit grids"),
            ("publish_grids", "Can publish and roll back unit grids"),
        ]

    def __str__(self) -> str:
        return f"{self.number or ''} {self.title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("basedata:grid-version", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT


class GridEdit(models.Model):
    """A unit grid that a version adds or retires; codes are never given twice."""

    ADD, RETIRE = "add", "retire"
    WORKS: Any = [(ADD, _("Added grid")), (RETIRE, _("Retired grid"))]

    version = models.ForeignKey(GridVersion, models.CASCADE, related_name="edits")
    work = models.CharField(_("change"), max_length=6, choices=WORKS)
    code = models.CharField(_("unit grid"), max_length=15)
    geometry = models.JSONField(_("geometry"), null=True)
    area = models.FloatField(_("area in square metres"), default=0)
    duty_grid = models.ForeignKey(
        "command.DutyGrid",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("duty grid"),
    )
    replaces = models.JSONField(_("replaces"), default=list)

    class Meta:
        verbose_name = _("change of a unit grid")
        verbose_name_plural = _("changes of unit grids")
        ordering = ("pk",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code", "work"], name="grid_edit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_work_display()} {self.code}"
