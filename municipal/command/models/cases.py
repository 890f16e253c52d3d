"""The case: one problem from its report to its closing.  [CJJ/T 106]"""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from municipal.command.enums import CLOSED, OPEN, WITH_UNIT, Finding, Light, State
from municipal.command.visibility import visibility
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.models import Record

USER = settings.AUTH_USER_MODEL


class CaseSource(models.Model):
    """Where a report comes from.  [codes.md 17]"""

    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60)
    channel = models.CharField(_("channel"), max_length=12)
    needs_verification = models.CharField(_("verification"), max_length=6)

    class Meta:
        verbose_name = _("case source")
        verbose_name_plural = _("case sources")
        ordering = ("code",)

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english else self.name

    @property
    def is_public(self) -> bool:
        """Whether a citizen waits for an answer."""
        return self.channel == "public"


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases as somebody may see and look for them."""

    def visible_to(self, user: User) -> Self:
        """Cases inside the user's divisions, units, duty grids or grants."""
        return self.filter(visibility(user))

    def light(self, light: str, now: datetime) -> Self:
        """Cases whose present stage shows this light."""
        due = Q(red_at__lt=now)
        near = Q(warn_at__lt=now, red_at__gte=now)
        conditions = {Light.RED: due, Light.YELLOW: near}
        return self.filter(
            conditions.get(Light(light), Q(warn_at__gte=now)), state__in=OPEN
        )

    def running_late(self, now: datetime) -> Self:
        """Cases a unit should have finished, not yet marked so."""
        return self.filter(
            state__in=WITH_UNIT, handling_deadline__lt=now, overdue_at=None
        )


def light_of(
    state: str, warn_at: datetime | None, red_at: datetime | None, now: datetime
) -> str:
    """The light that a stage with these moments shows; "none" without a limit."""
    if red_at is None or warn_at is None or state not in OPEN:
        return "none"
    if now > red_at:
        return Light.RED.value
    return Light.YELLOW.value if now > warn_at else Light.GREEN.value


