"""Pages of duty: rules with history, import, suggestions, automatic dispatch."""

from typing import Any

import django_filters
from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from municipal.command.collaboration.enums import PlaceKind, SuggestionState
from municipal.command.collaboration.forms import (
    AutoForm,
    DepartmentTypeForm,
    ImportForm,
    RuleForm,
)
from municipal.command.collaboration.importing import HEADS
from municipal.command.collaboration.models import (
    AutoDispatch,
    DepartmentType,
    DutyChoice,
    DutyRule,
    DutySuggestion,
)
from municipal.command.collaboration.services import automatic, duty
from municipal.command.requests import user_of
from municipal.command.views.report import map_settings
from platform_core.accounts.models import OrgUnit
from platform_core.audit import services as audit
from platform_core.jobs import services as jobs
from platform_core.regions import selectors as regions
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

PERMISSION = "collaboration.manage_duty"
ROOT = Crumb(_("Duty"), "/collaboration/rules/")


def yes(value: bool) -> object:
    """A switch as a badge."""
    text = _("In force") if value else _("Out of force")
    return components.status(text, "green" if value else "grey")


class RuleFilter(django_filters.FilterSet):
    """By place and force."""

    place_kind = django_filters.ChoiceFilter(
        label=_("Place"), choices=PlaceKind.choices, empty_label=_("All")
    )
    is_active = django_filters.BooleanFilter(label=_("In force"))

    class Meta:
        model = DutyRule
        fields = ("place_kind", "is_active")


class RuleList(ListPage):
    """The rules; the export can be imported again."""

    model = DutyRule
    permission_required = PERMISSION
    title = _("Rules of duty")
    filterset_class = RuleFilter
    search_fields = ("class_prefix__startswith", "unit__name", "note", "place_code")
    search_hint = _("Class, unit, place")
    ordering = ("class_prefix", "-priority", "pk")
    empty_text = _("No rule yet. Add one, or import a table.")
    columns = (
        Column("class_prefix", _("Class or prefix"), sort=True, link=True),
        Column("class_kind", _("Class kind")),
        Column("place_kind", _("Place"), sort=True),
        Column("place_code", _("Code of the place"), sort=True),
        Column("owner", _("Owner of the component")),
        Column("unit", _("Unit in charge"), sort="unit__name"),
        Column("priority", _("Priority"), sort=True, number=True),
        Column("valid_from", _("Valid from"), sort=True),
        Column("valid_to", _("Valid to"), sort=True),
        Column("is_active", _("In force"), render=lambda row: yes(row.is_active)),
        Column("note", _("Note"), default=False),
        Column("revision", _("Revision"), number=True),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("owner", "unit")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        return [
            PageAction(
                _("Add a rule"), reverse("collaboration:rule-add"), "plus", True
            ),
            PageAction(_("Import a table"), reverse("collaboration:rule-import")),
            PageAction(_("Table to import again"), "?export=csv&columns=import"),
            PageAction(_("Learn anew"), reverse("collaboration:learn"), dialog=True),
        ]

    @property
    def importable(self) -> bool:
        return self.request.GET.get("columns") == "import"

    def get_columns(self):
        return list(IMPORTABLE) if self.importable else super().get_columns()

    def on_export(self, form):
        audit.record(
            "duty.rules_exported", by=user_of(self.request), data={"form": form}
        )


def _raw(name: str) -> Any:
    owner, _dot, last = name.rpartition("_")
    if last == "code" and owner in {"owner", "unit"}:
        return lambda row: getattr(getattr(row, owner), "code", "")
    return lambda row: getattr(row, name)


IMPORTABLE = tuple(
    Column(name, name, render=_raw(name), export=_raw(name)) for name in HEADS
)


class RuleDetail(DetailPage):
    """A rule and what it said before."""

    model = DutyRule
    permission_required = PERMISSION
    template_name = "collaboration/rule.html"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(str(self.object))]

    def get_page_actions(self):
        rule = self.object
        label = _("Put out of force") if rule.is_active else _("Put in force")
        return [
            PageAction(_("Change"), reverse("collaboration:rule-edit", args=[rule.pk])),
            PageAction(
                label, reverse("collaboration:rule-switch", args=[rule.pk]), dialog=True
            ),
        ]

    def get_summary(self):
        rule = self.object
        return [
            (_("Class or prefix"), rule.class_prefix or "*"),
            (_("Class kind"), rule.get_class_kind_display()),
            (_("Place"), f"{rule.get_place_kind_display()} {rule.place_code}"),
            (_("Owner of the component"), rule.owner),
            (_("Unit in charge"), rule.unit),
            (_("Priority"), rule.priority),
            (_("Valid from"), rule.valid_from),
            (_("Valid to"), rule.valid_to),
            (_("In force"), yes(rule.is_active)),
            (_("Note"), rule.note),
        ]

    def get_context_data(self, **kwargs):
        rows = list(self.object.revisions.select_related("by"))
        keys = {row.values.get("unit_id") for row in rows}
        units = OrgUnit.objects.in_bulk([key for key in keys if key])
        for row in rows:
            row.unit = units.get(row.values.get("unit_id"))
        return super().get_context_data(revisions=rows, **kwargs)


