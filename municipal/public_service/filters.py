"""Filters of the request list."""

import django_filters
from django.utils.translation import gettext_lazy as _

from platform_core.ui.ranges import DaySpanFilter

from .enums import Channel, Satisfaction
from .models import PublicRequest


class PublicRequestFilter(django_filters.FilterSet):
    """By channel, verdict and day."""

    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    satisfaction = django_filters.ChoiceFilter(
        choices=Satisfaction.choices, label=_("Satisfaction")
    )
    created_at = DaySpanFilter(label=_("Received at"))

    class Meta:
        model = PublicRequest
        fields = ["channel", "satisfaction", "created_at"]
