"""Filters of the lists of field work."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from .enums import AttendanceState, LeaveKind, LeaveState, MarkKind
from .models import Attendance, Leave, Mark, WorkLog


class DaysFilter(django_filters.FilterSet):
    """From one day to another."""

    since = django_filters.DateFilter("day", "gte", label=_("From day"))
    until = django_filters.DateFilter("day", "lte", label=_("To day"))


class AttendanceFilter(DaysFilter):
    """By day, state, and what was not as planned."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=AttendanceState.choices
    )
    wrong = django_filters.ChoiceFilter(
        label=_("Not as planned"),
        method="filter_wrong",
        choices=(
            ("late", _("Late")),
            ("early", _("Left early")),
            ("outside", _("Clocked in outside the area")),
        ),
    )

    class Meta:
        model = Attendance
        fields = ("state",)

    def filter_wrong(
        self, rows: QuerySet[Attendance], name: str, value: str
    ) -> QuerySet[Attendance]:
        """One kind of fault."""
        fault = {
            "late": {"late_minutes__gt": 0},
            "early": {"early_minutes__gt": 0},
            "outside": {"in_metres__gt": 0},
        }
        return rows.filter(**fault[value])


class LeaveFilter(django_filters.FilterSet):
    """By state and kind."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=LeaveState.choices)
    kind = django_filters.ChoiceFilter(
        label=_("Kind of leave"), choices=LeaveKind.choices
    )

    class Meta:
        model = Leave
        fields = ("state", "kind")


class MarkFilter(django_filters.FilterSet):
    """By kind, day, and whether it still is so."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MarkKind.choices)
    since = django_filters.DateFilter("duty__day", "gte", label=_("From day"))
    until = django_filters.DateFilter("duty__day", "lte", label=_("To day"))
    running = django_filters.BooleanFilter("ends_at", "isnull", label=_("Still so"))

    class Meta:
        model = Mark
        fields = ("kind",)


class LogFilter(DaysFilter):
    """By day."""

    class Meta:
        model = WorkLog
        fields: tuple[str, ...] = ()
