"""Pages of evaluations: the list, one with its ranking, the steps."""

from functools import cached_property, partial
from typing import Any

import django_filters
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from municipal.command.performance import documents, selectors
from municipal.command.performance.enums import ObjectKind, PeriodKind, RunState
from municipal.command.performance.forms_runs import ReasonForm, RunForm
from municipal.command.performance.models import Result, Run, Scheme
from municipal.command.performance.services import running
from municipal.command.requests import user_of
from platform_core.audit import services as audit
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, FormPage, ListPage, PageAction

from .shown import (
    EVALUATE,
    ROOT,
    SEEN,
    drill,
    grade_badge,
    plain_trend,
    run_badge,
    trend,
    value_text,
)

ALL = _("All")


class RunFilter(django_filters.FilterSet):
    """By objects, period and state."""

    kind = django_filters.ChoiceFilter(
        label=_("Evaluated objects"), choices=ObjectKind.choices, empty_label=ALL
    )
    period_kind = django_filters.ChoiceFilter(
        label=_("Period"), choices=PeriodKind.choices, empty_label=ALL
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=RunState.choices, empty_label=ALL
    )

    class Meta:
        model = Run
        fields = ("kind", "period_kind", "state")


class RunList(ListPage):
    """All evaluations."""

    model = Run
    permission_required = SEEN
    title = _("Evaluations")
    filterset_class = RunFilter
    ordering = ("-last", "-first", "kind", "-pk")
    empty_text = _("Evaluations appear here when a period is over, or made by hand.")
    columns = (
        Column("kind", _("Evaluated objects"), sort=True, link=True),
        Column("first", _("Period"), sort=True, render=lambda row: row.period.label),
        Column("state", _("State"), sort=True, render=run_badge),
        Column("objects_count", _("Objects evaluated"), number=True),
        Column("scheme", _("Scheme")),
        Column("publicity_until", _("Appeals until"), sort=True),
        Column("published_at", _("Published at"), sort=True),
        Column("is_scheduled", _("By the timetable"), default=False),
        Column("reason", _("Reason"), default=False),
    )

    def get_queryset(self) -> QuerySet[Run]:
        return super().get_queryset().select_related("scheme")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [ROOT, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        url = reverse("performance:run-start")
        return [PageAction(_("Evaluate"), url, "plus", True, EVALUATE, dialog=True)]


class RunStart(FormPage):
    """Evaluate by hand."""

    permission_required = EVALUATE
    form_class = RunForm
    title = _("Evaluate")
    lead = _("The result is a draft; it follows the cases until it is locked.")
    submit_label = _("Evaluate")
    success_message = _("Evaluated.")

    def perform(self, form: RunForm) -> Run:
        given = form.cleaned_data
        return running.start(
            kind=given["kind"],
            period=given["span"],
            scheme=given["scheme"],
            by=user_of(self.request),
        )

    def get_cancel_url(self) -> str:
        return reverse("performance:run-list")


class ResultFilter(django_filters.FilterSet):
    """By grade, group and what it is part of."""

    grade = django_filters.ChoiceFilter(label=_("Grade"), empty_label=ALL)
    group = django_filters.ChoiceFilter(label=_("Department group"), empty_label=ALL)
    parent = django_filters.CharFilter(label=_("Part of"), lookup_expr="icontains")

    class Meta:
        model = Result
        fields = ("grade", "group", "parent")

    def __init__(self, *args: Any, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = [(row["code"], row["code"]) for row in scheme.body["grades"]]
        self.filters["grade"].extra["choices"] = grades
        groups = list(scheme.group_names().items())
        if groups:
            self.filters["group"].extra["choices"] = groups
        else:
            del self.filters["group"]


def steps_of(run: Run) -> list[tuple[Any, str, str, bool]]:
    """What can be done with a result as it stands: label, page, icon, main one."""
    locked = run.locked_at is not None
    steps = {
        RunState.DRAFT: [
            (_("Open for appeals"), "show", "dispatch", True),
            *(
                [(_("Reopen"), "reopen", "edit", False)]
                if locked
                else [
                    (_("Compute again"), "again", "refresh", False),
                    (_("Lock the figures"), "lock", "lock", False),
                ]
            ),
            (_("Discard"), "discard", "trash", False),
        ],
        RunState.PUBLICITY: [
            (_("Approve the result"), "approve", "check", True),
            (_("Reopen"), "reopen", "edit", False),
        ],
        RunState.APPROVED: [(_("Publish"), "publish", "check", True)],
        RunState.PUBLISHED: [(_("Correct"), "correct", "edit", False)],
    }
    return steps.get(RunState(run.state), [])


class RunPage(ListPage):
    """One evaluation: its ranking with grades and indicators."""

    model = Result
    permission_required = SEEN
    template_name = "performance/run.html"
    filterset_class = ResultFilter
    search_fields = ("label", "key__startswith")
    ordering = ("group", F("rank").asc(nulls_last=True), "key")  # type: ignore[assignment]
    export_limit = 50_000
    empty_text = _("Nothing was evaluated.")

    @cached_property
    def run(self) -> Run:
        """The evaluation, if the user may see it."""
        rows = Run.objects.visible_to(self.request.user).select_related(
            "scheme", "replaces", "replaced_by", "made_by", "approved_by"
        )
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("run")
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        assert self.run.pk
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Result]:
        rows: QuerySet[Result] = super().get_queryset()
        return rows.filter(run=self.run)

    @cached_property
    def filterset(self) -> ResultFilter:
        return ResultFilter(
            self.request.GET,
            queryset=self.get_queryset(),
            request=self.request,
            scheme=self.run.scheme,
        )

    def get_title(self) -> str:
        return str(self.run)

    def get_columns(self) -> list[Column]:
        groups = self.run.scheme.group_names()
        name = Column("label", self.run.get_kind_display(), sort=True, link=True)
        fixed = [
            Column("rank", _("Rank"), sort=True, number=True),
            name,
            Column("parent", _("Part of"), sort=True),
            Column("composite", _("Composite index"), sort=True, number=True),
            Column("grade", _("Grade"), sort=True, render=grade_badge),
            Column("trend", _("Trend"), render=trend, export=plain_trend),
        ]
        if groups:
            named = partial(self._group, groups)
            fixed.insert(
                3, Column("group", _("Department group"), sort=True, render=named)
            )
        labels = self.run.scheme.names()
        rows = self.run.scheme.body["indicators"]
        return fixed + [self._indicator(row, labels[row["code"]]) for row in rows]

    @staticmethod
    def _group(names: dict[str, str], row: Result) -> str:
        return names.get(row.group, row.group or "—")

    def _indicator(self, row: dict[str, Any], label: str) -> Column:
        code, measure = row["code"], documents.formula(row["above"])[0][1]
        user = user_of(self.request)

        def cell(result: Result) -> object:
            text = value_text(row, result.scores.get(code, [0, 0, None, None]))
            url = drill(self.run, result.key, measure, user) if text != "—" else ""
            if not url:
                return text
            of = " / ".join(str(n) for n in result.scores[code][:2] if n is not None)
            return format_html('<a href="{}" title="{}">{}</a>', url, of, text)

        def plain(result: Result) -> object:
            value = result.scores.get(code, [0, 0, None, None])[2]
            return "" if value is None else float(value)

        return Column(code, label, number=True, render=cell, export=plain)

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(RunList.title, reverse("performance:run-list"))
        return [ROOT, above, Crumb(str(self.run))]

    def get_page_actions(self) -> list[PageAction]:
        bulletin = reverse("performance:bulletin", args=[self.run.pk])
        return [
            *(
                PageAction(
                    label,
                    reverse(f"performance:run-{name}", args=[self.run.pk]),
                    icon,
                    main,
                    EVALUATE,
                    dialog=True,
                )
                for label, name, icon, main in steps_of(self.run)
            ),
            PageAction(_("Bulletin"), bulletin, "list", permission=SEEN),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        grades = selectors.by_grade(self.get_queryset(), self.run.scheme)
        return super().get_context_data(
            run=self.run,
            corrected=getattr(self.run, "replaced_by", None),
            badge=run_badge(self.run),
            grades=grades,
            **kwargs,
        )

    def on_export(self, form: str) -> None:
        audit.record(
            "evaluation.exported",
            self.run,
            by=user_of(self.request),
            data={"form": form},
        )


# Steps ------------------------------------------------------------------------------


class RunStep(ActionPage):
    """A dialog about one evaluation."""

    model = Run
    permission_required = EVALUATE
    object: Run

    def get_breadcrumbs(self) -> list[Crumb]:
        url = self.object.get_absolute_url()
        return [ROOT, Crumb(str(self.object), url), Crumb(self.title)]


class RunAgain(RunStep):
    title = _("Compute again")
    lead = _("All results of this draft are worked out anew from the counts of now.")
    success_message = _("Computed again.")

    def perform(self, form: Any) -> Run:
        return running.again(run=self.object, by=user_of(self.request))


class RunLock(RunStep):
    title = _("Lock the figures")
    lead = _("Later changes of cases go to the next period.")
    success_message = _("The figures are locked.")

    def perform(self, form: Any) -> Run:
        return running.lock(run=self.object, by=user_of(self.request))


class RunShow(RunStep):
    title = _("Open for appeals")
    lead = _("Units and people see their result and may appeal; figures are locked.")
    success_message = _("Opened for appeals.")

    def perform(self, form: Any) -> Run:
        return running.show(run=self.object, by=user_of(self.request))


class RunReopen(RunStep):
    title = _("Reopen")
    lead = _("The result becomes a draft again and follows the cases.")
    form_class = ReasonForm
    success_message = _("Reopened.")

    def perform(self, form: ReasonForm) -> Run:
        reason = form.cleaned_data["reason"]
        return running.reopen(run=self.object, reason=reason, by=user_of(self.request))


class RunApprove(RunStep):
    title = _("Approve the result")
    lead = _("Possible when the days for appeals are over and all are decided.")
    success_message = _("The result is approved.")

    def perform(self, form: Any) -> Run:
        return running.approve(run=self.object, by=user_of(self.request))


class RunPublish(RunStep):
    title = _("Publish")
    lead = _("Units and people are told; the result can only be corrected then.")
    submit_label = _("Publish")
    success_message = _("Published.")

    def perform(self, form: Any) -> Run:
        return running.publish(run=self.object, by=user_of(self.request))


class RunCorrect(RunStep):
    title = _("Correct")
    lead = _("A new draft is made; published, it replaces this one, which stays.")
    form_class = ReasonForm
    success_message = _("A correction is being made.")

    def perform(self, form: ReasonForm) -> Run:
        reason = form.cleaned_data["reason"]
        return running.correct(run=self.object, reason=reason, by=user_of(self.request))


class RunDiscard(RunStep):
    title = _("Discard draft")
    lead = _("What the timetable asks for is evaluated again by itself.")
    submit_label = _("Discard")
    submit_level = "danger"
    success_url = "performance:run-list"
    success_message = _("Draft discarded.")

    def perform(self, form: Any) -> None:
        running.discard(run=self.object, by=user_of(self.request))
