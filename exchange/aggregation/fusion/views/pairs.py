"""The review queue: pairs that a person decides."""

from collections.abc import Callable

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion import words
from exchange.aggregation.fusion.enums import PairState
from exchange.aggregation.fusion.filters import PairFilter
from exchange.aggregation.fusion.forms import NoteForm, ReasonForm
from exchange.aggregation.fusion.models import Member, Pair
from exchange.aggregation.fusion.services import deciding
from exchange.delivery.views.peers import crumbs
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    DetailPage,
    ListPage,
    ObjectMixin,
)

from .parts import action, badge, below

VIEW, REVIEW = "fusion.view_pair", "fusion.review_pair"


def accept(row, user):
    return deciding.accept(pair=row, by=user)


def reject(row, user):
    return deciding.reject(pair=row, by=user)


class PairList(ListPage):
    """Pairs between the thresholds, the surest first; open ones unless asked."""

    model = Pair
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Pairs to be reviewed")
    empty_text = gettext_lazy("Pairs that a run is not sure of appear here.")
    filterset_class = PairFilter
    search_fields = ("title", "task__code", "task__name")
    ordering = ("-score", "pk")
    bulk_actions = (
        BulkAction("accept", gettext_lazy("Same thing"), accept, REVIEW),
        BulkAction("reject", gettext_lazy("Different things"), reject, REVIEW),
    )
    columns = (
        Column("title", gettext_lazy("Records"), link=True, sort=True),
        Column("task.name", gettext_lazy("Fusion task"), sort="task__name"),
        Column("score", gettext_lazy("Score"), sort=True, number=True),
        Column("evidence", gettext_lazy("Compared part"), sort=True, number=True),
        Column("conflict", gettext_lazy("Contradicts other pairs"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("by", gettext_lazy("Decided by")),
        Column("decided_at", gettext_lazy("Decided at"), sort=True, default=False),
        Column("found_at", gettext_lazy("Found at"), sort=True, default=False),
        Column("note", gettext_lazy("Reason"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        rows = super().get_queryset().select_related("task", "by")
        asked = self.request.GET.get("state")
        return rows if asked else rows.filter(state=PairState.OPEN)


class PairMixin(ObjectMixin):
    """Finds a pair."""

    object: Pair
    model = Pair
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("task__current", "by", "run")

    def get_breadcrumbs(self):
        return below(PairList, "pair-list", self.object)


class PairPage(PairMixin, DetailPage):
    """Two rows beside each other, with what each rule gave to the score."""

    permission_required = VIEW
    template_name = "fusion/pair.html"

    def get_summary(self):
        row = self.object
        return [
            (_("Fusion task"), row.task),
            (_("State"), badge(row)),
            (_("Score"), row.score),
            (_("Compared part"), row.evidence),
            (_("Contradicts other pairs"), row.conflict),
            (_("Decided by"), row.by),
            (_("Decided at"), row.decided_at),
            (_("Reason"), row.note),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        open_ = row.state == PairState.OPEN
        decided = row.state in deciding.DECIDED
        options = (
            ("pair-accept", _("Same thing"), open_, "primary"),
            ("pair-reject", _("Different things"), open_, ""),
            ("pair-reopen", _("Take the decision back"), decided, ""),
        )
        return [
            button
            for name, label, allowed, level in options
            for button in action(
                user, name, label, row.uid, REVIEW, allowed=allowed, level=level
            )
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        names = words.names(row.task.current, "fields")
        left, right = row.facts.get("left", {}), row.facts.get("right", {})
        values = [
            (name, left["values"].get(code), right["values"].get(code))
            for code, name in {**names, "point": _("Place")}.items()
            if code in left["values"] or code in right["values"]
        ]
        return super().get_context_data(
            values=values,
            sides=[self.side(left, row.left), self.side(right, row.right)],
            parts=words.rule_words(row.parts, names),
            **kwargs,
        )

    def side(self, facts, record):
        """Where a row is from, and the master that it belongs to now."""
        mine = Member.objects.filter(task=self.object.task, record=record)
        member = mine.select_related("master").first()
        key = facts.get("row")
        seen = key and self.request.user.has_perm("interfaces.view_landed")
        code = facts.get("source", "")
        return {
            "source": words.names(self.object.task.current, "sources").get(code, code),
            "url": reverse("interfaces:row", args=[key]) if seen else "",
            "master": member and member.master,
        }


class PairAction(PairMixin, ActionPage):
    """Something decided about a pair."""

    form_class: type[BaseForm] = NoteForm
    permission_required = REVIEW
    lead = gettext_lazy("The next run goes by it, and all runs after it.")
    success_message = gettext_lazy("Noted.")
    decide: Callable[..., Pair] = staticmethod(deciding.accept)

    def perform(self, form):
        return self.decide(pair=self.object, by=self.request.user, **form.cleaned_data)


class Accept(PairAction):
    """The two are the same thing."""

    title = gettext_lazy("Same thing")


class Reject(PairAction):
    """The two are different things."""

    title = gettext_lazy("Different things")
    decide = staticmethod(deciding.reject)


class Reopen(PairAction):
    """Take a decision back."""

    form_class = ReasonForm
    title = gettext_lazy("Take the decision back")
    lead = gettext_lazy("The next run goes by the score again.")
    decide = staticmethod(deciding.reopen)
