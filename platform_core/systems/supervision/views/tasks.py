"""Tasks of this node: list, draft, page, decisions."""

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
    services,
)
from platform_core.systems.supervision.filters import TaskFilter
from platform_core.systems.supervision.models import Task
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from . import badges

VIEW, DRAFT = "supervision.view_task", "supervision.draft_task"
SYSTEM = Crumb(_("Supervision"))


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a task's page."""
    return [SYSTEM, Crumb(_("Key tasks"), reverse("supervision:task-list")), *more]


def option(offer: policies.Offer, url: str) -> dict:
    """An action as a button."""
    level = {"primary": "primary", "danger": "outline-danger"}.get(offer.style, "")
    return {
        "name": offer.name,
        "allowed": offer.allowed,
        "why": offer.why or "",
        "url": url,
        "level": level or "outline-primary",
    }


class TaskList(ListPage):
    """Tasks drafted and issued here."""

    model = Task
    permission_required = VIEW
    export_permission = "supervision.export_task"
    title = _("Key tasks")
    filterset_class = TaskFilter
    search_fields = ("number__istartswith", "title")
    search_hint = _("Number or title")
    ordering = ("-created_at", "-pk")
    live = 5
    empty_text = _("Tasks that are drafted or broken down here appear in this list.")
    columns = (
        Column("number", _("Number"), link=True, css="text-nowrap"),
        Column("title", _("Title"), link=True),
        Column("category", _("Category"), sort=True),
        Column("priority", _("Priority"), sort=True, render=badges.priority),
        Column("state", _("State"), sort=True, render=badges.task_state),
        Column("receiver_count", _("Done / receivers"), render=badges.receivers),
        Column("mean_percent", _("Progress"), render=badges.mean, sort=True),
        Column("deadline", _("Deadline"), sort=True),
        Column("drafted_by", _("Drafted by"), default=False),
        Column("issued_at", _("Issued at"), sort=True, default=False),
    )

    def get_queryset(self):
        return selectors.tasks(people.signed_in(self.request))

    def get_breadcrumbs(self):
        return crumbs()

    def get_page_actions(self):
        url = reverse("supervision:task-new")
        return [PageAction(_("Draft a task"), url, "plus", True, DRAFT)]

    def on_export(self, form):
        record("task.exported", by=people.signed_in(self.request), data={"form": form})


class DraftMixin(FormPage):
    """What making and changing a draft have in common."""

    form_class: Any = forms.DraftForm
    permission_required = DRAFT
    submit_label = _("Save the draft")

    def values(self, form) -> dict:
        """What the form says, uploads stored."""
        values = dict(form.cleaned_data)
        uploads = values.pop("uploads")
        user = people.signed_in(self.request)
        values["attachments"] = files.store_all(uploads, field="uploads", by=user)
        return values


class NewTask(DraftMixin):
    """Draft a task."""

    title = _("Draft a key task")
    success_url = "supervision:task-list"
    success_message = _("Draft saved. Submit it for approval when it is complete.")

    def get_breadcrumbs(self):
        return crumbs(Crumb(self.title))

    def perform(self, form):
        return services.draft_task(
            by=people.signed_in(self.request), **self.values(form)
        )

    def get_success_url(self, result):
        return result.get_absolute_url()


class ChangeTask(DraftMixin, ActionPage):
    """Change a draft."""

    form_class: Any = forms.DraftForm

    model = Task
    lookup = "uid"
    title = _("Change the draft")
    success_message = _("Draft saved.")

    def get_breadcrumbs(self):
        return crumbs(Crumb(self.object.number, self.object.get_absolute_url()))

    def prepare(self):
        super().prepare()
        policies.require_task(people.signed_in(self.request), "change", self.object)

    def get_initial(self):
        return forms.DraftForm.values_of(self.object)

    def perform(self, form):
        values = self.values(form)
        return services.change_draft(
            task=self.object, by=people.signed_in(self.request), **values
        )


class TaskPage(DetailPage):
    """One task with its receivers."""

    model = Task
    lookup = "uid"
    permission_required = VIEW
    template_name = "supervision/task.html"
    partial_name = "supervision/partials/_task.html"

    def get_queryset(self):
        rows = selectors.tasks(people.signed_in(self.request))
        return rows.select_related(
            "drafted_by", "approved_by", "process", "parent_assignment"
        )

    def get_title(self):
        return self.object.title

    def get_breadcrumbs(self):
        return crumbs(Crumb(self.object.number))

    def get_page_actions(self):
        if not self.object.is_editable:
            return []
        url = reverse("supervision:task-change", args=[self.object.uid])
        return [PageAction(_("Edit"), url, "edit", False, DRAFT)]

    def get_actions(self):
        task = self.object
        found = policies.task_offers(people.signed_in(self.request), task)
        urls = {
            offer.code: reverse("supervision:task-action", args=[task.uid, offer.code])
            for offer in found
        }
        useful = [offer for offer in found if offer.code != "change"]
        return [option(offer, urls[offer.code]) for offer in useful]

    def get_summary(self):
        task = self.object
        return [
            (_("Number"), task.number),
            (_("State"), badges.task_state(task)),
            (_("Category"), task.get_category_display()),
            (_("Priority"), badges.priority(task)),
            (_("Deadline"), task.deadline),
            (_("Feedback cycle"), task.get_feedback_cycle_display()),
            (_("Drafted by"), task.drafted_by),
            (_("Approved by"), task.approved_by),
            (_("Issued at"), task.issued_at),
            (_("Basis document"), task.basis),
        ]

    def get_timeline(self):
        return selectors.task_history(self.object)

    def get_context_data(self, **kwargs):
        user, task = people.signed_in(self.request), self.object
        rows = selectors.assignments(user).filter(task=task)
        shown = [
            {
                "object": row,
                "state": badges.state(row),
                "deadline": badges.deadline(row),
                "progress": badges.progress(row),
            }
            for row in rows
        ]
        wanted = selectors.planned(task) if not shown else []
        return super().get_context_data(
            receivers=shown,
            planned=wanted,
            attached=files.of(task),
            papers=selectors.task_papers(task),
            **kwargs,
        )


class TaskAction(ActionPage):
    """A decision about a task, as a dialog."""

    model = Task
    lookup = "uid"
    permission_required = VIEW

    def prepare(self):
        super().prepare()
        self.code = self.kwargs["code"]
        if self.code not in actions.ON_TASKS:
            raise Http404(self.code)
        self.form_class = forms.TASK_FORMS[self.code]
        self.success_message = gettext("Done: %(name)s.") % {
            "name": policies.TASK_ACTIONS[self.code].name
        }
        self.title = self.submit_label = policies.TASK_ACTIONS[self.code].name
        danger = policies.TASK_ACTIONS[self.code].style == "danger"
        self.submit_level = "danger" if danger else "primary"
        policies.require_task(people.signed_in(self.request), self.code, self.object)

    def perform(self, form):
        act = actions.ON_TASKS[self.code]
        return act(self.object, people.signed_in(self.request), form.cleaned_data)

    def get_success_url(self, result):
        return self.object.get_absolute_url()
