"""Filters of the lists of cleansing."""

import django_filters
from django.utils.translation import gettext_lazy as _

from exchange.interfaces.models import Table
from platform_core.common.clock import now
from platform_core.ui.ranges import DaySpanFilter

from .enums import DUE, ProblemState, RuleKind, SeverityKind, Trigger
from .models import Problem, Run, Score, Sender


def tables(request):
    return Table.objects.filter(rule_set__isnull=False)


def senders(request):
    if request is None or not request.user.has_perm("cleansing.view_all_problems"):
        return Sender.objects.filter(holder=request and request.user.pk)
    return Sender.objects.all()


class RunFilter(django_filters.FilterSet):
    """Runs by table and start."""

    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    trigger = django_filters.ChoiceFilter(label=_("Started"), choices=Trigger.choices)
    started_at = DaySpanFilter(label=_("Started at"))

    class Meta:
        model = Run
        fields = ("table", "trigger")


class ScoreFilter(django_filters.FilterSet):
    """Scores by table, of whole tables or of senders."""

    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    whole = django_filters.BooleanFilter(
        label=_("Whole tables only"), field_name="sender", lookup_expr="isnull"
    )

    class Meta:
        model = Score
        fields = ("table",)


class ProblemFilter(django_filters.FilterSet):
    """Problems by state, table, sender, kind of rule, run, and time."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=ProblemState.choices)
    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    sender = django_filters.ModelChoiceFilter(label=_("Sender"), queryset=senders)
    kind = django_filters.ChoiceFilter(
        label=_("Kind of rule"), choices=RuleKind.choices
    )
    severity = django_filters.ChoiceFilter(
        label=_("Severity"), choices=SeverityKind.choices
    )
    rule = django_filters.CharFilter(label=_("Rule"), field_name="rule_code")
    run = django_filters.UUIDFilter(label=_("Run"), field_name="run__uid")
    late = django_filters.BooleanFilter(label=_("Overdue"), method="by_late")
    found_at = DaySpanFilter(label=_("Found at"))

    class Meta:
        model = Problem
        fields = ("state", "table", "sender", "kind", "severity")

    def by_late(self, queryset, name, value):
        late = {"state__in": DUE, "due_at__lt": now()}
        return queryset.filter(**late) if value else queryset.exclude(**late)
