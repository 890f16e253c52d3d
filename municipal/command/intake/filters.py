"""Filters of calls and leads."""

import django_filters
from django.utils.translation import gettext_lazy as _

from municipal.command.models import CaseSource

from .enums import CallState, Direction, LeadState, Outcome, PhraseKind
from .models import Call, Lead, Phrase


class CallFilter(django_filters.FilterSet):
    """By state, direction, outcome and day."""

    state = django_filters.ChoiceFilter(choices=CallState.choices, label=_("State"))
    direction = django_filters.ChoiceFilter(
        choices=Direction.choices, label=_("Direction")
    )
    outcome = django_filters.ChoiceFilter(
        choices=[row for row in Outcome.choices if row[0]], label=_("Outcome")
    )
    since = django_filters.DateFilter(
        field_name="rang_at", lookup_expr="date__gte", label=_("From day")
    )
    until = django_filters.DateFilter(
        field_name="rang_at", lookup_expr="date__lte", label=_("To day")
    )

    class Meta:
        model = Call
        fields = ("state", "direction", "outcome", "since", "until")


class LeadFilter(django_filters.FilterSet):
    """By state and source."""

    state = django_filters.ChoiceFilter(choices=LeadState.choices, label=_("State"))
    source = django_filters.ModelChoiceFilter(
        queryset=CaseSource.objects.all(), label=_("Source")
    )

    class Meta:
        model = Lead
        fields = ("state", "source")


class PhraseFilter(django_filters.FilterSet):
    """By the place where it is offered."""

    kind = django_filters.ChoiceFilter(
        choices=PhraseKind.choices, label=_("Offered at")
    )

    class Meta:
        model = Phrase
        fields = ("kind",)
