"""Filters of the lists of connectors."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .enums import (
    Direction,
    FlowState,
    RejectState,
    RunState,
    SourceKind,
    SourceState,
    Trigger,
)
from .models import Flow, Reject, Run, Source


def flows(request):
    return Flow.objects.all()


class SourceFilter(django_filters.FilterSet):
    """Sources by kind and state."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=SourceKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=SourceState.choices)

    class Meta:
        model = Source
        fields = ("kind", "state")


class FlowFilter(django_filters.FilterSet):
    """Flows by source, direction and state."""

    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=lambda request: Source.objects.all()
    )
    direction = django_filters.ChoiceFilter(
        label=_("Direction"), choices=Direction.choices
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=FlowState.choices)

    class Meta:
        model = Flow
        fields = ("source", "direction", "state")


class RunFilter(django_filters.FilterSet):
    """Runs by flow, state and what began them."""

    flow = django_filters.ModelChoiceFilter(label=_("Flow"), queryset=flows)
    state = django_filters.ChoiceFilter(label=_("State"), choices=RunState.choices)
    trigger = django_filters.ChoiceFilter(label=_("Begun"), choices=Trigger.choices)

    class Meta:
        model = Run
        fields = ("flow", "state", "trigger")


class RejectFilter(django_filters.FilterSet):
    """Rejected rows by flow, state and run."""

    flow = django_filters.ModelChoiceFilter(label=_("Flow"), queryset=flows)
    state = django_filters.ChoiceFilter(label=_("State"), choices=RejectState.choices)
    run = django_filters.UUIDFilter(label=_("Run"), field_name="run__uid")

    class Meta:
        model = Reject
        fields = ("flow", "state", "run")
