"""Flows: list, page, building, mapping, life; those that send are beside it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.connectors import mapping, notation, probing
from exchange.connectors.enums import Days, Direction, FlowState, RejectState
from exchange.connectors.filters import FlowFilter
from exchange.connectors.flow_forms import FLOW_FORMS, initial_of, new_flow_form
from exchange.connectors.forms import MappingForm, ReasonForm, mapping_initial
from exchange.connectors.models import Flow, Source
from exchange.connectors.out_forms import OUT_FORMS
from exchange.connectors.services import flows as service
from platform_core.common.errors import DomainError
from platform_core.ui.columns import Column
from platform_core.ui.views import ActionPage, DetailPage, ListPage

from .parts import VIEW, action, badge, crumbs, person

MANAGE = "connectors.manage_flow"


class FlowList(ListPage):
    """What comes from where into which table, and what goes where."""

    model = Flow
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Flows")
    empty_text = gettext_lazy("Open a source and build a flow from it.")
    filterset_class = FlowFilter
    search_fields = ("name", "source__name", "table__code", "table__name")
    columns = (
        Column("name", gettext_lazy("Name"), sort=True, link=True),
        Column("direction", gettext_lazy("Direction"), sort=True),
        Column("source.name", gettext_lazy("Source"), sort=True),
        Column("table.label", gettext_lazy("Table")),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("reason", gettext_lazy("Reason")),
        Column("current.number", gettext_lazy("Version"), number=True),
        Column("next_at", gettext_lazy("Next run"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:flow-list")

    def get_queryset(self):
        return super().get_queryset().select_related("source", "table", "current")


class FlowPage(DetailPage):
    """One flow: what it does, its runs, what it could not take."""

    model = Flow
    scoped = False
    lookup = "uid"
    permission_required = VIEW
    template_name = "connectors/flow.html"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("source", "table__current", "current")

    def get_breadcrumbs(self):
        return crumbs(FlowList.title, "connectors:flow-list", self.object)

    def get_summary(self):
        row, made = self.object, self.object.definition
        pick = ", ".join(f"{name}: {value}" for name, value in made["pick"].items())
        return [
            (_("Direction"), row.get_direction_display()),
            (_("Source"), row.source),
            (_("Table"), row.table),
            (_("State"), badge(row)),
            (_("Reason"), row.reason),
            (_("Version"), row.current.number if row.current else ""),
            (_("Sends to") if row.outgoing else _("Reads"), pick),
            (_("Schedule"), made.get("schedule")),
            (_("Days"), Days(made.get("days", Days.EVERY)).label),
            (_("Next run"), row.next_at),
            (_("Filter of rows"), made.get("filter")),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        active = row.state == FlowState.ACTIVE
        found = []
        if user.has_perm("connectors.run_flow"):
            found += [
                action("flow-run", _("Run"), row.uid, allowed=active),
                action("flow-again", _("Run from the start"), row.uid, allowed=active),
            ]
        if user.has_perm(MANAGE):
            found += [
                action("trial", _("Dry run"), row.uid),
                action(
                    "out-mapping" if row.outgoing else "mapping",
                    _("Mapping"),
                    row.uid,
                ),
                action("flow-edit", _("Edit"), row.uid),
                action("activate", _("Activate"), row.uid, allowed=not active),
                action("flow-pause", _("Pause"), row.uid, allowed=active),
            ]
        return found

    def get_context_data(self, **kwargs):
        row = self.object
        lines = [
            (one, one.get("constant", ""), notation.write(one.get("steps", [])))
            for one in row.definition.get("fields", [])
        ]
        return super().get_context_data(
            lines=lines,
            runs=row.runs.all()[:10],
            open_rejects=row.rejects.filter(state=RejectState.OPEN).count(),
            versions=row.versions.select_related("by")[:10],
            files=row.files.all()[:10],
            **kwargs,
        )


class FlowAdd(ActionPage):
    """Build a flow from a source."""

    model = Source
    scoped = False
    lookup = "uid"
    permission_required = MANAGE
    title = gettext_lazy("Build a flow")
    success_message = gettext_lazy("Made. Say now where each field comes from.")

    def get_breadcrumbs(self):
        return crumbs(FlowList.title, "connectors:flow-list", self.object, self.title)

    def get_form(self):
        form = new_flow_form(FLOW_FORMS[self.object.kind])
        return form(**self.get_form_kwargs())

    def perform(self, form):
        table = form.cleaned_data["target"]
        definition = form.definition()
        definition["fields"] = suggested(self.object, definition, table)
        return service.add(
            by=person(self.request),
            name=form.cleaned_data["title"],
            source=self.object,
            table=table,
            definition=definition,
        )

    def get_success_url(self, result):
        return reverse("connectors:mapping", args=[result.uid])


def suggested(source, definition, table):
    """Fields that the names of the columns give away; none if it does not answer."""
    try:
        found = probing.sample(source, definition["pick"], 1)
    except DomainError:
        return []
    return mapping.suggest(found.columns, table)


class FlowAction(ActionPage):
    """Something done to one flow."""

    model = Flow
    scoped = False
    lookup = "uid"
    permission_required = MANAGE

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("source", "table__current", "current")

    def get_breadcrumbs(self):
        return crumbs(FlowList.title, "connectors:flow-list", self.object, self.title)


class FlowEdit(FlowAction):
    """Change what a flow reads and when."""

    title = gettext_lazy("Edit")
    lead = gettext_lazy("Saving makes a new version, for the runs to come.")
    success_message = gettext_lazy("Saved.")

    def get_form(self):
        known = OUT_FORMS if self.object.outgoing else FLOW_FORMS
        return known[self.object.source.kind](**self.get_form_kwargs())

    def get_initial(self):
        return initial_of(self.object.definition)

    def perform(self, form):
        made = form.definition(self.object.definition)
        by = person(self.request)
        return service.change(flow=self.object, by=by, definition=made)


class MappingEdit(FlowAction):
    """Say where each field of the table comes from."""

    title = gettext_lazy("Mapping")
    template_name = "connectors/mapping.html"
    form_class = MappingForm
    success_message = gettext_lazy("Saved. Look at a dry run before you activate it.")

    def get_queryset(self):
        return super().get_queryset().filter(direction=Direction.IN)

    def get_form_kwargs(self):
        flow = self.object
        return {
            **super().get_form_kwargs(),
            "table": flow.table,
            "columns": self.columns(),
        }

    def columns(self):
        """The columns of the source, where it answers."""
        try:
            pick = self.object.definition["pick"]
            return probing.sample(self.object.source, pick, 1).columns
        except DomainError:
            return []

    def get_initial(self):
        return mapping_initial(self.object.definition.get("fields", []))

    def get_context_data(self, **kwargs):
        words = [(name, " ".join(parts)) for name, parts in notation.WORDS.items()]
        return {**super().get_context_data(**kwargs), "words": words}

    def perform(self, form):
        made = {**self.object.definition, "fields": form.mapped}
        by = person(self.request)
        return service.change(flow=self.object, by=by, definition=made)


class Activation(FlowAction):
    """Let a flow run."""

    title = gettext_lazy("Activate")
    lead = gettext_lazy("It then runs by its schedule and by hand.")
    success_message = gettext_lazy("Activated.")

    def perform(self, form):
        return service.activate(flow=self.object, by=person(self.request))


class Pausing(FlowAction):
    """Let a flow run no more."""

    form_class = ReasonForm
    title = gettext_lazy("Pause")
    success_message = gettext_lazy("Paused.")

    def perform(self, form):
        return service.pause(
            flow=self.object, by=person(self.request), **form.cleaned_data
        )
