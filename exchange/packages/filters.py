"""Filters of the lists of packages."""

import django_filters
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer
from platform_core.ui.ranges import DaySpanFilter

from .enums import Direction, Kind, State
from .models import Package, Problem


def peers(request):
    return Peer.objects.all()


class PackageFilter(django_filters.FilterSet):
    """Packages by platform, direction, kind, state and time."""

    peer = django_filters.ModelChoiceFilter(
        label=_("Platform"), queryset=peers, to_field_name="code"
    )
    direction = django_filters.ChoiceFilter(
        label=_("Direction"), choices=Direction.choices
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    created = DaySpanFilter(label=_("Begun at"), field_name="created_at")

    class Meta:
        model = Package
        fields = ("peer", "direction", "kind", "state", "created")


class ProblemFilter(django_filters.FilterSet):
    """Refused records by package, interface and code."""

    package = django_filters.UUIDFilter(label=_("Package"), field_name="package__uid")
    interface = django_filters.CharFilter(label=_("Interface"))
    code = django_filters.CharFilter(label=_("Code"))

    class Meta:
        model = Problem
        fields = ("package", "interface", "code")
