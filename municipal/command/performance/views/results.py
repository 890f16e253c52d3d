"""Pages of results: the latest of all kinds, one object, the bulletin."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.performance import bulletins, scoring, selectors
from municipal.command.performance.counting import names
from municipal.command.performance.models import Result, Run, Scheme
from municipal.command.requests import user_of
from platform_core.audit import services as audit
from platform_core.ui import charts
from platform_core.ui.views import Crumb, DetailPage, PageAction, PlainPage

from .runs import RunList
from .shown import (
    ROOT,
    SEEN,
    bands_text,
    derivation,
    drill,
    grade_badge,
    run_badge,
    trend,
)


class OverviewPage(PlainPage):
    """The newest results of every kind of object."""

    permission_required = SEEN
    template_name = "performance/overview.html"
    title = gettext_lazy("Overview of results")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [ROOT, Crumb(self.title)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = selectors.overview(user_of(self.request))
        for block in found:
            block["badge"] = run_badge(block["run"])
            groups = block["run"].scheme.group_names()
            for name in ("best", "weak"):
                block[name] = standings(block[name], groups)
        return super().get_context_data(blocks=found, **kwargs)


def standings(rows: list[Result], groups: dict[str, str]) -> list[tuple[Any, ...]]:
    """Results with grade, trend and group as a ranking shows them."""
    return [
        (row, grade_badge(row), trend(row), groups.get(row.group, "")) for row in rows
    ]


def run_crumbs(run: Run) -> list[Crumb]:
    """Breadcrumbs down to an evaluation."""
    above = Crumb(RunList.title, reverse("performance:run-list"))
    return [ROOT, above, Crumb(str(run), run.get_absolute_url())]


class ResultPage(DetailPage):
    """One object: its indicators with their derivation, and its course."""

    model = Result
    permission_required = SEEN
    template_name = "performance/result.html"

    def get_object(self) -> Result:
        rows = self.get_queryset().select_related("run__scheme")
        key = {"run": self.kwargs["pk"], "key": self.kwargs["key"]}
        found: Result | None = rows.filter(**key).first()
        if found is None:
            raise Http404("result")
        return found

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*run_crumbs(self.object.run), Crumb(self.object.label)]

    def get_summary(self) -> list[tuple[Any, Any]]:
        row, run = self.object, self.object.run
        groups = run.scheme.group_names()
        shown = [
            (run.get_kind_display(), row.label),
            (_("Part of"), row.parent),
            (_("Period"), run.period.label),
            (_("State"), run_badge(run)),
            (_("Composite index"), row.composite),
            (_("Grade"), grade_badge(row)),
            (_("Rank"), row.rank),
            (_("Trend"), trend(row)),
            (_("Scheme"), run.scheme),
        ]
        if row.group:
            shown.insert(2, (_("Department group"), groups.get(row.group, row.group)))
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            indicators=derivation(self.object, user_of(self.request)),
            counts=self._counts(),
            chart=self._chart(),
            **kwargs,
        )

    def _counts(self) -> list[tuple[Any, int, str]]:
        words, row, user = names(), self.object, user_of(self.request)
        return [
            (words.get(code, code), count, drill(row.run, row.key, code, user))
            for code, count in row.sums.items()
        ]

    def _chart(self) -> dict[str, Any]:
        rows = selectors.course(self.object, user_of(self.request))
        known = self.object.run.scheme.names()
        series: dict[str, list[float | None]] = {
            _("Composite index"): [_number(row.composite) for row in rows]
        }
        for code, name in known.items():
            series[name] = [_number(row.score(code)) for row in rows]
        return charts.line([row.run.period.label for row in rows], series)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


class BulletinPage(DetailPage):
    """The bulletin of an evaluation, to read and to print."""

    model = Run
    permission_required = SEEN
    template_name = "performance/bulletin.html"

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("scheme", "replaces")

    def get_title(self) -> str:
        return bulletins.title(self.object)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*run_crumbs(self.object), Crumb(_("Bulletin"))]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("performance:bulletin-file", args=[self.object.pk])
        return [PageAction(_("Download (docx)"), url, "download", True, SEEN)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run, user = self.object, user_of(self.request)
        told = selectors.bulletin(run, user)
        course = selectors.means(run)
        told["rows"] = standings(told["rows"], run.scheme.group_names())
        labels = [row.period.label for row, _mean in course]
        means = {_("Mean index"): [float(mean) for _row, mean in course]}
        return super().get_context_data(
            told=told,
            chart=charts.line(labels, means),
            rules=rules_of_scheme(run.scheme),
            badge=run_badge(run),
            cut=_("The first %s are shown; export the ranking for all.")
            % bulletins.MOST_ROWS,
            sentences=bulletins.sentences(run, told),
            **kwargs,
        )


def rules_of_scheme(scheme: Scheme) -> list[dict[str, Any]]:
    """How each indicator is worked out, scored and weighed."""
    words, labels = names(), scheme.names()
    return [
        {
            "code": row["code"],
            "name": labels[row["code"]],
            "formula": bulletins.formula_text(row, words),
            "weight": row["weight"],
            "assists": row.get("part") == scoring.ASSIST,
            "rule": bulletins.rule_text(row, bands_text(row.get("bands", ()))),
        }
        for row in scheme.body["indicators"]
    ]


class BulletinFile(DetailPage):
    """The bulletin as a document for the office."""

    model = Run
    permission_required = SEEN

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        run = self.get_queryset().select_related("scheme").filter(pk=kwargs["pk"])
        self.object = run.first()
        if self.object is None:
            raise Http404("run")
        user = user_of(request)
        told = selectors.bulletin(self.object, user)
        audit.record("evaluation.exported", self.object, by=user, data={"form": "docx"})
        rules = rules_of_scheme(self.object.scheme)
        course = selectors.means(self.object)
        return bulletins.answer(self.object, told, rules, course)
