"""Processes: versions, pictures, drafts."""

import json
from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from platform_core.calendars.deadlines import amount_text
from platform_core.common.errors import DomainError
from platform_core.processes import labels
from platform_core.processes import services as processes
from platform_core.processes.enums import DefinitionStatus
from platform_core.processes.models import ProcessDefinition
from platform_core.systems.maintenance import diagram, forms
from platform_core.systems.maintenance.limits import LimitsForm
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, Crumb, DetailPage, ListPage, PageAction
from platform_core.workflow.definition import Definition, Limit
from platform_core.workflow.errors import DefinitionInvalid

from .common import SYSTEM, AdminMixin

VIEW, CHANGE = "processes.view_processdefinition", "processes.change_processdefinition"
LEVELS = {
    DefinitionStatus.DRAFT: "yellow",
    DefinitionStatus.PUBLISHED: "green",
    DefinitionStatus.RETIRED: "grey",
}


CLOCKS = {
    "accept": _("Acceptance"),
    "verify": _("Verification"),
    "filing": _("Case filing"),
    "dispatch": _("Dispatch"),
    "handling": _("Handling by the unit"),
    "check": _("Checking"),
    "sign": _("Signing"),
    "feedback": _("Review of the result"),
    "send_check": _("Sending the check"),
    "closing": _("Case closing"),
    "paused": _("Clock stopped"),
    "none": "",
}


def limit_text(limit: Limit | None) -> str:
    """A time limit in words."""
    if limit is None:
        return ""
    return amount_text(limit.value, limit.unit)


def page_of(row: ProcessDefinition) -> str:
    """Address of a version's page."""
    return reverse("maintenance:process", args=[row.pk])


def status_badge(row: ProcessDefinition) -> object:
    """Draft, in force, or retired."""
    level = LEVELS.get(DefinitionStatus(row.status), "grey")
    return components.status(row.get_status_display(), level)


class ProcessList(ListPage):
    """All versions of all processes."""

    model = ProcessDefinition
    scoped = False
    permission_required = VIEW
    title = _("Processes")
    ordering = ("code", "-version")
    columns = (
        Column("title", _("Title"), link=page_of),
        Column("code", _("Code"), sort=True),
        Column("version", _("Version"), number=True),
        Column("status", _("State"), sort=True, render=status_badge),
        Column("running", _("Running"), number=True),
        Column("published_at", _("Published at"), sort=True),
        Column("published_by", _("Published by")),
    )

    def get_queryset(self) -> Any:
        running = Count("instances", filter=Q(instances__ended_at=None))
        return super().get_queryset().defer("body").annotate(running=running)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]


class ProcessCrumbs(AdminMixin):
    """Breadcrumbs down to a version."""

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(ProcessList.title, reverse("maintenance:processes"))
        return [SYSTEM, above, Crumb(str(self.object))]