class Case(Record):
    """A problem in the city and what was done about it."""

    number = models.CharField(_("case number"), max_length=22, unique=True)
    task_number = models.CharField(_("task number"), max_length=12, blank=True)
    source = models.ForeignKey(
        CaseSource, on_delete=models.PROTECT, verbose_name=_("source")
    )
    reported_by = models.ForeignKey(
        USER,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reported_cases",
        verbose_name=_("registered by"),
    )
    reporter = models.CharField(_("reporter"), max_length=60, blank=True)
    contact = models.CharField(_("contact"), max_length=60, blank=True)

    edition = models.CharField(_("edition"), max_length=4)
    class_kind = models.CharField(_("class kind"), max_length=10)
    class_code = models.CharField(_("class code"), max_length=6)
    class_name = models.CharField(_("class"), max_length=60)
    condition = models.CharField(_("filing condition"), max_length=4, blank=True)
    description = models.TextField(_("description"), max_length=2000)

    address = models.CharField(_("address"), max_length=256, blank=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    cell = models.BigIntegerField(_("cell"))
    grid_code = models.CharField(_("unit grid"), max_length=15, blank=True)
    duty_grid = models.ForeignKey(
        "command.DutyGrid",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
        verbose_name=_("duty grid"),
    )
    division_code = models.CharField(_("district"), max_length=6)
    street_code = models.CharField(_("street"), max_length=9, blank=True)
    community_code = models.CharField(_("community"), max_length=12, blank=True)
    component_code = models.CharField(_("component"), max_length=17, blank=True)

    process = models.OneToOneField(
        "processes.ProcessInstance",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("process"),
    )
    state = models.CharField(_("state"), max_length=16, choices=State.choices)
    stage = models.PositiveSmallIntegerField(_("stage"))
    state_since = models.DateTimeField(_("in this state since"))
    deadline = models.DateTimeField(_("deadline of the stage"), null=True, blank=True)
    warn_at = models.DateTimeField(_("yellow from"), null=True, blank=True)
    red_at = models.DateTimeField(_("red from"), null=True, blank=True)
    sign_deadline = models.DateTimeField(
        _("deadline for signing"), null=True, blank=True
    )
    next_alert_at = models.DateTimeField(
        _("next warning"), null=True, blank=True, editable=False
    )

    reported_at = models.DateTimeField(_("reported at"))
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched at"), null=True, blank=True)
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    handling_unit = models.ForeignKey(
        "accounts.OrgUnit",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("handling unit"),
    )
    field_inspector = models.ForeignKey(
        USER,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="field_cases",
        verbose_name=_("inspector on site"),
    )

    limit_value = models.FloatField(_("limit"), null=True, blank=True)
    limit_unit = models.CharField(_("unit of the limit"), max_length=12, blank=True)
    extended_value = models.FloatField(_("extended by"), default=0)
    extension_asked = models.FloatField(_("extension asked"), null=True, blank=True)
    clock_started_at = models.DateTimeField(_("clock started"), null=True, blank=True)
    handling_deadline = models.DateTimeField(
        _("handling deadline"), null=True, blank=True
    )
    pauses = models.JSONField(_("pauses"), default=list, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("overdue since"), null=True, blank=True)
    on_time = models.BooleanField(_("handled in time"), null=True, blank=True)

    verify_finding = models.CharField(
        _("verification"), max_length=7, choices=Finding.choices, blank=True
    )
    check_finding = models.CharField(
        _("check"), max_length=7, choices=Finding.choices, blank=True
    )
    is_urgent = models.BooleanField(_("urgent"), default=False)
    is_important = models.BooleanField(_("important"), default=False)
    grade = models.CharField(_("grade of the limit"), max_length=1, blank=True)
    return_count = models.PositiveSmallIntegerField(_("returns"), default=0)
    rework_count = models.PositiveSmallIntegerField(_("reworks"), default=0)
    extend_count = models.PositiveSmallIntegerField(_("extensions"), default=0)
    urged_count = models.PositiveSmallIntegerField(_("urgings"), default=0)
    supervise_level = models.PositiveSmallIntegerField(_("supervision"), default=0)
    open_requests = models.PositiveSmallIntegerField(
        _("requests waiting"), default=0, editable=False
    )
    is_missed = models.BooleanField(_("missed by the inspector"), default=False)
    reopened_from = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reopened_as",
        verbose_name=_("reopened from"),
    )
    reopen_count = models.PositiveSmallIntegerField(_("reopenings"), default=0)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        db_index=False,
        verbose_name=_("main case"),
    )
    duplicate_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duplicates",
        db_index=False,
        verbose_name=_("duplicate of"),
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("-reported_at", "-id")
        permissions = [
            ("view_all_cases", "Can view all cases of the division"),
            ("report_case", "Can report a case"),
            ("accept_case", "Can accept a case"),
            ("verify_case", "Can verify a case on site"),
            ("file_case", "Can file a case"),
            ("dispatch_case", "Can dispatch a case"),
            ("handle_case", "Can handle a case"),
            ("check_case", "Can check a case on site"),
            ("close_case", "Can close a case"),
            ("force_close_case", "Can close a case by force"),
            ("view_reporter", "Can view reporter and contact"),
            ("export_case", "Can export cases"),
        ]
        indexes = [
            models.Index(F("reported_at").desc(), F("id").desc(), name="case_newest"),
            models.Index(
                "state", F("reported_at").desc(), F("id").desc(), name="case_state"
            ),
            models.Index(
                "handling_unit",
                F("reported_at").desc(),
                F("id").desc(),
                name="case_unit",
            ),
            models.Index(
                "division_code",
                F("reported_at").desc(),
                F("id").desc(),
                name="case_division",
            ),
            models.Index("class_code", "cell", name="case_near"),
            models.Index(
                "cell", name="case_open_cell", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index(
                "parent", name="case_parent", condition=Q(parent__isnull=False)
            ),
            models.Index(
                "duplicate_of",
                name="case_duplicate",
                condition=Q(duplicate_of__isnull=False),
            ),
            models.Index("state", "deadline", name="case_due"),
            models.Index("closed_at", name="case_closed"),
            # What fills the data standard reads on from the last change.
            models.Index("updated_at", "id", name="case_changed"),
            models.Index(
                "next_alert_at",
                name="case_alert",
                condition=Q(next_alert_at__isnull=False),
            ),
            models.Index(
                "component_code", name="case_component", condition=~Q(component_code="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "division_code",
                "task_number",
                name="case_task_number",
                condition=~Q(task_number=""),
            ),
            models.CheckConstraint(
                name="case_limit_has_unit",
                condition=Q(limit_value=None, limit_unit="")
                | (Q(limit_value__gt=0) & ~Q(limit_unit="")),
            ),
            models.CheckConstraint(
                name="case_closed_has_moment",
                condition=Q(state__in=CLOSED, closed_at__isnull=False)
                | (~Q(state__in=CLOSED) & Q(closed_at=None)),
            ),
            models.CheckConstraint(
                name="case_filed_has_task_number",
                condition=Q(filed_at=None, task_number="")
                | (Q(filed_at__isnull=False) & ~Q(task_number="")),
            ),
            models.CheckConstraint(
                name="case_dispatched_has_unit",
                condition=Q(dispatched_at=None) | Q(handling_unit__isnull=False),
            ),
            models.CheckConstraint(
                name="case_deadline_has_warning",
                condition=Q(deadline=None, warn_at=None)
                | Q(deadline__isnull=False, warn_at__lte=F("deadline")),
            ),
            models.CheckConstraint(
                name="case_not_reopened_from_itself",
                condition=Q(reopened_from=None) | ~Q(reopened_from=F("id")),
            ),
            models.CheckConstraint(
                name="case_not_its_own_duplicate",
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("command:case-detail", args=[self.uid])

    @property
    def title(self) -> str:
        """What and where, in one line."""
        return f"{self.class_name} {self.address}".strip()

    @property
    def state_name(self) -> str:
        """The state in the reader's words; quicker than `get_state_display`."""
        return str(State(self.state).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def light(self) -> str:
        """The light of the present stage, now."""
        return light_of(self.state, self.warn_at, self.red_at, clock.now())

    @property
    def remaining(self) -> timedelta | None:
        """Time left in this stage; negative when overdue."""
        return self.deadline - clock.now() if self.deadline else None

    @property
    def is_overdue(self) -> bool:
        return self.overdue_at is not None
