"""Who is in charge of what: rules, learnt counts, choices, suggestions."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import PlaceKind, SuggestionState
from platform_core.classification.enums import Kind
from platform_core.common.models import TimeStamped

MANAGE = "collaboration.manage_duty"


class ManagedQuerySet(models.QuerySet[Any]):
    """Rows that administrators of duty see, and nobody else."""

    def visible_to(self, user: Any) -> Self:
        """All rows with the permission, none without."""
        return self.all() if user.has_perm(MANAGE) else self.none()


class DutyRuleQuerySet(ManagedQuerySet):
    """Rules as they apply."""

    def valid_on(self, day: date) -> Self:
        """Rules that apply on a day."""
        ended = Q(valid_to__isnull=False, valid_to__lt=day)
        return self.filter(is_active=True, valid_from__lte=day).exclude(ended)


class DutyRule(TimeStamped):
    """A class or its prefix, a place and an owner belong to a unit.

    `class_prefix` empty means every class. `owner` narrows to components that
    this unit maintains or manages. Of two rules that fit, the one with the
    higher priority wins, then the narrower one.
    """

    class_kind = models.CharField(
        _("class kind"), max_length=10, choices=Kind.choices, blank=True
    )
    class_prefix = models.CharField(_("class or prefix"), max_length=6, blank=True)
    place_kind = models.CharField(
        _("place"),
        max_length=8,
        choices=PlaceKind.choices,
        default=PlaceKind.CITY,
    )
    place_code = models.CharField(_("code of the place"), max_length=15, blank=True)
    geometry = models.JSONField(_("drawn area"), null=True, blank=True)
    owner = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner of the component"),
    )
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="duty_rules",
        verbose_name=_("unit in charge"),
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=50)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of duty")
        verbose_name_plural = _("rules of duty")
        ordering = ("class_prefix", "-priority", "pk")
        permissions = [("manage_duty", "Can manage rules of duty")]
        indexes = [models.Index("class_prefix", "is_active", name="duty_class")]
        constraints = [
            models.CheckConstraint(
                name="duty_period_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="duty_place_complete",
                condition=Q(place_kind="city", place_code="")
                | Q(place_kind="polygon", geometry__isnull=False)
                | (
                    Q(place_kind__in=("district", "street", "grid")) & ~Q(place_code="")
                ),
            ),
        ]

    def __str__(self) -> str:
        place = self.place_code or self.get_place_kind_display()
        return f"{self.class_prefix or '*'} × {place} → {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("collaboration:rule-detail", args=[self.pk])


class DutyRevision(models.Model):
    """What a rule said at some time, and who changed it."""

    rule = models.ForeignKey(DutyRule, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("revision"))
    values = models.JSONField(_("values"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("revision of a rule")
        verbose_name_plural = _("revisions of rules")
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint("rule", "number", name="duty_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} r{self.number}"


class DepartmentType(models.Model):
    """Which unit a department type of the filing conditions means, by district."""

    name = models.CharField(_("department type"), max_length=40)
    division_code = models.CharField(_("district"), max_length=6, blank=True)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("unit in charge"),
    )

    objects = ManagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("department type")
        verbose_name_plural = _("department types")
        ordering = ("name", "division_code")
        constraints = [
            models.UniqueConstraint(
                "name", "division_code", name="department_type_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.unit}"


class DutyCount(models.Model):
    """How often a unit was given a class in a street on a day.

    Written with each dispatch, so that nobody ever counts cases. A row with an
    empty street counts the whole city.
    """

    class_kind = models.CharField(max_length=10)
    class_code = models.CharField(max_length=6)
    street_code = models.CharField(max_length=9, blank=True)
    unit = models.ForeignKey("accounts.OrgUnit", models.CASCADE, related_name="+")
    day = models.DateField()
    cases = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of duty")
        verbose_name_plural = _("counts of duty")
        constraints = [
            models.UniqueConstraint(
                "class_code",
                "class_kind",
                "street_code",
                "day",
                "unit",
                name="duty_count_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_code} {self.street_code} {self.unit_id} {self.cases}"


class DutyChoice(models.Model):
    """A dispatch against the recommendation, and why."""

    case = models.ForeignKey("command.Case", models.CASCADE, related_name="+")
    class_kind = models.CharField(max_length=10)
    class_code = models.CharField(_("class code"), max_length=6)
    street_code = models.CharField(_("street"), max_length=9, blank=True)
    recommended = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("recommended unit"),
    )
    confidence = models.FloatField(_("confidence"))
    chosen = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("chosen unit"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    objects = ManagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        ordering = ("-pk",)
        indexes = [
            models.Index("class_code", "street_code", "chosen", name="duty_choice")
        ]

    def __str__(self) -> str:
        return f"{self.class_code} {self.recommended_id} → {self.chosen_id}"


class DutySuggestion(TimeStamped):
    """A rule that dispatchers follow though nobody wrote it down."""

    class_kind = models.CharField(_("class kind"), max_length=10)
    class_code = models.CharField(_("class code"), max_length=6)
    street_code = models.CharField(_("street"), max_length=9, blank=True)
    unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="+",
        verbose_name=_("unit in charge"),
    )
    overrides = models.PositiveIntegerField(_("overrides"), default=0)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=SuggestionState.choices,
        default=SuggestionState.OPEN,
    )
    rule = models.ForeignKey(
        DutyRule, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ManagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested rule")
        verbose_name_plural = _("suggested rules")
        ordering = ("-overrides", "pk")
        constraints = [
            models.UniqueConstraint(
                "class_kind",
                "class_code",
                "street_code",
                "unit",
                name="duty_suggestion_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_code} × {self.street_code or '*'} → {self.unit}"


class AutoDispatch(TimeStamped):
    """Whether the platform dispatches a class by itself, and how sure it must be."""

    class_kind = models.CharField(_("class kind"), max_length=10, choices=Kind.choices)
    class_code = models.CharField(_("class code"), max_length=6)
    is_on = models.BooleanField(_("dispatched by the platform"), default=True)
    least = models.FloatField(_("least confidence"), default=0.9)

    objects = ManagedQuerySet.as_manager()

    class Meta:
        verbose_name = _("automatic dispatch")
        verbose_name_plural = _("automatic dispatch")
        ordering = ("class_kind", "class_code")
        constraints = [
            models.UniqueConstraint(
                "class_kind", "class_code", name="auto_dispatch_once"
            ),
            models.CheckConstraint(
                name="auto_dispatch_share", condition=Q(least__gt=0, least__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_kind} {self.class_code}"
