"""Filters of the lists of fusion."""

import django_filters
from django.utils.translation import gettext_lazy as _

from platform_core.ui.ranges import DaySpanFilter

from .enums import FieldKind, MasterState, PairState, Trigger, UnmatchedState
from .models import CodeMap, Master, Pair, Run, Task, TaskVersion, UnmatchedCode


class UnmatchedFilter(django_filters.FilterSet):
    """Codes by state and map."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=UnmatchedState.choices
    )
    code_map = django_filters.ModelChoiceFilter(
        label=_("Code map"), queryset=CodeMap.objects.select_related("table")
    )
    suggested = django_filters.BooleanFilter(
        label=_("With a suggestion"), method="by_suggestion"
    )

    class Meta:
        model = UnmatchedCode
        fields = ("state", "code_map")

    def by_suggestion(self, queryset, name, value):
        none = {"suggestion": ""}
        return queryset.exclude(**none) if value else queryset.filter(**none)


class RunFilter(django_filters.FilterSet):
    """Runs by task and start."""

    task = django_filters.ModelChoiceFilter(
        label=_("Fusion task"), queryset=Task.objects.all()
    )
    trigger = django_filters.ChoiceFilter(label=_("Started"), choices=Trigger.choices)
    started_at = DaySpanFilter(label=_("Started at"))

    class Meta:
        model = Run
        fields = ("task", "trigger")


class PairFilter(django_filters.FilterSet):
    """Pairs by state, task, score and time."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=PairState.choices)
    task = django_filters.ModelChoiceFilter(
        label=_("Fusion task"), queryset=Task.objects.all()
    )
    least = django_filters.NumberFilter(
        label=_("Score from"), field_name="score", lookup_expr="gte"
    )
    most = django_filters.NumberFilter(
        label=_("Score up to"), field_name="score", lookup_expr="lte"
    )
    conflict = django_filters.BooleanFilter(label=_("Contradicts other pairs"))
    found_at = DaySpanFilter(label=_("Found at"))

    class Meta:
        model = Pair
        fields = ("state", "task", "conflict")


class MasterFilter(django_filters.FilterSet):
    """Master records by state, task, sources and time."""

    task = django_filters.ModelChoiceFilter(
        label=_("Subject"), queryset=Task.objects.all()
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=MasterState.choices)
    sources = django_filters.NumberFilter(
        label=_("Sources at least"), field_name="sources", lookup_expr="gte"
    )
    updated_at = DaySpanFilter(label=_("Changed"))

    class Meta:
        model = Master
        fields = ("task", "state", "sources")


def subject_filter(version: TaskVersion | None, hidden: set[str]) -> type[MasterFilter]:
    """The filters of one subject: one more for each field with codes."""
    fields = version.part("fields") if version else []
    made = {
        f"values__{one['code']}": django_filters.CharFilter(label=one["name"])
        for one in fields
        if one["kind"] == FieldKind.CODE and one["code"] not in hidden
    }
    return type("SubjectFilter", (MasterFilter,), {**made, "task": None})
