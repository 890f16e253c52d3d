"""Fusion tasks: list, page, versions, trial, comparison, publishing."""

import json
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion import selectors, words
from exchange.aggregation.fusion.enums import SAMPLE
from exchange.aggregation.fusion.forms import (
    DefinitionForm,
    PublishForm,
    TaskForm,
    TaskMakeForm,
)
from exchange.aggregation.fusion.models import Task
from exchange.aggregation.fusion.services import running, trying
from exchange.aggregation.fusion.services import tasks as service
from exchange.aggregation.fusion.words import described, section_name
from exchange.delivery.views.peers import crumbs
from platform_core.audit import services as audit
from platform_core.common.errors import DomainError
from platform_core.ui.columns import Column
from platform_core.ui.exports import disposition
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    ObjectMixin,
    PageAction,
)

from .parts import action, asked, badge, below, draft_of

VIEW, CHANGE = "fusion.view_task", "fusion.change_task"


class TaskList(ListPage):
    """Which tables become which subject."""

    model = Task
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Fusion tasks")
    empty_text = gettext_lazy("Make a task, or bring one in as a file.")
    search_fields = ("code", "name", "description")
    ordering = ("code",)
    columns = (
        Column("code", gettext_lazy("Code"), sort=True, link=True),
        Column("name", gettext_lazy("Name"), sort=True),
        Column("current.number", gettext_lazy("Published version"), number=True),
        Column("current.published_at", gettext_lazy("Published"), sort=True),
        Column("count", gettext_lazy("Master records"), sort=True, number=True),
        Column("after_landing", gettext_lazy("After rows landed"), sort=True),
        Column("daily_at", gettext_lazy("Every day at the hour"), number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return selectors.subjects()

    def get_page_actions(self):
        return [
            PageAction(
                _("Make a fusion task"),
                reverse("fusion:task-make"),
                icon="plus",
                primary=True,
                permission=CHANGE,
            )
        ]


def definition_in(file):
    """The definition in an uploaded file."""
    try:
        found = json.loads(file.read().decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        text = _("This is no JSON file.")
        raise DomainError(text, fields={"file": text}) from error
    if not isinstance(found, dict):
        text = _("This is no definition of a fusion task.")
        raise DomainError(text, fields={"file": text})
    return found


class TaskMake(FormPage):
    """A new subject, empty or out of a file."""

    form_class = TaskMakeForm
    permission_required = CHANGE
    title = gettext_lazy("Make a fusion task")
    success_message = gettext_lazy("The draft is made.")

    def get_breadcrumbs(self):
        return below(TaskList, "task-list", self.title)

    def perform(self, form):
        facts = dict(form.cleaned_data)
        file = facts.pop("file")
        given = definition_in(file) if file else None
        return service.make(by=self.request.user, definition=given, **facts)


class TaskMixin(ObjectMixin):
    """Finds the task of the address and the version that is asked for."""

    object: Any
    title: Any
    request: Any
    model = Task
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        return super().get_queryset().select_related("current")

    def get_breadcrumbs(self):
        return below(TaskList, "task-list", self.object, self.title)

    def version(self, name="version", otherwise=None):
        """The version named in the address, else the newest one."""
        versions = self.object.versions.select_related("task", "by")
        return asked(self.request, versions, name, otherwise)


class TaskPage(TaskMixin, DetailPage):
    """How a subject is made: sources, fields, comparison, thresholds."""

    permission_required = VIEW
    template_name = "fusion/task.html"

    def get_breadcrumbs(self):
        return below(TaskList, "task-list", self.object)

    def get_summary(self):
        row = self.object
        return [
            (_("Code"), row.code),
            (_("Name"), row.name),
            (_("Description"), row.description),
            (_("Published version"), row.current and row.current.number),
            (_("After rows landed"), row.after_landing),
            (_("Every day at the hour"), row.daily_at),
        ]

    def get_actions(self):
        row, user, draft = self.object, self.request.user, self.object.draft
        none, first = _("There is no draft"), _("Publish the task first.")
        options = (
            ("task-edit", _("Edit"), CHANGE, True, ""),
            ("task-draft", _("Edit a draft"), CHANGE, not draft, _("There is a draft")),
            ("define", _("Take a definition"), CHANGE, draft, none),
            ("task-publish", _("Publish"), "fusion.publish_task", draft, none),
            ("start", _("Start a run"), "fusion.start_run", row.current, first),
        )
        return [
            button
            for name, label, right, allowed, why in options
            for button in action(
                user, name, label, row.uid, right, allowed=allowed, why=why
            )
        ]

    def get_page_actions(self):
        row, version = self.object, self.version()
        if version is None:
            return []
        asked_for = f"?version={version.number}"
        options = (
            ("trial", _("Try on %(count)d rows") % {"count": SAMPLE}, "play"),
            ("task-compare", _("Compare versions"), "columns"),
            ("definition", _("Export the definition"), "download"),
            ("subject", _("Subject table"), "grid"),
        )
        return [
            PageAction(
                label,
                reverse(f"fusion:{name}", args=[row.uid])
                + ("" if name == "subject" else asked_for),
                icon=icon,
            )
            for name, label, icon in options
        ]

    def get_context_data(self, **kwargs):
        version = self.version()
        may = self.request.user.has_perm(CHANGE)
        return super().get_context_data(
            version=version,
            badge=version and badge(version),
            sections=described(version) if version else [],
            editable=version and version.is_draft and may,
            versions=[(one, badge(one)) for one in self.object.versions.all()],
            **kwargs,
        )


class TaskAction(TaskMixin, ActionPage):
    """Something done to a task."""

    permission_required = CHANGE


class TaskEdit(TaskMixin, EditPage):
    """Name, and when it runs."""

    form_class = TaskForm
    permission_required = CHANGE
    title = gettext_lazy("Edit")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        given = form.cleaned_data
        return service.change(task=self.object, by=self.request.user, **given)


class TaskDraft(TaskAction):
    """Begin a new version."""

    title = gettext_lazy("Edit a draft")
    lead = gettext_lazy("The draft begins as a copy of the published version.")

    def perform(self, form):
        return service.draft(task=self.object, by=self.request.user)


class Define(TaskAction):
    """A whole definition out of a file."""

    form_class = DefinitionForm
    title = gettext_lazy("Take a definition")
    lead = gettext_lazy("It takes the place of everything in the draft.")
    success_message = gettext_lazy("Saved.")

    def perform(self, form):
        service.define(
            version=draft_of(self.object),
            by=self.request.user,
            definition=definition_in(form.cleaned_data["file"]),
        )


class Publish(TaskAction):
    """The draft becomes what counts."""

    form_class = PublishForm
    permission_required = "fusion.publish_task"
    title = gettext_lazy("Publish")
    lead = gettext_lazy("Runs from now on use the draft.")
    success_message = gettext_lazy("Published.")

    def perform(self, form):
        service.publish(
            version=draft_of(self.object), by=self.request.user, **form.cleaned_data
        )


class Start(TaskAction):
    """Make the subject anew."""

    permission_required = "fusion.start_run"
    title = gettext_lazy("Start a run")
    lead = gettext_lazy("All newest rows of its sources are fused in the background.")
    success_message = gettext_lazy("It has begun.")

    def perform(self, form):
        return running.start(task=self.object, by=self.request.user)


class TrialPage(TaskMixin, DetailPage):
    """What a version would make of the newest rows."""

    permission_required = VIEW
    title = gettext_lazy("Trial of the task")
    template_name = "fusion/trial.html"

    def get_context_data(self, **kwargs):
        version, trial = self.version(), None
        problem: object = ""
        try:
            trial = trying.try_out(version) if version else None
        except DomainError as error:
            problem = error.message
        names = words.names(version, "fields")
        for one in trial.pairs if trial else ():
            one["parts"] = words.rule_words(one["parts"], names)
        return super().get_context_data(
            version=version, trial=trial, problem=problem, **kwargs
        )


class ComparePage(TaskMixin, DetailPage):
    """What is different between two versions."""

    permission_required = VIEW
    title = gettext_lazy("Compare versions")
    template_name = "fusion/compare.html"

    def get_context_data(self, **kwargs):
        versions = list(self.object.versions.all())
        new = self.version("new")
        before = next((one for one in versions if new and one.number < new.number), new)
        old = self.version("old", before)
        found = selectors.differences(old, new) if old and new else []
        return super().get_context_data(
            old=old,
            new=new,
            versions=versions,
            differences=[(section_name(one.section), one) for one in found],
            **kwargs,
        )


class DefinitionPage(TaskMixin, DetailPage):
    """The definition of a version as a file."""

    permission_required = VIEW

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        version = self.version()
        made = version.definition if version else {}
        audit.record("fusion.definition_exported", version, by=request.user)
        text = json.dumps(made, ensure_ascii=False, indent=2)
        response = HttpResponse(text, content_type="application/json")
        response["Content-Disposition"] = disposition(f"{self.object.code}.json")
        return response
