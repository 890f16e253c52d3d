"""Filters of tasks and assignments, for pages and the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from platform_core.regions.codes import prefix_of, range_q

from . import selectors
from .enums import AssignmentState, Category, Priority, SuperviseState, TaskState
from .models import Assignment, Task

LATE = (("true", _("Overdue")), ("false", _("Not overdue")))
SIDES = (("received", _("Received here")), ("issued", _("Issued by us")))


def within(rows: QuerySet, name: str, value: str) -> QuerySet:
    """A division and everything inside it."""
    digits = value if value.isdigit() else ""
    return rows.filter(range_q(prefix_of(digits), name)) if digits else rows.none()


def side(rows: Any, name: str, value: str) -> Any:
    """Which end of the assignment is here."""
    return rows.received_here() if value == "received" else rows.issued_here()


def late(rows: QuerySet, name: str, value: str) -> QuerySet:
    """Marked as overdue, or not."""
    return rows.filter(overdue=value == "true")


class TaskFilter(django_filters.FilterSet):
    """By state, category, priority."""

    state = django_filters.ChoiceFilter(
        choices=TaskState.choices, label=_("State"), empty_label=_("All states")
    )
    category = django_filters.ChoiceFilter(
        choices=Category.choices, label=_("Category"), empty_label=_("All categories")
    )
    priority = django_filters.ChoiceFilter(
        choices=Priority.choices, label=_("Priority"), empty_label=_("All priorities")
    )

    class Meta:
        model = Task
        fields: list[str] = []


class AssignmentFilter(django_filters.FilterSet):
    """By state, category, priority, division, overdue, supervision."""

    side = django_filters.ChoiceFilter(
        choices=SIDES, method=side, label=_("Side"), empty_label=_("Both sides")
    )
    state = django_filters.ChoiceFilter(
        choices=AssignmentState.choices, label=_("State"), empty_label=_("All states")
    )
    category = django_filters.ChoiceFilter(
        choices=Category.choices, label=_("Category"), empty_label=_("All categories")
    )
    priority = django_filters.ChoiceFilter(
        choices=Priority.choices, label=_("Priority"), empty_label=_("All priorities")
    )
    supervise_state = django_filters.ChoiceFilter(
        choices=SuperviseState.choices,
        label=_("Supervision"),
        empty_label=_("Supervised or not"),
    )
    overdue = django_filters.ChoiceFilter(
        choices=LATE, method=late, label=_("Overdue"), empty_label=_("Late or not")
    )
    division = django_filters.CharFilter(method=within, label=_("Division code"))
    number = django_filters.CharFilter(label=_("Number"))

    class Meta:
        model = Assignment
        fields: list[str] = []


class AssignmentPageFilter(AssignmentFilter):
    """The same for pages, with the divisions at hand to choose from."""

    division = django_filters.ChoiceFilter(
        method=within, label=_("Division"), empty_label=_("All divisions")
    )
    number = None

    def __init__(self, data=None, *args, request=None, **kwargs):
        super().__init__(data, *args, request=request, **kwargs)
        choices = selectors.division_choices(request.user)
        self.filters["division"].extra["choices"] = choices


class ReceivedFilter(AssignmentPageFilter):
    """Without the side, which the page has chosen."""

    side = None