class DrawingPage(FormPage):
    """A form with a map to draw the area on."""

    template_name = "collaboration/rule_form.html"

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **map_settings()}


class RuleAdd(DrawingPage):
    """A new rule."""

    permission_required = PERMISSION
    form_class = RuleForm
    title = _("Add a rule")
    success_url = "collaboration:rule-list"
    success_message = _("The rule is in force.")

    def get_breadcrumbs(self):
        return [ROOT, Crumb(self.title)]

    def perform(self, form):
        return duty.save_rule(rule=form.save(commit=False), by=user_of(self.request))


class RuleEdit(DrawingPage, EditPage):
    """Change a rule; the former words are kept."""

    model = DutyRule
    permission_required = PERMISSION
    form_class = RuleForm
    title = _("Change a rule")
    success_message = _("Changed; the former words are kept.")

    def perform(self, form):
        return duty.save_rule(rule=form.save(commit=False), by=user_of(self.request))


class RuleSwitch(ActionPage):
    """Put a rule in or out of force."""

    model = DutyRule
    permission_required = PERMISSION
    title = _("Change the force of the rule")

    def perform(self, form):
        active = not self.object.is_active
        return duty.switch_rule(
            rule=self.object, active=active, by=user_of(self.request)
        )


class RuleImport(FormPage):
    """A table of rules, taken in as background work."""

    permission_required = PERMISSION
    form_class = ImportForm
    title = _("Import a table")
    success_url = "collaboration:rule-list"
    lead = _("A row that says the same about class, place and owner changes the rule.")

    def perform(self, form):
        return jobs.start(
            "collaboration.import_rules",
            by=user_of(self.request),
            upload=form.cleaned_data["table"],
        )

    def get_success_url(self, result):
        return result.get_absolute_url()


class LearnPage(FormPage):
    """Count the dispatches of the last days anew."""

    permission_required = PERMISSION
    form_class = forms.Form
    title = _("Learn anew")
    lead = _("Counts who was given what in the last 90 days.")
    success_url = "collaboration:rule-list"

    def perform(self, form):
        return jobs.start("collaboration.learn", by=user_of(self.request))

    def get_success_url(self, result):
        return result.get_absolute_url()


