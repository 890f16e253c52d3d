"""The way of a case: the chart of its process, and the page for the printer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from municipal.command import selectors
from municipal.command.models import Case
from platform_core.accounts.roles import tier_roles
from platform_core.processes import labels
from platform_core.processes import selectors as processes
from platform_core.processes.selectors import HistoryStep
from platform_core.systems.maintenance import diagram
from platform_core.systems.maintenance.diagram import Picture
from platform_core.ui.views import Crumb
from platform_core.workflow.definition import Definition

from .detail import CaseDetail

NOW, PAST, TAKEN = "is-now", "is-past", "is-taken"


def drawn(case: Case, steps: Sequence[HistoryStep]) -> Picture:
    """The process as a picture, with where the case is and how it came there."""
    taken = {(step.from_state, step.to_state) for step in steps}
    definition = of_people(processes.definition_of(case.process), taken)
    found = diagram.picture(
        definition,
        lambda state: labels.state_label(definition, state.code),
        labels.transition_label,
    )
    been = {step.from_state for step in steps}
    found.boxes = [
        replace(box, css=NOW if box.code == case.state else PAST)
        if box.code == case.state or box.code in been
        else box
        for box in found.boxes
    ]
    found.arrows = [
        replace(arrow, css=TAKEN) if (arrow.source, arrow.target) in taken else arrow
        for arrow in found.arrows
    ]
    return found


def of_people(definition: Definition, taken: set[tuple[str, str]]) -> Definition:
    """The process without the steps of the platform alone that were not made."""
    steps = tuple(
        step
        for step in definition.transitions
        if step.role in tier_codes() or (step.source, step.target) in taken
    )
    return replace(definition, transitions=steps)


def tier_codes() -> set[str]:
    """The posts of the city."""
    return {role.code for role in tier_roles("municipal")}


class CoursePage(CaseDetail):
    """A page below that of a case."""

    partial_name = ""
    name: str | Promise = ""

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(gettext_lazy("Cases"), reverse("command:case-list")),
            Crumb(self.object.number, self.object.get_absolute_url()),
            Crumb(self.name),
        ]

    def get_page_actions(self) -> list[Any]:
        return []


class FlowPage(CoursePage):
    """The chart of the process, the present state and the way taken."""

    template_name = "command/flow.html"
    name = gettext_lazy("Flow chart")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = selectors.timeline(self.object)
        picture = drawn(self.object, steps)
        return super().get_context_data(picture=picture, **kwargs)


class PrintPage(CoursePage):
    """Everything about a case on paper."""

    template_name = "command/print.html"
    name = gettext_lazy("Print view")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(steps=self.get_timeline()[::-1], **kwargs)
