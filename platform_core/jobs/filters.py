"""Filters of the list of jobs."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .enums import JobState
from .models import Job


class JobFilter(django_filters.FilterSet):
    """By state."""

    state = django_filters.ChoiceFilter(choices=JobState.choices, label=_("State"))

    class Meta:
        model = Job
        fields = ("state",)
