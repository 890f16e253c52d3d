"""Pages of counts: all objects, one object over time, the cases behind a count."""

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.enums import PROCESS
from municipal.command.models import Case
from municipal.command.requests import user_of
from platform_core.audit import services as audit
from platform_core.processes.labels import transition_label
from platform_core.processes.selectors import published
from platform_core.ui import charts
from platform_core.ui.columns import Column
from platform_core.ui.views import Crumb, FormPage, ListPage, PageAction, PlainPage

from . import asking, measures, objects, rebuilding, scopes, sums, tables
from .catalogue import Measure
from .enums import ObjectKind, RowKind
from .models import StepFlags
from .periods import Period

VIEW = scopes.VIEW
REBUILD = "performance.change_rollup"
EXPORT = "command.export_case"
GROUP = Crumb(gettext_lazy("Performance evaluation"))
PERIODS = 12


class CountsPage(ListPage):
    """The base measures of all objects of a kind in a period.  [CC-60]"""

    permission_required = VIEW
    title = gettext_lazy("Counts")
    template_name = "performance/counts.html"
    partial_name = "performance/partials/_counts.html"
    search_fields = ("label",)
    search_hint = gettext_lazy("Name or code")
    page_sizes = (25, 50, 100)
    empty_text = gettext_lazy("Nothing was counted in this period.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [GROUP, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        return [
            PageAction(
                _("What is counted"), reverse("performance:measures"), icon="list"
            ),
            PageAction(
                _("Rebuild"),
                reverse("performance:rebuild"),
                icon="refresh",
                permission=REBUILD,
                dialog=True,
            ),
        ]

    @cached_property
    def asked(self) -> asking.CountsForm:
        user = user_of(self.request)
        if not scopes.kinds(user):
            raise Http404
        return asking.read(self.request.GET, user)

    @cached_property
    def filterset(self) -> Any:
        return _Filter(self.asked)

    def get_columns(self) -> list[Column]:
        return [
            Column("label", self.asked.chosen.label, sort=True, link=True),
            Column("key", _("Code"), sort=True, default=False),
            *(self._column(one) for one in measures.of(self.asked.chosen)),
        ]

    def _column(self, measure: Measure) -> Column:
        code = measure.code

        def count(row: tables.Row) -> int:
            return row.counts[code]

        def link(row: tables.Row) -> str:
            return row.url(code) if row.counts[code] else ""

        return Column(
            code,
            measure.name,
            sort=True,
            number=True,
            render=count,
            export=count,
            link=link,
            default=code in self.chosen,
        )

    @cached_property
    def chosen(self) -> list[str]:
        """The measures that are shown unless others are chosen."""
        return asking.shown(self.asked.chosen, self.asked.cleaned_data["group"])

    def rows(self) -> Any:
        found = tables.rows(self.asked.chosen, self.asked.asked, user_of(self.request))
        text = self.request.GET.get("q", "").strip().lower()
        if text:
            found = [row for row in found if text in f"{row.label} {row.key}".lower()]
        name = self.sort.removeprefix("-")
        if name in {"label", "key"}:
            found.sort(key=lambda row: str(getattr(row, name)))
        elif name in {one.code for one in measures.of(self.asked.chosen)}:
            found.sort(key=lambda row: row.counts[name])
        return tables.Rows(found[::-1] if self.sort.startswith("-") else found)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return {**found, "period": self.asked.asked}


class _Filter:
    """The form where the list expects its filters."""

    def __init__(self, form: asking.CountsForm) -> None:
        self.form = form


