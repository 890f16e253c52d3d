"""Filters of figures and digests, for the API and the pages."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from platform_core.systems.monitoring import selectors
from platform_core.systems.monitoring.enums import CaseSource, CaseStage, CaseState
from platform_core.systems.monitoring.models import (
    CaseDigest,
    Indicator,
    IndicatorValue,
)


def within(rows: QuerySet, name: str, value: str) -> QuerySet:
    """A division and everything inside it."""
    return selectors.inside(rows, value)


def since(rows: QuerySet, name: str, value: date) -> QuerySet:
    """From the beginning of a day, in a form that an index can serve."""
    return rows.filter(**{f"{name}__gte": _midnight(value)})


def until(rows: QuerySet, name: str, value: date) -> QuerySet:
    """To the end of a day."""
    return rows.filter(**{f"{name}__lt": _midnight(value) + timedelta(days=1)})


def _midnight(value: date) -> datetime:
    near = min(max(value, date(1970, 1, 1)), date(2999, 1, 1))
    return timezone.make_aware(datetime.combine(near, time()))


class IndicatorValueFilter(django_filters.FilterSet):
    """By indicator, division and below, period."""

    indicator = django_filters.ModelChoiceFilter(
        queryset=Indicator.objects.all(), label=_("Indicator")
    )
    division = django_filters.CharFilter(method=within, label=_("Division code"))
    period_from = django_filters.CharFilter(
        field_name="period", lookup_expr="gte", label=_("From period")
    )
    period_to = django_filters.CharFilter(
        field_name="period", lookup_expr="lte", label=_("To period")
    )

    class Meta:
        model = IndicatorValue
        fields = ["indicator", "division", "period", "origin"]


class CaseDigestFilter(django_filters.FilterSet):
    """By division and below, state, class, source, times."""

    division = django_filters.CharFilter(method=within, label=_("Division code"))
    stage = django_filters.ChoiceFilter(choices=CaseStage.choices, label=_("Stage"))
    state = django_filters.ChoiceFilter(choices=CaseState.choices, label=_("State"))
    source = django_filters.ChoiceFilter(choices=CaseSource.choices, label=_("Source"))
    edition = django_filters.CharFilter(label=_("Class edition"))
    class_kind = django_filters.ChoiceFilter(
        choices=[("component", _("Component")), ("matter", _("Matter"))],
        label=_("Class kind"),
    )
    class_code = django_filters.CharFilter(
        lookup_expr="startswith", label=_("Class code")
    )
    is_open = django_filters.BooleanFilter(label=_("Still open"))
    overdue = django_filters.BooleanFilter(label=_("Overdue"))
    on_time = django_filters.BooleanFilter(label=_("Closed on time"))
    reported_from = django_filters.DateFilter(
        field_name="reported_at", method=since, label=_("Reported from")
    )
    reported_to = django_filters.DateFilter(
        field_name="reported_at", method=until, label=_("Reported to")
    )
    closed_from = django_filters.DateFilter(
        field_name="closed_at", method=since, label=_("Closed from")
    )
    closed_to = django_filters.DateFilter(
        field_name="closed_at", method=until, label=_("Closed to")
    )

    class Meta:
        model = CaseDigest
        fields = ["origin", "number"]
