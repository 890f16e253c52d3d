"""Assignments: those received, those given, and what may be done with one."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from platform_core.audit.services import record
from platform_core.files import services as files
from platform_core.systems.supervision import (
    actions,
    forms,
    people,
    policies,
    selectors,
)
from platform_core.systems.supervision.filters import (
    AssignmentPageFilter,
    ReceivedFilter,
)
from platform_core.systems.supervision.models import Assignment
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage, PlainPage

from . import badges
from .tasks import SYSTEM, VIEW, option

COLUMNS = (
    Column("number", _("Number"), link=True, css="text-nowrap"),
    Column("title", _("Title"), link=True),
    Column("receiver_name", _("Receiver"), sort=True),
    Column("issuer_unit", _("Issuing unit"), sort=True),
    Column("priority", _("Priority"), sort=True, render=badges.priority),
    Column("state", _("State"), sort=True, render=badges.state),
    Column("percent", _("Progress"), sort=True, render=badges.progress),
    Column("deadline", _("Deadline"), sort=True, render=badges.deadline),
    Column("category", _("Category"), sort=True, default=False),
    Column("issued_at", _("Issued at"), sort=True, default=False),
    Column("signed_at", _("Signed at"), sort=True, default=False),
    Column("submitted_at", _("Submitted at"), sort=True, default=False),
    Column("score", _("Score"), sort=True, default=False, number=True),
    Column("urged_count", _("Times urged"), default=False, number=True),
    Column("overdue", _("Overdue"), default=False),
)


class AssignmentList(ListPage):
    """All assignments in sight; the filter says which side."""

    model = Assignment
    permission_required = VIEW
    export_permission = "supervision.export_task"
    title = _("Assignments")
    filterset_class = AssignmentPageFilter
    search_fields = ("number__istartswith", "title", "receiver_name")
    search_hint = _("Number, title or receiver")
    ordering = ("deadline", "pk")
    live = 5
    empty_text = _("Tasks given to this platform, its units or platforms below.")
    columns = COLUMNS

    def get_queryset(self):
        return selectors.assignments(people.signed_in(self.request))

    def get_breadcrumbs(self):
        return [SYSTEM, Crumb(self.title)]

    def row_class(self, row):
        return "row-overdue" if selectors.light(row) == "red" else ""

    def on_export(self, form):
        record(
            "assignment.exported",
            by=people.signed_in(self.request),
            data={"form": form},
        )


class ReceivedList(AssignmentList):
    """What this node or its units have to do."""

    title = _("Received tasks")
    filterset_class = ReceivedFilter
    empty_text = _("Tasks that arrive from above or are given to units appear here.")

    def get_queryset(self):
        return selectors.received(people.signed_in(self.request))


class AssignmentPage(DetailPage):
    """One assignment as either end sees it."""

    model = Assignment
    lookup = "uid"
    permission_required = VIEW
    template_name = "supervision/assignment.html"
    partial_name = "supervision/partials/_assignment.html"

    def get_queryset(self):
        return selectors.assignments(people.signed_in(self.request))

    def get_title(self):
        return self.object.title

    def get_breadcrumbs(self):
        desk = people.signed_in(self.request).has_perm("supervision.view_all_tasks")
        ours = desk and self.object.is_own
        name = "task-list" if ours else "received-list"
        label = _("Key tasks") if ours else _("Received tasks")
        above = Crumb(label, reverse(f"supervision:{name}"))
        self.request.menu_url = above.url  # type: ignore[attr-defined]
        return [SYSTEM, above, Crumb(self.object.number)]

    def get_actions(self):
        uid = self.object.uid
        return [
            option(
                offer, reverse("supervision:assignment-action", args=[uid, offer.code])
            )
            for offer in policies.assignment_offers(
                people.signed_in(self.request), self.object
            )
        ]

    def get_summary(self):
        one = self.object
        return [
            (_("Number"), one.number),
            (_("State"), badges.state(one)),
            (_("Progress"), badges.progress(one)),
            (_("Deadline"), badges.deadline(one)),
            (_("Receiver"), one.receiver_name),
            (_("Issuing unit"), f"{one.issuer_unit} {one.issuer_name}".strip()),
            (_("Category"), one.get_category_display()),
            (_("Priority"), badges.priority(one)),
            (_("Feedback cycle"), one.get_feedback_cycle_display()),
            (_("Signed at"), one.signed_at),
            (_("Signed by"), one.signed_by),
            (_("Score"), one.score),
            (_("Times urged"), one.urged_count),
            (_("Basis document"), one.basis),
        ]

    def get_timeline(self):
        return selectors.history(self.object)

    def get_context_data(self, **kwargs):
        user, one = people.signed_in(self.request), self.object
        below = selectors.assignments(user).filter(task__parent_assignment=one)
        shown = [
            {
                "object": row,
                "state": badges.state(row),
                "deadline": badges.deadline(row),
                "progress": badges.progress(row),
            }
            for row in below
        ]
        return super().get_context_data(
            receivers=shown,
            supervision=selectors.open_supervision(one),
            attached=files.of(one.task) if one.task else (),
            papers=selectors.papers(one, one.wire_files),
            said=selectors.message_papers(one),
            **kwargs,
        )


class AssignmentFile(DetailPage):
    """A file that came with a task or with what was said about it."""

    model = Assignment
    lookup = "uid"
    permission_required = VIEW

    def get_queryset(self):
        return selectors.assignments(people.signed_in(self.request))

    def get(self, request, *args, **kwargs):
        given = selectors.named_file(self.get_object(), kwargs["sha256"])
        answer = files.open_named(given, request) if given else None
        if answer is None:
            raise Http404(kwargs["sha256"])
        return answer


class AssignmentAction(ActionPage):
    """Something done to an assignment, as a dialog that keeps what was typed."""

    model = Assignment
    lookup = "uid"
    permission_required = VIEW

    def get_queryset(self):
        return selectors.assignments(people.signed_in(self.request))

    def prepare(self):
        super().prepare()
        self.code = self.kwargs["code"]
        if self.code not in actions.ON_ASSIGNMENTS:
            raise Http404(self.code)
        known = policies.ASSIGNMENT_ACTIONS[self.code]
        self.form_class: Any = forms.ASSIGNMENT_FORMS[self.code]
        self.success_message = gettext("Done: %(name)s.") % {
            "name": policies.ASSIGNMENT_ACTIONS[self.code].name
        }
        self.title = self.submit_label = known.name
        self.submit_level = "danger" if known.style == "danger" else "primary"
        policies.require(people.signed_in(self.request), self.code, self.object)

    def get_initial(self):
        return {**self.form_class.prefill(self.object), **super().get_initial()}

    def perform(self, form):
        values = dict(form.cleaned_data)
        user = people.signed_in(self.request)
        uploads = values.pop("uploads", ())
        values["attachments"] = files.store_all(uploads, field="uploads", by=user)
        return actions.ON_ASSIGNMENTS[self.code](self.object, user, values)

    def get_success_url(self, result):
        return self.object.get_absolute_url()


class Statistics(PlainPage):
    """How tasks stand, in all and by division.  [SI-14]"""

    permission_required = VIEW
    template_name = "supervision/statistics.html"
    title = _("Task statistics")

    def get_breadcrumbs(self):
        return [SYSTEM, Crumb(self.title)]

    def get_context_data(self, **kwargs):
        user = people.signed_in(self.request)
        given = selectors.assignments(user).issued_here()
        taken = selectors.received(user)
        rows = selectors.by_division(given)
        return super().get_context_data(
            given=selectors.figures(given),
            taken=selectors.figures(taken),
            rows=rows,
            chart=selectors.chart(rows),
            **kwargs,
        )
