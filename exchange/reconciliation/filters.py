"""Filters of the list of certificates."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer
from platform_core.ui.ranges import DaySpanFilter

from .enums import State
from .models import Certificate


def peers(request):
    return Peer.objects.all()


class CertificateFilter(django_filters.FilterSet):
    """Certificates by platform, state and day."""

    peer = django_filters.ModelChoiceFilter(
        label=_("Platform"), queryset=peers, method="by_peer"
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    day = DaySpanFilter(label=_("Day compared"))

    class Meta:
        model = Certificate
        fields = ("state",)

    def by_peer(self, queryset, name, value):
        return queryset.filter(Q(holder=value.code) | Q(origin=value.code))
