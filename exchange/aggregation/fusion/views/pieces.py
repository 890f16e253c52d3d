"""The parts of a draft: fields, sources, rules, blocks, thresholds."""

from django.http import Http404
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion.part_forms import (
    FORMS,
    LimitsForm,
    MappingForm,
    field_values,
    mapping_values,
)
from exchange.aggregation.fusion.services import tasks as service
from exchange.aggregation.fusion.words import section_name
from exchange.interfaces.models import Table

from .parts import draft_of
from .tasks import TaskAction


class PartAction(TaskAction):
    """Something done to a part of the draft."""

    success_message = gettext_lazy("Saved.")

    def section(self):
        name = self.kwargs["section"]
        if name not in FORMS:
            raise Http404(name)
        return name

    def part(self):
        """The part that the address names."""
        code = self.kwargs["code"]
        parts = draft_of(self.object).part(self.section())
        found = next((one for one in parts if one["code"] == code), None)
        if found is None:
            raise Http404(code)
        return found

    def get_title(self):
        return f"{section_name(self.section())}: {self.title}"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "version": draft_of(self.object)}


class PartAdd(PartAction):
    """A new field, source, rule or block."""

    title = gettext_lazy("Add")

    def get_form(self):
        return FORMS[self.section()](**self.get_form_kwargs())

    def perform(self, form):
        service.keep_part(
            version=draft_of(self.object),
            section=self.section(),
            facts=form.facts(),
            by=self.request.user,
        )


class PartEdit(PartAction):
    """Another field, source, rule or block in the place of one."""

    title = gettext_lazy("Change")

    def get_form(self):
        return FORMS[self.section()](**self.get_form_kwargs())

    def get_initial(self):
        part = self.part()
        return field_values(part) if self.section() == "fields" else part

    def perform(self, form):
        service.keep_part(
            version=draft_of(self.object),
            section=self.section(),
            facts=form.facts(),
            old=self.kwargs["code"],
            by=self.request.user,
        )


class Mapping(PartAction):
    """Which fields of a source fill which of the subject's, and where it lies."""

    title = gettext_lazy("Mapping")
    form_class = MappingForm

    def section(self):
        return "sources"

    def get_form_kwargs(self):
        tables = Table.objects.select_related("current")
        table = tables.get(code=self.part()["table"])
        return {**super().get_form_kwargs(), "table": table}

    def get_initial(self):
        return mapping_values(self.part(), draft_of(self.object))

    def perform(self, form):
        part = self.part()
        kept = ("code", "name", "table", "source", "cleansed", "distinct")
        facts = {name: part[name] for name in kept if name in part}
        service.keep_part(
            version=draft_of(self.object),
            section="sources",
            facts={**facts, **form.facts()},
            old=part["code"],
            by=self.request.user,
        )


class Limits(PartAction):
    """The thresholds, and what a record is called by."""

    title = gettext_lazy("Thresholds")
    form_class = LimitsForm

    def get_title(self):
        return str(self.title)

    def get_initial(self):
        return draft_of(self.object).definition

    def perform(self, form):
        draft = draft_of(self.object)
        made = {**draft.definition, **form.cleaned_data}
        service.define(version=draft, by=self.request.user, definition=made)


class PartDrop(PartAction):
    """Take a part out of the draft."""

    title = gettext_lazy("Take out")
    submit_level = "danger"
    success_message = gettext_lazy("Taken out.")

    def get_form_kwargs(self):
        made = super().get_form_kwargs()
        made.pop("version")
        return made

    def get_initial(self):
        return {}

    def perform(self, form):
        service.drop_part(
            version=draft_of(self.object),
            section=self.section(),
            code=self.part()["code"],
            by=self.request.user,
        )
