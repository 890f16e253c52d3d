"""Filters of the lists of subscriptions."""

import django_filters
from django.utils.translation import gettext_lazy as _

from exchange.delivery.models import Peer

from .enums import Mode, State
from .models import Application, Subscription


def peers(request):
    return Peer.objects.all()


class SubscriptionFilter(django_filters.FilterSet):
    """Subscriptions of others by platform, way and state."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    mode = django_filters.ChoiceFilter(label=_("Way"), choices=Mode.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)

    class Meta:
        model = Subscription
        fields = ("peer", "mode", "state")


class ApplicationFilter(SubscriptionFilter):
    """Own subscriptions, by the same."""

    class Meta:
        model = Application
        fields = ("peer", "mode", "state")
