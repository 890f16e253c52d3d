"""Filters of the operator's lists."""

from datetime import timedelta

import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import OutageCause, OutageKind
from exchange.delivery.models import Outage, Peer
from platform_core.common.clock import now
from platform_core.ui.ranges import DaySpanFilter

from .enums import EACH, AlarmState, Direction, ReportSpan, RuleKind, Severity
from .models import Alarm, AlarmRule, ExchangeReport, Flow, Schedule, Traffic
from .selectors import figures


def peers(request):
    return Peer.objects.all()


def interfaces():
    codes = [(code, code) for code in figures.interfaces()]
    return [(EACH, _("Each by itself")), *codes]


class TrafficFilter(django_filters.FilterSet):
    """Hours by platform, interface, direction and time; at first those of a day."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    interface = django_filters.ChoiceFilter(
        label=_("Interface"),
        choices=interfaces,
        empty_label=_("All together"),
        method="by_interface",
    )
    direction = django_filters.ChoiceFilter(
        label=_("Direction of transfer"), choices=Direction.choices
    )
    hour = DaySpanFilter(label=_("Day"))

    class Meta:
        model = Traffic
        fields = ("peer", "direction")

    def by_interface(self, queryset, name, value):
        return queryset

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        if not given.get("hour"):
            rows = rows.filter(hour__gte=now() - timedelta(hours=24))
        return figures.chosen(rows, given.get("interface") or "")


UNRESOLVED = "unresolved"


class AlarmFilter(django_filters.FilterSet):
    """Alarms by state, severity, kind, platform and day."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(UNRESOLVED, _("Not over yet")), *AlarmState.choices],
        method="by_state",
    )
    severity = django_filters.ChoiceFilter(
        label=_("Severity"), choices=Severity.choices
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of alarm"), field_name="rule__kind", choices=RuleKind.choices
    )
    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    opened_at = DaySpanFilter(label=_("Day"))

    class Meta:
        model = Alarm
        fields = ("state", "severity", "peer")

    def by_state(self, queryset, name, value):
        if value == UNRESOLVED:
            return queryset.filter(resolved_at__isnull=True)
        return queryset.filter(state=value)


class RuleFilter(django_filters.FilterSet):
    """Rules by kind and whether they are in use."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind of alarm"), choices=RuleKind.choices
    )
    active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = AlarmRule
        fields = ("kind", "active")


class OutageFilter(django_filters.FilterSet):
    """Outages by platform, whether they last, how noticed, why, and day."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    lasts = django_filters.BooleanFilter(
        label=_("Lasts"), field_name="ended_at", lookup_expr="isnull"
    )
    kind = django_filters.ChoiceFilter(
        label=_("Noticed by"), choices=OutageKind.choices
    )
    cause = django_filters.ChoiceFilter(
        label=_("Cause"), choices=OutageCause.choices[1:]
    )
    started_at = DaySpanFilter(label=_("Day"))

    class Meta:
        model = Outage
        fields = ("peer", "kind", "cause")


class ScheduleFilter(django_filters.FilterSet):
    """Regular tasks by result."""

    paused = django_filters.BooleanFilter(label=_("Paused"))
    ok = django_filters.BooleanFilter(label=_("Succeeded"))

    class Meta:
        model = Schedule
        fields = ("paused", "ok")


class ReportFilter(django_filters.FilterSet):
    """Reports by kind and by the days that they are about."""

    span = django_filters.ChoiceFilter(label=_("Kind"), choices=ReportSpan.choices)
    first = DaySpanFilter(label=_("Day"), method="by_day")

    class Meta:
        model = ExchangeReport
        fields = ("span",)

    def by_day(self, queryset, name, value):
        """A month is found by each of its days."""
        if value.start:
            day = timezone.localtime(value.start).date()
            month = Q(span=ReportSpan.MONTH, first__gte=day.replace(day=1))
            queryset = queryset.filter(Q(first__gte=day) | month)
        if value.stop:
            queryset = queryset.filter(first__lte=timezone.localtime(value.stop).date())
        return queryset


class FlowFilter(django_filters.FilterSet):
    """Flows by platform, interface and direction."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    interface = django_filters.ChoiceFilter(
        label=_("Interface"), choices=lambda: interfaces()[1:]
    )
    direction = django_filters.ChoiceFilter(
        label=_("Direction of transfer"), choices=Direction.choices
    )

    class Meta:
        model = Flow
        fields = ("peer", "interface", "direction")
