"""Outgoing flows: building one, and its mapping."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from exchange.connectors import mapping, notation, probing, records
from exchange.connectors.enums import Direction
from exchange.connectors.flow_forms import new_flow_form
from exchange.connectors.out_forms import OUT_FORMS, OutMappingForm, out_initial
from exchange.connectors.services import flows as service
from platform_core.common.errors import DomainError

from .flows import FlowAction, FlowAdd
from .parts import person


def targets(source, definition):
    """The columns of the target, where it answers."""
    try:
        return probing.target_columns(source, definition)
    except DomainError:
        return []


class OutFlowAdd(FlowAdd):
    """Build a flow that sends records to a system."""

    title = gettext_lazy("Build an outgoing flow")
    success_message = gettext_lazy("Made. Say now what each column gets.")

    def get_form(self):
        form = new_flow_form(OUT_FORMS[self.object.kind])
        return form(**self.get_form_kwargs())

    def perform(self, form):
        table = form.cleaned_data["target"]
        definition = form.definition()
        columns = targets(self.object, definition)
        definition["fields"] = mapping.suggest_outward(columns, table)
        return service.add(
            by=person(self.request),
            name=form.cleaned_data["title"],
            source=self.object,
            table=table,
            definition=definition,
            direction=Direction.OUT,
        )

    def get_success_url(self, result):
        return reverse("connectors:out-mapping", args=[result.uid])


class OutMappingEdit(FlowAction):
    """Say what each column of the target gets."""

    title = gettext_lazy("Mapping")
    template_name = "connectors/out_mapping.html"
    form_class = OutMappingForm
    success_message = gettext_lazy("Saved. Look at a dry run before you activate it.")

    def get_queryset(self):
        return super().get_queryset().filter(direction=Direction.OUT)

    def _targets(self):
        if not hasattr(self, "_known"):
            flow = self.object
            self._known = targets(flow.source, flow.definition)
        return self._known

    def get_form_kwargs(self):
        flow = self.object
        return {
            **super().get_form_kwargs(),
            "columns": records.fields_of(flow.table),
            "targets": self._targets(),
            "mapped": flow.definition.get("fields", []),
        }

    def get_initial(self):
        return out_initial(self.object.definition.get("fields", []), self._targets())

    def get_context_data(self, **kwargs):
        words = [(name, " ".join(parts)) for name, parts in notation.WORDS.items()]
        return {**super().get_context_data(**kwargs), "words": words}

    def perform(self, form):
        made = {**self.object.definition, "fields": form.mapped}
        by = person(self.request)
        return service.change(flow=self.object, by=by, definition=made)
