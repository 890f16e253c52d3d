"""Sources: list, page, registering, testing."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.connectors import probing
from exchange.connectors.enums import SourceKind, SourceState
from exchange.connectors.filters import SourceFilter
from exchange.connectors.forms import FORMS
from exchange.connectors.models import Source
from exchange.connectors.services import sources as service
from platform_core.common.errors import DomainError
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .parts import VIEW, action, badge, crumbs, person

SHOWN = 100


class SourceList(ListPage):
    """Systems of departments that data comes from."""

    model = Source
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Sources")
    empty_text = gettext_lazy("Register what a department gives its data by.")
    filterset_class = SourceFilter
    search_fields = ("name", "department", "contact")
    columns = (
        Column("name", gettext_lazy("Name"), sort=True, link=True),
        Column("department", gettext_lazy("Department"), sort=True),
        Column("kind", gettext_lazy("Kind"), sort=True),
        Column("state", gettext_lazy("State"), sort=True, render=badge),
        Column("tested_at", gettext_lazy("Last test"), sort=True),
        Column("error", gettext_lazy("Last error")),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:source-list")

    def get_page_actions(self):
        return [
            PageAction(
                SourceKind(kind).label,
                reverse("connectors:source-add", args=[kind]),
                icon="plus",
                permission="connectors.manage_source",
            )
            for kind in FORMS
        ]


class SourcePage(DetailPage):
    """One source, its flows and what it offers."""

    model = Source
    scoped = False
    lookup = "uid"
    permission_required = VIEW
    template_name = "connectors/source.html"

    def get_breadcrumbs(self):
        return crumbs(SourceList.title, "connectors:source-list", self.object)

    def get_summary(self):
        row = self.object
        settings = ", ".join(f"{name}: {value}" for name, value in row.settings.items())
        return [
            (_("Kind"), row.get_kind_display()),
            (_("Department"), row.department),
            (_("Contact"), row.contact),
            (_("State"), badge(row)),
            (_("Last test"), row.tested_at),
            (_("Last error"), row.error),
            (_("Settings"), settings),
            (_("The address may lie in a private network"), row.allow_private),
        ]

    def get_actions(self):
        row, user = self.object, self.request.user
        found = []
        if user.has_perm("connectors.test_source"):
            found.append(action("source-test", _("Test the connection"), row.uid))
        if user.has_perm("connectors.manage_source"):
            found.append(action("source-edit", _("Edit"), row.uid))
        if user.has_perm("connectors.manage_flow"):
            found += [
                action("flow-add", _("Build a flow"), row.uid),
                action("out-flow-add", _("Build an outgoing flow"), row.uid),
            ]
        return found

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            flows=self.object.flows.select_related("table"),
            offered=self._offered(),
            may_look=self.request.user.has_perm("connectors.test_source"),
            **kwargs,
        )

    def _offered(self):
        """What the source offers, where it worked when it was last tried."""
        if self.object.state != SourceState.WORKING:
            return []
        try:
            return probing.offered(self.object)[:SHOWN]
        except DomainError as error:
            messages.warning(self.request, str(error.message))
            return []


class SourceAdd(FormPage):
    """Register a source of a kind."""

    permission_required = "connectors.manage_source"
    success_message = gettext_lazy("Registered. Test the connection now.")

    def prepare(self):
        if self.kwargs["kind"] not in FORMS:
            raise Http404(self.kwargs["kind"])

    def get_form(self):
        return FORMS[self.kwargs["kind"]](**self.get_form_kwargs())

    def get_title(self):
        return SourceKind(self.kwargs["kind"]).label

    def get_breadcrumbs(self):
        return crumbs(SourceList.title, "connectors:source-list", self.get_title())

    def perform(self, form):
        facts = form.facts()
        return service.add(by=person(self.request), kind=form.kind, **facts)


class SourceAction(ActionPage):
    """Something done to one source."""

    model = Source
    scoped = False
    lookup = "uid"
    permission_required = "connectors.manage_source"

    def get_breadcrumbs(self):
        return crumbs(
            SourceList.title, "connectors:source-list", self.object, self.title
        )


class SourceEdit(SourceAction):
    """Change a source."""

    title = gettext_lazy("Edit")
    success_message = gettext_lazy("Saved.")

    def get_form(self):
        return FORMS[self.object.kind](**self.get_form_kwargs())

    def get_initial(self):
        row = self.object
        common = ("name", "department", "contact", "allow_private")
        return {**row.settings, **{name: getattr(row, name) for name in common}}

    def perform(self, form):
        by = person(self.request)
        return service.change(source=self.object, by=by, **form.facts())


class SourceTest(SourceAction):
    """Find out whether a source answers."""

    title = gettext_lazy("Test the connection")
    lead = gettext_lazy("Connects and lists what the source offers; takes nothing.")
    permission_required = "connectors.test_source"
    submit_label = gettext_lazy("Test the connection")

    def perform(self, form):
        offered = service.test(source=self.object, by=person(self.request))
        text = _("The source answers and offers %(count)d tables or files.")
        messages.success(self.request, text % {"count": len(offered)})
        return self.object
