"""Filters of the catalogue's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from platform_core.accounts.models import OrgUnit
from platform_core.ui.ranges import DaySpanFilter

from .enums import BackupKind, Frequency, Level, Share, State, UseState
from .models import Backup, Edition, Resource, Theme, Use


def themes(request):
    return Theme.objects.all()


def units(request):
    return OrgUnit.objects.visible_to(request.user) if request else OrgUnit.objects


class EditionFilter(django_filters.FilterSet):
    """The facets of the catalogue."""

    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=themes)
    unit = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=units)
    share = django_filters.ChoiceFilter(label=_("Sharing"), choices=Share.choices)
    level = django_filters.ChoiceFilter(
        label=_("Security level"), choices=Level.choices
    )
    frequency = django_filters.ChoiceFilter(
        label=_("Renewed"), choices=Frequency.choices
    )

    score_from = django_filters.NumberFilter(
        label=_("Quality score from"), field_name="score", lookup_expr="gte"
    )
    score_to = django_filters.NumberFilter(
        label=_("Quality score to"), field_name="score", lookup_expr="lte"
    )

    class Meta:
        model = Edition
        fields = ("subset", "theme", "unit", "share", "level", "frequency")


class ResourceFilter(django_filters.FilterSet):
    """Entries by state and branch."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    theme = django_filters.ModelChoiceFilter(label=_("Theme"), queryset=themes)

    class Meta:
        model = Resource
        fields = ("state", "subset", "theme", "share")


class UseFilter(django_filters.FilterSet):
    """Applications for use by state."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=UseState.choices)

    class Meta:
        model = Use
        fields = ("state",)


class BackupFilter(django_filters.FilterSet):
    """Backups by kind, result and day."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=BackupKind.choices)
    ok = django_filters.BooleanFilter(label=_("Succeeded"))
    made_at = DaySpanFilter(label=_("Made"))

    class Meta:
        model = Backup
        fields = ("kind", "ok")