class SuggestionList(ListPage):
    """Rules that dispatchers follow though nobody wrote them down."""

    model = DutySuggestion
    permission_required = PERMISSION
    title = _("Suggested rules")
    ordering = ("-state", "-overrides", "pk")
    search_fields = ("class_code__startswith", "unit__name", "street_code")
    empty_text = _("Nothing is suggested. Overrides of dispatchers are learnt from.")
    columns = (
        Column("class_code", _("Class code"), sort=True),
        Column("street_code", _("Street")),
        Column("unit", _("Unit in charge")),
        Column("overrides", _("Overrides"), sort=True, number=True),
        Column("state", _("State"), sort=True),
        Column(
            "pk",
            _("Decide"),
            link=lambda row: reverse("collaboration:suggestion", args=[row.pk]),
            render=lambda row: _g("Look") if row.state == SuggestionState.OPEN else "",
        ),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("unit")

    def get_breadcrumbs(self):
        return [ROOT]


class SuggestionDetail(DetailPage):
    """A suggestion with the overrides it comes from."""

    model = DutySuggestion
    permission_required = PERMISSION
    template_name = "collaboration/suggestion.html"

    def get_breadcrumbs(self):
        return [ROOT, Crumb(_("Suggested rules"), "../")]

    def get_actions(self):
        is_open = self.object.state == SuggestionState.OPEN
        return [
            {
                "name": name,
                "allowed": is_open,
                "why": _("decided already"),
                "url": reverse(f"collaboration:{url}", args=[self.object.pk]),
            }
            for name, url in (
                (_("Make it a rule"), "suggestion-accept"),
                (_("Dismiss"), "suggestion-dismiss"),
            )
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        choices = DutyChoice.objects.visible_to(self.request.user).filter(
            class_kind=row.class_kind,
            class_code=row.class_code,
            street_code=row.street_code,
            chosen=row.unit_id,
        )
        found = choices.select_related("case", "by", "recommended")[:50]
        return super().get_context_data(choices=found, **kwargs)


class SuggestionAccept(ActionPage):
    """Make a suggestion a rule."""

    model = DutySuggestion
    permission_required = PERMISSION
    title = _("Make it a rule")

    def perform(self, form):
        return duty.accept_suggestion(suggestion=self.object, by=user_of(self.request))


class SuggestionDismiss(ActionPage):
    """Dismiss a suggestion."""

    model = DutySuggestion
    permission_required = PERMISSION
    title = _("Dismiss")
    success_url = "collaboration:suggestion-list"

    def perform(self, form):
        return duty.dismiss_suggestion(suggestion=self.object, by=user_of(self.request))


class AutoList(ListPage):
    """Classes that the platform dispatches."""

    model = AutoDispatch
    permission_required = PERMISSION
    title = _("Automatic dispatch")
    search_fields = ("class_code__startswith",)
    ordering = ("class_kind", "class_code")
    empty_text = _("Dispatchers dispatch everything; switch a class on to change it.")
    columns = (
        Column("class_code", _("Class code"), sort=True),
        Column("class_kind", _("Class kind"), sort=True),
        Column("is_on", _("Switch"), render=lambda row: yes(row.is_on)),
        Column("least", _("Least confidence"), number=True),
        Column("updated_at", _("Changed")),
    )

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("collaboration:auto-set")
        return [PageAction(_("Switch a class"), url, "plus", True, dialog=True)]


class AutoSet(FormPage):
    """Switch a class on or off."""

    permission_required = PERMISSION
    form_class = AutoForm
    title = _("Switch a class")
    success_url = "collaboration:auto-list"

    def perform(self, form):
        return automatic.switch(by=user_of(self.request), **form.cleaned_data)

    def get_success_url(self, result):
        return reverse(self.success_url)


def area(row: Any) -> str:
    """The division that a row is about."""
    return regions.name_of(row.division_code)


class DepartmentTypes(ListPage):
    """Which unit a department type of the filing conditions means."""

    model = DepartmentType
    permission_required = PERMISSION
    title = _("Department types")
    search_fields = ("name", "unit__name")
    ordering = ("name", "division_code")
    columns = (
        Column(
            "name",
            _("Department type"),
            sort=True,
            link=lambda row: reverse("collaboration:type-edit", args=[row.pk]),
        ),
        Column("division_code", _("District"), sort=True, render=area, export=area),
        Column("unit", _("Unit in charge")),
    )

    def get_queryset(self):
        return super().get_queryset().select_related("unit")

    def get_breadcrumbs(self):
        return [ROOT]

    def get_page_actions(self):
        url = reverse("collaboration:type-add")
        return [PageAction(_("Add a type"), url, "plus", True, dialog=True)]


class TypeAdd(FormPage):
    """A department type."""

    permission_required = PERMISSION
    form_class = DepartmentTypeForm
    title = _("Add a type")
    success_url = "collaboration:type-list"

    def perform(self, form):
        return duty.save_type(row=form.save(commit=False), by=user_of(self.request))

    def get_success_url(self, result):
        return reverse(self.success_url)


class TypeEdit(EditPage):
    """Change what a department type means."""

    model = DepartmentType
    permission_required = PERMISSION
    form_class = DepartmentTypeForm
    title = _("Department type")
    success_url = "collaboration:type-list"

    def perform(self, form):
        return duty.save_type(row=form.save(commit=False), by=user_of(self.request))
