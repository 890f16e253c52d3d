"""Filters of the pages: the API's, with divisions to choose from."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from . import policies
from .api.filters import CaseDigestFilter, IndicatorValueFilter, within

YES_NO = (("", _("All")), ("true", _("Yes")), ("false", _("No")))


class PlaceFilter(django_filters.FilterSet):
    """A division chosen from those around and below the present one."""

    division = django_filters.ChoiceFilter(
        method=within, label=_("Division"), empty_label=_("All divisions")
    )

    unseen: tuple[str, ...] = ()

    def __init__(self, data=None, *args, request=None, **kwargs):
        super().__init__(data, *args, request=request, **kwargs)
        wanted = (data or {}).get("division", "")
        choices = policies.division_choices(request.user, wanted)
        self.filters["division"].extra["choices"] = choices
        for found in self.filters.values():
            if isinstance(found, django_filters.BooleanFilter):
                found.extra["widget"] = forms.Select(choices=YES_NO)
            if isinstance(found, django_filters.DateFilter):
                found.extra["widget"] = forms.DateInput(
                    attrs={"type": "date"}, format="%Y-%m-%d"
                )
            if isinstance(found, django_filters.ChoiceFilter):
                found.extra.setdefault("empty_label", _("All"))
        for name in self.unseen:
            self.filters[name].extra["widget"] = forms.HiddenInput()


class CaseFilter(PlaceFilter, CaseDigestFilter):
    """Cases by division, state, source, class and times."""

    unseen = ("stage", "edition", "class_kind", "class_code", "on_time")

    class Meta(CaseDigestFilter.Meta):
        fields = []


class ValueFilter(PlaceFilter, IndicatorValueFilter):
    """Reported figures by indicator, division, period and origin."""

    origin = django_filters.CharFilter(label=_("Platform"))

    class Meta(IndicatorValueFilter.Meta):
        fields = ["origin"]