class ObjectPage(PlainPage):
    """One object over time: a chart and the counts of each period."""

    permission_required = VIEW
    template_name = "performance/object.html"

    @cached_property
    def kind(self) -> ObjectKind:
        kind, key = self.kwargs["kind"], self.kwargs["key"]
        if kind not in ObjectKind.values:
            raise Http404
        if not scopes.among(user_of(self.request), ObjectKind(kind), [key]):
            raise Http404
        return ObjectKind(kind)

    @cached_property
    def asked(self) -> asking.CountsForm:
        data = self.request.GET.copy()
        data["kind"] = self.kind.value
        return asking.read(data, user_of(self.request))

    def get_title(self) -> str:
        key = self.kwargs["key"]
        return objects.labels(self.kind, [key])[key]

    def get_breadcrumbs(self) -> list[Crumb]:
        url = f"{reverse('performance:counts')}?kind={self.kind}"
        return [GROUP, Crumb(self.kind.label, url), Crumb(self.get_title())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.pop("kind")
        periods = self.asked.asked.back(PERIODS)
        found = sums.series(self.kind, self.kwargs["key"], periods)
        codes = asking.shown(self.kind, self.asked.cleaned_data["group"])
        shown = [one for one in measures.of(self.kind) if one.code in codes]
        values = {str(one.name): [row[one.code] for row in found] for one in shown}
        labels = [period.label for period in periods]
        return super().get_context_data(
            form=self.asked,
            kind=self.kind,
            option=charts.line(labels, values),
            labels=labels,
            lines=[self._line(one, periods, found) for one in shown],
            **kwargs,
        )

    def _line(
        self, one: Measure, periods: list[Period], found: list[dict[str, int]]
    ) -> dict[str, Any]:
        key = self.kwargs["key"]
        cells = [
            (row[one.code], tables.cases_url(self.kind, key, one.code, period))
            for period, row in zip(periods, found, strict=True)
        ]
        return {"measure": one, "cells": cells}


class CasesPage(ListPage):
    """The cases behind a count, each as often as it counts.  [CC-66]"""

    model = StepFlags
    permission_required = VIEW
    export_permission = EXPORT
    title = gettext_lazy("Cases behind a count")
    template_name = "performance/cases.html"
    search_fields = ("case__number",)
    search_hint = gettext_lazy("Case number")

    @cached_property
    def figure(self) -> asking.Figure:
        found = asking.figure(self.request.GET, user_of(self.request))
        if found is None:
            raise Http404
        return found

    def get_breadcrumbs(self) -> list[Crumb]:
        url = f"{reverse('performance:counts')}?kind={self.figure.kind}"
        return [GROUP, Crumb(_("Counts"), url), Crumb(self.title)]

    def get_columns(self) -> list[Column]:
        return [
            Column("case.number", _("Case number"), link=self.case_url),
            Column("case.class_name", _("Class")),
            Column("case.address", _("Address")),
            Column("case.state", _("State")),
            Column("action", _("Counted through"), render=self.step, export=self.step),
            Column("at", _("At")),
        ]

    @cached_property
    def actions(self) -> dict[str, str]:
        """Steps of the process in words."""
        steps = published(PROCESS).definition.transitions
        return {step.action: transition_label(step) for step in steps}

    def step(self, row: StepFlags) -> str:
        if row.row == RowKind.STEP:
            return self.actions.get(row.action, row.action)
        return str(row.get_row_display())

    @cached_property
    def open_to_user(self) -> set[int]:
        """The cases of the page whose own page the user may open."""
        keys = [row.case_id for row in self.page.object_list]
        seen = Case.objects.visible_to(user_of(self.request)).filter(pk__in=keys)
        return set(seen.values_list("pk", flat=True))

    def case_url(self, row: StepFlags) -> str:
        known = row.case_id in self.open_to_user
        return row.case.get_absolute_url() if known else ""

    @cached_property
    def page(self) -> Any:
        page = super().get_page()
        page.object_list = list(page.object_list)
        return page

    def get_page(self) -> Any:
        return self.page

    def rows(self) -> Any:
        text = self.request.GET.get("q", "").strip()
        return tables.behind(self.figure, user_of(self.request), text)

    def on_export(self, form: str) -> None:
        one = self.figure
        data = {"kind": one.kind.value, "key": one.key, "measure": one.measure.code}
        data |= {"first": str(one.period.first), "last": str(one.period.last)}
        audit.record("figures.exported", by=user_of(self.request), data=data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.figure
        given = {
            "kind": one.kind.value,
            "key": one.key,
            "measure": one.measure.code,
            "first": str(one.period.first),
            "last": str(one.period.last),
        }
        found = super().get_context_data(**kwargs)
        name = objects.labels(one.kind, [one.key])[one.key]
        return {**found, "figure": one, "object_name": name, "given": given}


class MeasuresPage(PlainPage):
    """What each count means.  [9.1-11]"""

    permission_required = VIEW
    title = gettext_lazy("What is counted")
    template_name = "performance/measures.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            GROUP,
            Crumb(_("Counts"), reverse("performance:counts")),
            Crumb(self.title),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = [
            (label, [one for one in measures.MEASURES.values() if one.group == code])
            for code, label in measures.GROUPS.items()
        ]
        return super().get_context_data(groups=groups, **kwargs)


class RebuildForm(forms.Form):
    """Which cases are counted anew."""

    first = forms.DateField(
        label=gettext_lazy("Reported from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=gettext_lazy("Reported until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class RebuildPage(FormPage):
    """Write flags and sums anew from the steps."""

    permission_required = REBUILD
    title = gettext_lazy("Rebuild the figures")
    form_class = RebuildForm
    submit_label = gettext_lazy("Start")
    lead = gettext_lazy(
        "All flags and sums are written anew from the steps of the cases, in the "
        "background; the figures stay right meanwhile. Without days: all cases."
    )

    def perform(self, form: Any) -> Any:
        return rebuilding.start(by=user_of(self.request), **form.cleaned_data)
