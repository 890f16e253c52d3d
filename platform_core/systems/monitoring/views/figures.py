"""Indicators of a division: overview and one of them over time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from platform_core.common.clock import today
from platform_core.common.errors import DomainError
from platform_core.regions import selectors as regions
from platform_core.systems.monitoring import periods, policies, selectors
from platform_core.systems.monitoring.enums import Grain
from platform_core.systems.monitoring.models import Indicator
from platform_core.ui import charts, exports
from platform_core.ui.columns import Column
from platform_core.ui.views.base import Crumb, PlainPage

from .centre import wanted_division
from .lists import PERMISSION, SYSTEM


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the overview."""

    indicator: Indicator
    url: str
    today: float
    month: float
    year: float


class Overview(PlainPage):
    """All indicators of a division: today, this month, this year."""

    permission_required = PERMISSION
    title = _("Indicators")
    template_name = "monitoring/overview.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        division = wanted_division(self.request)
        return {
            **super().get_context_data(**kwargs),
            "division": division,
            "divisions": policies.division_choices(self.request.user, division),
            "lines": list(self.lines(division)),
        }

    def lines(self, division: str) -> Iterator[Line]:
        known = list(selectors.indicators())
        now = today()
        day, month, year = periods.day(now), periods.month(now), periods.year(now)
        found = selectors.sums(
            [one.code for one in known], [division], [day, month, year]
        )
        for one in known:
            query = urlencode({"indicator": one.code, "division": division})
            yield Line(
                indicator=one,
                url=f"{reverse('monitoring:explorer')}?{query}",
                today=found.get((one.code, division, day), 0),
                month=found.get((one.code, division, month), 0),
                year=found.get((one.code, division, year), 0),
            )


def day_input() -> forms.DateInput:
    """A date in the form that browsers want, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ExplorerForm(forms.Form):
    """Indicator, division, days and the length of a period."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.filter(is_active=True), label=_("Indicator"), empty_label=None
    )
    division = forms.ChoiceField(label=_("Division"))
    period_from = forms.DateField(label=_("From day"), widget=day_input())
    period_to = forms.DateField(label=_("To day"), widget=day_input())
    grain = forms.ChoiceField(
        label=_("Counted by"),
        choices=[
            (choice.value, choice.label)
            for choice in (Grain.DAY, Grain.MONTH, Grain.YEAR)
        ],
    )

    def __init__(self, *args, divisions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"] = forms.ChoiceField(
            label=_("Division"), choices=divisions
        )

    def clean(self):
        data = super().clean() or {}
        if data.get("period_from") and data.get("period_to"):
            try:
                policies.check_window(data["period_from"], data["period_to"])
            except DomainError as error:
                self.add_error("period_from", str(error.message))
        return data


@dataclass(frozen=True, slots=True)
class Below:
    """One division below, with its sum and its own page."""

    name: str
    url: str
    value: float


class Explorer(PlainPage):
    """One indicator of a division over time, and by the divisions below."""

    permission_required = PERMISSION
    title = _("Indicator explorer")
    template_name = "monitoring/explorer.html"
    columns = (
        Column("period", _("Period")),
        Column("value", _("Value"), number=True),
    )

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(Overview.title, reverse("monitoring:indicators"))
        return [SYSTEM, above, Crumb(self.title)]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        wanted_division(request)
        form = self.build_form()
        wanted = request.GET.get("export")
        if not wanted:
            return self.render_to_response(self.get_context_data(form=form))
        if wanted not in exports.FORMATS or not form.is_valid():
            raise Http404(wanted)
        asked = form.cleaned_data
        name = f"{asked['indicator'].label}-{asked['division']}-{today()}"
        points = self.points(asked)
        return exports.FORMATS[wanted](
            self.columns, points, slugify(name, allow_unicode=True)
        )

    def build_form(self) -> ExplorerForm:
        asked = self.request.GET
        division = wanted_division(self.request)
        values = {
            "indicator": asked.get("indicator") or "cases.reported",
            "division": division,
            "period_from": asked.get("period_from") or selectors.window_start(today()),
            "period_to": asked.get("period_to") or today(),
            "grain": asked.get("grain") or Grain.DAY,
        }
        divisions = policies.division_choices(self.request.user, division)
        return ExplorerForm(values, divisions=divisions)

    def points(self, asked: dict[str, Any]) -> list[selectors.Point]:
        return selectors.series(
            asked["indicator"].code,
            asked["division"],
            asked["period_from"],
            asked["period_to"],
            asked["grain"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = kwargs["form"]
        if not form.is_valid():
            return {**context, "shown": None}
        asked = form.cleaned_data
        points = self.points(asked)
        draw = charts.line if len(points) > 1 else charts.bar
        labels = [point.period for point in points]
        values = [point.value for point in points]
        below = self.below(asked)
        return {
            **context,
            "shown": asked["indicator"],
            "place": regions.division(asked["division"]),
            "total": sum(values),
            "option": draw(labels, {asked["indicator"].label: values}),
            "below": below,
            "below_option": charts.bar(
                [row.name for row in below[:20]],
                {asked["indicator"].label: [row.value for row in below[:20]]},
                flat=True,
            ),
        }

    def below(self, asked: dict[str, Any]) -> list[Below]:
        """The same days by division, the largest first."""
        code = asked["indicator"].code
        rows = selectors.ranking_between(
            code, asked["division"], asked["period_from"], asked["period_to"]
        )
        query = {**self.request.GET.dict(), "indicator": code}
        return [
            Below(
                name=one.label,
                url="?" + urlencode({**query, "division": one.code}),
                value=value,
            )
            for one, value in rows
        ]
