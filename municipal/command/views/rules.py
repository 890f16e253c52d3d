"""Administrators' pages of the rules of case handling and of graded areas."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command import rules
from municipal.command.enums import Grade, RulesStatus
from municipal.command.forms_rules import GradeForm, RulesForm, labels, shown
from municipal.command.models import CaseRules, GradedArea
from municipal.command.requests import user_of
from municipal.command.services import ruling
from platform_core.regions import selectors as regions
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    BulkAction,
    Crumb,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

CHANGE = "command.change_caserules"
LEVELS = {
    RulesStatus.DRAFT: "yellow",
    RulesStatus.PUBLISHED: "green",
    RulesStatus.RETIRED: "grey",
}
SYSTEM = Crumb(_("Command and coordination"))


def badge(row: CaseRules) -> object:
    """Draft, in force, or retired."""
    return components.status(row.get_status_display(), LEVELS[RulesStatus(row.status)])


class RulesList(ListPage):
    """All versions of the rules."""

    model = CaseRules
    scoped = False
    permission_required = CHANGE
    title = _("Case rules")
    ordering = ("-version",)
    search_fields = ("note",)
    columns = (
        Column("version", _("Version"), sort=True, link=True),
        Column("status", _("State"), sort=True, render=badge),
        Column("note", _("What was changed")),
        Column("published_at", _("Published at"), sort=True),
        Column("published_by", _("Published by")),
    )

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("published_by")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        draft = reverse("command:rules-draft")
        areas = reverse("command:grades")
        return [
            PageAction(_("Graded areas"), areas, "map", permission=CHANGE),
            PageAction(_("Copy to a draft"), draft, "edit", True, CHANGE, dialog=True),
        ]


class RulesCrumbs:
    """Breadcrumbs down to a version."""

    object: Any

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(RulesList.title, reverse("command:rules-list"))
        return [SYSTEM, above, Crumb(str(self.object))]


class RulesPage(RulesCrumbs, DetailPage):
    """One version, beside the rules in force."""

    model = CaseRules
    scoped = False
    lookup = "version"
    permission_required = CHANGE
    template_name = "command/rules.html"

    def get_page_actions(self) -> list[PageAction]:
        if not self.object.is_draft:
            return []
        links = (
            (_("Edit"), "rules-edit", "edit"),
            (_("Publish"), "rules-publish", "check"),
            (_("Discard"), "rules-discard", "trash"),
        )
        return [
            PageAction(
                label,
                reverse(f"command:{name}", args=[self.object.version]),
                icon,
                permission=CHANGE,
                dialog=name != "rules-edit",
                primary=name == "rules-publish",
            )
            for label, name, icon in links
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        present, body = rules.current().to_body(), self.object.body
        rows = [
            {
                "label": label,
                "value": shown(name, body.get(name)),
                "present": shown(name, present[name]),
                "differs": name in body and body[name] != present[name],
            }
            for name, label in labels().items()
        ]
        return super().get_context_data(rows=rows, badge=badge(self.object), **kwargs)


class RulesDraft(FormPage):
    """Copy the rules in force to a draft."""

    permission_required = CHANGE
    form_class = forms.Form
    title = _("Copy to a draft")
    lead = _("The rules in force stay in force until the draft is published.")
    submit_label = _("Copy")
    success_message = _("Draft made.")

    def perform(self, form: Any) -> CaseRules:
        return ruling.create_draft(by=user_of(self.request))

    def get_cancel_url(self) -> str:
        return reverse("command:rules-list")


class RulesAction(RulesCrumbs, ActionPage):
    """A form about one version."""

    model = CaseRules
    scoped = False
    lookup = "version"
    permission_required = CHANGE


class RulesEdit(RulesAction):
    """Change a draft."""

    title = _("Edit draft")
    form_class = RulesForm
    template_name = "command/form.html"
    success_message = _("Draft kept.")

    def get_initial(self) -> dict[str, Any]:
        return {**self.object.body, "note": self.object.note}

    def perform(self, form: RulesForm) -> CaseRules:
        body = dict(form.cleaned_data)
        return ruling.save_draft(
            draft=self.object,
            note=body.pop("note"),
            body=body,
            by=user_of(self.request),
        )


class RulesPublish(RulesAction):
    """Put a draft in force."""

    title = _("Publish draft")
    lead = _("Every case goes by these rules from its next step on.")
    submit_label = _("Publish")
    success_message = _("Published.")

    def perform(self, form: Any) -> CaseRules:
        return ruling.publish(draft=self.object, by=user_of(self.request))


class RulesDiscard(RulesAction):
    """Throw a draft away."""

    title = _("Discard draft")
    submit_label = _("Discard")
    submit_level = "danger"
    success_url = "command:rules-list"
    success_message = _("Draft discarded.")

    def perform(self, form: Any) -> None:
        ruling.discard(draft=self.object, by=user_of(self.request))


# Graded areas -----------------------------------------------------------------


def area_name(row: GradedArea) -> str:
    """The area in the reader's words."""
    found = regions.find_division(row.code)
    return found.label if found else row.code


def remove_area(row: GradedArea, user: Any) -> None:
    """Let an area go by the listed limits again."""
    ruling.remove_grade(area=row, by=user)


GRADE_REMOVAL = BulkAction("remove", _("Remove the grade"), remove_area, CHANGE)


class GradeList(ListPage):
    """Where limits are shorter or longer."""

    model = GradedArea
    scoped = False
    permission_required = CHANGE
    title = _("Graded areas")
    ordering = ("code",)
    search_fields = ("code__startswith",)
    search_hint = _("Code of the area")
    columns = (
        Column("code", _("Code"), sort=True),
        Column(
            "name",
            _("District, street or community"),
            render=area_name,
            export=area_name,
        ),
        Column(
            "grade", _("Grade"), sort=True, render=lambda row: row.get_grade_display()
        ),
        Column("updated_at", _("Changed"), sort=True),
    )
    empty_text = _("All areas go by the listed limits. Add areas that differ.")

    def get_breadcrumbs(self) -> list[Crumb]:
        above = Crumb(RulesList.title, reverse("command:rules-list"))
        return [SYSTEM, above, Crumb(self.title)]

    def get_page_actions(self) -> list[PageAction]:
        add = reverse("command:grade-add")
        return [PageAction(_("Grade an area"), add, "plus", True, CHANGE, dialog=True)]

    def get_bulk_actions(self) -> Any:
        return [GRADE_REMOVAL]


class GradeAdd(FormPage):
    """Give an area a grade."""

    permission_required = CHANGE
    form_class = GradeForm
    title = _("Grade an area")
    success_url = "command:grades"
    success_message = _("The area is graded; cases filed from now on go by it.")

    def get_initial(self) -> dict[str, Any]:
        return {"grade": Grade.A, **super().get_initial()}

    def perform(self, form: GradeForm) -> None:
        ruling.set_grade(by=user_of(self.request), **form.cleaned_data)
