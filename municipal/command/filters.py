"""Filters of cases, one declaration for pages and API."""

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from municipal.command import selectors
from municipal.command.enums import OPEN, Light, State
from municipal.command.models import Case, CaseQuerySet, CaseSource
from platform_core.common import clock
from platform_core.regions import selectors as regions
from platform_core.regions.enums import Level

DAY = forms.DateInput(attrs={"type": "date"})


def districts() -> list[tuple[str, str]]:
    """The districts of the city."""
    own = regions.own_division().code
    return [(row.code, row.label) for row in regions.inside(own, Level.COUNTY)]


class CaseFilter(filters.FilterSet):
    """What people narrow a list of cases by."""

    state = filters.MultipleChoiceFilter(
        label=_("State"), choices=State.choices, distinct=False
    )
    light = filters.ChoiceFilter(
        label=_("Light"),
        choices=Light.choices,
        method="by_light",
        empty_label=_("All"),
    )
    division = filters.ChoiceFilter(
        label=_("District"),
        choices=districts,
        field_name="division_code",
        empty_label=_("All"),
    )
    source = filters.ModelChoiceFilter(
        label=_("Source"),
        queryset=CaseSource.objects.all(),
        empty_label=_("All"),
    )
    unit = filters.ModelChoiceFilter(
        label=_("Handling unit"),
        field_name="handling_unit",
        queryset=lambda request: selectors.handling_units(),
        to_field_name="code",
        empty_label=_("All"),
    )
    class_code = filters.CharFilter(
        label=_("Class code"), field_name="class_code", lookup_expr="startswith"
    )
    reported_from = filters.DateFilter(
        label=_("Reported from"),
        field_name="reported_at",
        lookup_expr="date__gte",
        widget=DAY,
    )
    reported_to = filters.DateFilter(
        label=_("Reported until"),
        field_name="reported_at",
        lookup_expr="date__lte",
        widget=DAY,
    )
    open = filters.BooleanFilter(label=_("Open"), method="by_open")
    overdue = filters.BooleanFilter(
        label=_("Overdue"), field_name="overdue_at", lookup_expr="isnull", exclude=True
    )
    q = filters.CharFilter(label=_("Search"), method="by_text")

    class Meta:
        model = Case
        fields = ("state", "light", "division", "source", "unit")

    def by_light(self, rows: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        return rows.light(value, clock.now())

    def by_open(self, rows: CaseQuerySet, name: str, value: bool) -> QuerySet[Case]:
        return rows.filter(state__in=OPEN) if value else rows.exclude(state__in=OPEN)

    def by_text(self, rows: CaseQuerySet, name: str, value: str) -> QuerySet[Case]:
        return rows.filter(
            Q(number__startswith=value)
            | Q(task_number__startswith=value)
            | Q(address__icontains=value)
            | Q(class_name__icontains=value)
            | Q(description__icontains=value)
        )