class ProcessPage(ProcessCrumbs, DetailPage):
    """One version: picture, states, steps, time limits."""

    model = ProcessDefinition
    scoped = False
    permission_required = VIEW
    template_name = "maintenance/process.html"

    def get_page_actions(self) -> list[PageAction]:
        row = self.object
        if not row.is_draft:
            copy = reverse("maintenance:process-draft", args=[row.pk])
            offer = row.status == DefinitionStatus.PUBLISHED
            action = PageAction(
                _("Copy to a draft"), copy, "edit", True, CHANGE, dialog=True
            )
            return [action] if offer else []
        links = [
            (_("Limits and warnings"), "process-limits", "clock", False),
            (_("Edit"), "process-edit", "edit", False),
            (_("Try on history"), "process-replay", "history", False),
            (_("Publish"), "process-publish", "check", True),
            (_("Discard"), "process-discard", "trash", True),
        ]
        return [
            PageAction(
                label,
                reverse(f"maintenance:{name}", args=[row.pk]),
                icon,
                permission=CHANGE,
                dialog=dialog,
                primary=name == "process-publish",
            )
            for label, name, icon, dialog in links
        ]

    def get_summary(self) -> list[tuple[Any, Any]]:
        row = self.object
        return [
            (_("Title"), row.title),
            (_("Code"), row.code),
            (_("Version"), row.version),
            (_("State"), status_badge(row)),
            (_("Published at"), row.published_at),
            (_("Published by"), row.published_by),
            (_("Running"), row.instances.filter(ended_at=None).count()),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        problems = processes.problems_of(self.object.body)
        try:
            definition = Definition.from_dict(self.object.body)
        except DefinitionInvalid:
            return {**context, "problems": problems, "picture": None}
        standing = Counter(
            self.object.instances.filter(ended_at=None).values_list("state", flat=True)
        )
        return {
            **context,
            "problems": problems,
            "picture": diagram.picture(
                definition,
                lambda state: labels.state_label(definition, state.code),
                labels.transition_label,
            ),
            "states": self.states(definition, standing),
            "steps": self.steps(definition),
        }

    def states(
        self, definition: Definition, standing: Counter[str]
    ) -> list[dict[str, Any]]:
        return [
            {
                "code": state.code,
                "name": labels.state_label(definition, state.code),
                "stage": state.stage,
                "stage_name": state.stage_name,
                "terminal": state.terminal,
                "limit": limit_text(definition.limit(state.code)),
                "clock": CLOCKS.get(state.clock, state.clock),
                "running": standing[state.code],
            }
            for state in definition.states
        ]

    def steps(self, definition: Definition) -> list[dict[str, Any]]:
        return [
            {
                "source": labels.state_label(definition, step.source),
                "name": labels.transition_label(step),
                "role": labels.role_label(definition, step.role),
                "target": labels.state_label(definition, step.target),
                "reason": step.reason_required,
                "condition": step.condition,
                "automatic": step.automatic,
            }
            for step in definition.transitions
        ]


class ProcessAction(ProcessCrumbs, ActionPage):
    """A form about one version."""

    model = ProcessDefinition
    scoped = False
    permission_required = CHANGE

    def get_success_url(self, result: Any) -> str:
        return page_of(result or self.object)

    def get_cancel_url(self) -> str:
        return page_of(self.object)


class ProcessDraft(ProcessAction):
    """Copy the version in force to a draft."""

    title = _("Copy to a draft")
    lead = _("The version in force stays in force until the draft is published.")
    submit_label = _("Copy")
    success_message = _("Draft made.")

    def perform(self, form: Any) -> ProcessDefinition:
        return processes.create_draft(code=self.object.code, by=self.request.user)


class ProcessEdit(ProcessAction):
    """Edit a draft as JSON; problems are shown, an unfinished draft is kept."""

    title = _("Edit draft")
    form_class = forms.DefinitionForm
    lead = _("Unfinished drafts are kept; publishing needs one without problems.")

    def get_initial(self) -> dict[str, Any]:
        body = json.dumps(self.object.body, ensure_ascii=False, indent=2)
        return {"title": self.object.title, "body": body}

    def perform(self, form: Any) -> HttpResponseBase | None:
        problems = processes.save_draft(
            draft=self.object, by=self.request.user, **form.cleaned_data
        )
        if not problems:
            return None
        for problem in problems:
            form.add_error("body", problem)
        return self.show(form, status=422)


class ProcessLimits(ProcessAction):
    """Change the time limits and warnings of a draft without writing JSON."""

    title = _("Limits and warnings")
    template_name = "maintenance/limits.html"
    success_message = _("Draft kept.")

    def prepare(self) -> None:
        super().prepare()
        try:
            Definition.from_dict(self.object.body)
        except DefinitionInvalid as invalid:
            text = _("Mend the definition first.")
            raise DomainError(text, fields={"body": invalid.problems}) from invalid

    def get_form(self) -> LimitsForm:
        return LimitsForm(
            body=self.object.body, labels=CLOCKS, **self.get_form_kwargs()
        )

    def perform(self, form: LimitsForm) -> None:
        row = self.object
        processes.save_draft(
            draft=row, body=form.changed_body(), title=row.title, by=self.request.user
        )


class ProcessPublish(ProcessAction):
    """Put a draft in force."""

    title = _("Publish draft")
    lead = _("New processes begin with it; running ones keep their version.")
    submit_label = _("Publish")
    success_message = _("Published.")

    def perform(self, form: Any) -> ProcessDefinition:
        return processes.publish_draft(draft=self.object, by=self.request.user)


class ProcessDiscard(ProcessAction):
    """Throw a draft away."""

    title = _("Discard draft")
    submit_label = _("Discard")
    submit_level = "danger"
    success_message = _("Draft discarded.")

    def perform(self, form: Any) -> None:
        processes.discard_draft(draft=self.object, by=self.request.user)

    def get_success_url(self, result: Any) -> str:
        return reverse("maintenance:processes")


class ProcessReplay(ProcessAction):
    """What a draft would have made of everything recorded."""

    title = _("Try on history")
    lead = _("All recorded histories are replayed with the draft; nothing changes.")
    submit_label = _("Replay")

    def perform(self, form: Any) -> HttpResponseBase:
        report = processes.replay_history(self.object)
        context = {
            **self.page_context(),
            "report": report,
            "shown": report.obstacles[:100],
            "back": page_of(self.object),
        }
        return render(self.request, "maintenance/replay.html", context)
