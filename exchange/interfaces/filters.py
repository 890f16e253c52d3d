"""Filters of tables, batches and rows."""

import django_filters
from django.utils.translation import gettext_lazy as _

from platform_core.ui.ranges import DaySpanFilter

from .enums import (
    ArchiveState,
    Confidence,
    Direction,
    Life,
    RowState,
    SourceKind,
    Subset,
)
from .models import Archive, Batch, Row, Table


def tables(request):
    return Table.objects.order_by("code")


class TableFilter(django_filters.FilterSet):
    """Tables by subset, direction and state."""

    subset = django_filters.ChoiceFilter(label=_("Subset"), choices=Subset.choices)
    direction = django_filters.ChoiceFilter(
        label=_("Direction"), choices=Direction.choices
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), field_name="current__state", choices=Life.choices
    )
    confidence = django_filters.ChoiceFilter(
        label=_("Foundation"), choices=Confidence.choices
    )

    class Meta:
        model = Table
        fields = ("subset", "direction", "state", "confidence")


class BatchFilter(django_filters.FilterSet):
    """Batches by table, kind of source and day."""

    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    kind = django_filters.ChoiceFilter(
        label=_("Kind of source"), choices=SourceKind.choices
    )
    arrived_at = DaySpanFilter(label=_("Arrived"))

    class Meta:
        model = Batch
        fields = ("table", "kind")


class RowFilter(django_filters.FilterSet):
    """Rows by table, state and batch."""

    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    state = django_filters.ChoiceFilter(label=_("State"), choices=RowState.choices)
    batch = django_filters.UUIDFilter(label=_("Batch"), field_name="batch__uid")

    class Meta:
        model = Row
        fields = ("table", "state")


class ArchiveFilter(django_filters.FilterSet):
    """Files of the archive by table, state and day."""

    table = django_filters.ModelChoiceFilter(label=_("Table"), queryset=tables)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ArchiveState.choices)
    made_at = DaySpanFilter(label=_("Made"))

    class Meta:
        model = Archive
        fields = ("table", "state")
