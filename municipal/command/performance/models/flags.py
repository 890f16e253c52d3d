"""Flags of single steps and their sums by day.  [GB/T 30428.4, functions.md CC-60]"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from municipal.command.performance import scopes
from municipal.command.performance.enums import ObjectKind, RowKind
from municipal.command.performance.measures import STORED
from platform_core.accounts.models import User
from platform_core.common import clock

USER = settings.AUTH_USER_MODEL
UNIT = "accounts.OrgUnit"


def _subject(to: str, name: object) -> "models.ForeignKey[Any, Any]":
    """Whom a flag counts for; the case beside it sees to it that they exist."""
    return models.ForeignKey(
        to,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=name,  # type: ignore[arg-type]
    )


class FlagQuerySet(models.QuerySet["StepFlags"]):
    """Flags as somebody may see them."""

    def visible_to(self, user: User) -> Self:
        """Flags of the areas, units and people whose counts somebody may see."""
        return self.filter(scopes.flags(user))

    def counted(self, kind: ObjectKind) -> Self:
        """Rows that are part of the sums of a kind of object."""
        taken_out = F("exempt").bitand(1 << list(ObjectKind).index(kind))
        return self.alias(taken_out=taken_out).filter(summed=True, taken_out=0)


class StepFlags(models.Model):
    """What one step counts as, 0 or 1 each, and for which area, unit and people.

    NULL is 0: most flags are, and take no space.  `row` tells a step's row from
    that of a case still waiting when a day was over, or of a visit.  A `stale` row
    is taken out of the sums and its case written anew by the beat.
    """

    row = models.CharField(
        _("kind of row"), max_length=7, choices=RowKind.choices, default=RowKind.STEP
    )
    case = models.ForeignKey(
        "command.Case", models.CASCADE, related_name="+", verbose_name=_("case")
    )
    step = models.OneToOneField(
        "processes.ProcessStep",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("process step"),
    )
    at = models.DateTimeField(_("counted at"))
    day = models.DateField(_("date"))
    action = models.CharField(_("action"), max_length=40, blank=True)

    grid_code = models.CharField(_("unit grid"), max_length=15, blank=True)
    community_code = models.CharField(_("community"), max_length=12, blank=True)
    street_code = models.CharField(_("street"), max_length=9, blank=True)
    division_code = models.CharField(_("district"), max_length=6)
    duty_grid = _subject("command.DutyGrid", _("duty grid"))
    unit = _subject(UNIT, _("handling unit"))
    supervisor = _subject(USER, _("inspector"))
    company = _subject(UNIT, _("collection company"))
    acceptor = _subject(USER, _("seat operator"))
    leader = _subject(USER, _("shift leader"))
    dispatcher = _subject(USER, _("dispatcher"))

    edition = models.CharField(_("edition"), max_length=4)
    class_kind = models.CharField(_("class kind"), max_length=10)
    class_code = models.CharField(_("class code"), max_length=6)
    source = models.CharField(_("source"), max_length=2)

    exempt = models.PositiveSmallIntegerField(_("not assessed for"), default=0)
    summed = models.BooleanField(_("in the sums"), default=False)
    stale = models.BooleanField(_("to be written anew"), default=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flags of a step")
        verbose_name_plural = _("flags of steps")
        ordering = ("-at", "-id")
        permissions = [("view_counts", "Can view counts of performance")]
        indexes = [
            models.Index("id", name="flags_new", condition=Q(summed=False)),
            models.Index("case", name="flags_stale", condition=Q(stale=True)),
            models.Index("division_code", "day", name="flags_district"),
            models.Index("community_code", "day", name="flags_community"),
            *(
                models.Index(
                    name,
                    "day",
                    name=f"flags_{name}",
                    condition=Q(**{f"{name}__isnull": False}),
                )
                for name in ("unit", "supervisor", "acceptor", "leader", "dispatcher")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "case",
                "day",
                name="flags_waiting_once",
                condition=Q(row=RowKind.WAITING),
            ),
            models.CheckConstraint(
                name="flags_of_a_step_have_it",
                condition=~Q(row=RowKind.STEP) | Q(step__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action} {self.day}"

    @property
    def codes(self) -> list[str]:
        """The flags that are set."""
        return [name for name in STORED if getattr(self, name)]


class RollUp(models.Model):
    """The flags of a day, added up for an object and a major class; NULL is none."""

    day = models.DateField(_("date"))
    kind = models.CharField(
        _("kind of object"), max_length=10, choices=ObjectKind.choices
    )
    key = models.CharField(_("object"), max_length=20)
    edition = models.CharField(_("edition"), max_length=4)
    class_kind = models.CharField(_("class kind"), max_length=10)
    class_major = models.CharField(_("major class"), max_length=2)

    class Meta:
        verbose_name = _("sums of a day")
        verbose_name_plural = _("sums of days")
        indexes = [models.Index("kind", "key", "day", name="rollup_of_object")]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "kind",
                    "day",
                    "key",
                    "edition",
                    "class_kind",
                    "class_major",
                ],
                name="one_rollup",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}"


for name in STORED:
    StepFlags.add_to_class(name, models.BooleanField(null=True))
    RollUp.add_to_class(name, models.IntegerField(null=True))


class ClosedDay(models.Model):
    """A day at whose end the waiting cases were written."""

    day = models.DateField(_("date"), unique=True)
    cases = models.PositiveIntegerField(_("waiting cases"))
    at = models.DateTimeField(_("closed at night"), default=clock.now)

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ("-day",)

    def __str__(self) -> str:
        return str(self.day)


class Exemption(models.Model):
    """A case that does not count in the assessment of some kinds of objects."""

    case = models.ForeignKey(
        "command.Case", models.CASCADE, related_name="+", verbose_name=_("case")
    )
    kinds = models.JSONField(_("exempt as"), default=list)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    at = models.DateTimeField(_("decided at"), default=clock.now)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                "case", name="one_exemption_in_force", condition=Q(lifted_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.reason}"
