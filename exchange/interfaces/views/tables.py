"""Tables: list, coverage, one table, defining and describing one."""

from collections.abc import Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.delivery.views.peers import crumbs
from exchange.interfaces import hooks, selectors, words
from exchange.interfaces.filters import TableFilter
from exchange.interfaces.forms import NewTableForm, NoteForm, TableForm
from exchange.interfaces.models import Table
from exchange.interfaces.services import tables as service
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import (
    ActionPage,
    Crumb,
    DetailPage,
    EditPage,
    FormPage,
    ListPage,
    PageAction,
)

VIEW = "interfaces.view_table"
CHANGE = "interfaces.change_table"


def state_of(table):
    return words.badge(table.current) if table.current else ""


def state_word(table):
    return table.current.get_state_display() if table.current else ""


def often(table):
    return words.frequency(table.frequency)


def under(*labels):
    """Breadcrumbs below the list of tables."""
    home, *rest = crumbs(*labels)
    return [home, Crumb(TableList.title, reverse("interfaces:table-list")), *rest]


class TableList(ListPage):
    """The tables of the data standard."""

    model = Table
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Data standard")
    empty_text = gettext_lazy("The tables appear once the platform is set up.")
    filterset_class = TableFilter
    search_fields = ("code", "name", "name_en", "current__fields__name")
    ordering = ("subset", "code")
    columns: Sequence[Column] = (
        Column("code", gettext_lazy("Code"), sort=True, link=True),
        Column("label", gettext_lazy("Name"), sort="name"),
        Column("subset", gettext_lazy("Subset"), sort=True),
        Column("direction", gettext_lazy("Direction"), sort=True),
        Column("frequency", gettext_lazy("Frequency"), render=often, export=often),
        Column("field_count", gettext_lazy("Fields"), number=True),
        Column("version", gettext_lazy("Version"), number=True),
        Column("state", gettext_lazy("State"), render=state_of, export=state_word),
        Column("confidence", gettext_lazy("Foundation"), default=False),
        Column("basis", gettext_lazy("Basis"), default=False),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        rows = super().get_queryset().select_related("current")
        return rows.annotate(field_count=Count("current__fields", distinct=True))

    def get_page_actions(self):
        return [
            PageAction(
                _("Which tables are filled"),
                reverse("interfaces:coverage"),
                icon="chart",
                permission=VIEW,
            ),
            PageAction(
                _("Define a table"),
                reverse("interfaces:table-add"),
                icon="plus",
                primary=True,
                permission="interfaces.add_table",
            ),
        ]


def system_of(table):
    return selectors.system_of(table) or _("No system here")


def filled_state(table):
    if table.row_count:
        return status(_("Filled"), "green")
    if selectors.system_of(table):
        return status(_("Filled by a system, empty so far"), "yellow")
    return status(_("Ready, empty"), "grey")


def filled_word(table):
    if table.row_count:
        return _("Filled")
    known = selectors.system_of(table)
    return _("Filled by a system, empty so far") if known else _("Ready, empty")


class Coverage(TableList):
    """Which tables have records, from where, and which are ready but empty."""

    title = gettext_lazy("Which tables are filled")
    columns = (
        Column("code", gettext_lazy("Code"), sort=True, link=True),
        Column("label", gettext_lazy("Name"), sort="name"),
        Column("subset", gettext_lazy("Subset"), sort=True),
        Column("system", gettext_lazy("Filled by"), render=system_of, export=system_of),
        Column("row_count", gettext_lazy("Current records"), number=True),
        Column("cursor.unfit", gettext_lazy("Rows that do not fit"), number=True),
        Column("cursor.problem", gettext_lazy("Last problem"), default=False),
        Column("cursor.ran_at", gettext_lazy("Last filled")),
        Column(
            "filled_state",
            gettext_lazy("State"),
            render=filled_state,
            export=filled_word,
        ),
    )

    def get_breadcrumbs(self):
        return under(self.title)

    def get_queryset(self):
        return selectors.with_counts(super().get_queryset().select_related("cursor"))

    def get_page_actions(self):
        return []


class TablePage(DetailPage):
    """One table with its fields, versions and what landed in it."""

    model = Table
    scoped = False
    lookup = "code"
    permission_required = VIEW
    template_name = "interfaces/table.html"

    def get_queryset(self):
        return super().get_queryset().select_related("current")

    def get_breadcrumbs(self):
        return under(str(self.object))

    def get_summary(self):
        row = self.object
        latest = selectors.latest_batch(row)
        return [
            (_("Code"), row.code),
            (_("Interface"), row.interface),
            (_("Name"), row.name),
            (_("English name"), row.name_en),
            (_("Subset"), row.get_subset_display()),
            (_("Direction"), f"{row.get_direction_display()} {row.route}"),
            (_("Frequency"), often(row)),
            (_("Foundation"), row.get_confidence_display()),
            (_("Basis"), row.basis),
            (_("State"), state_of(row)),
            (_("Current records"), selectors.rows(row).count()),
            (_("Last batch"), latest.arrived_at if latest else None),
            (_("Filled by"), system_of(row)),
            (_("Sent to the platform above"), words.yes(row.reported)),
            (_("Older revisions kept (days)"), row.history_days),
        ]

    def get_context_data(self, **kwargs):
        row = self.object
        versions = list(row.versions.all())
        for one in versions:
            one.users = hooks.users(row.interface, one.number)
        return super().get_context_data(fields=row.fields, versions=versions, **kwargs)

    def get_page_actions(self):
        code = [self.object.code]
        rows = f"{reverse('interfaces:row-list')}?table={self.object.pk}"
        return [
            PageAction(
                _("Landed rows"), rows, icon="list", permission="interfaces.view_landed"
            ),
            PageAction(
                _("Archive now"),
                reverse("interfaces:archive-now", args=code),
                icon="inbox",
                permission="interfaces.manage_archive",
                dialog=True,
            ),
            PageAction(
                _("Describe"),
                reverse("interfaces:table-change", args=code),
                icon="edit",
                permission=CHANGE,
            ),
            PageAction(
                _("New version"),
                reverse("interfaces:draft", args=code),
                icon="plus",
                primary=True,
                permission=CHANGE,
                dialog=True,
            ),
        ]


class TableAdd(FormPage):
    """Define a table of one's own."""

    form_class = NewTableForm
    permission_required = "interfaces.add_table"
    title = gettext_lazy("Define a table")
    lead = gettext_lazy("Its fields come next, in the draft of its first version.")
    success_message = gettext_lazy("Defined.")

    def get_breadcrumbs(self):
        return under(self.title)

    def perform(self, form):
        return service.define(by=self.request.user, **form.cleaned_data)

    def get_success_url(self, result):
        return result.current.get_absolute_url()


class TableChange(EditPage):
    """What is said about a table."""

    model = Table
    scoped = False
    lookup = "code"
    form_class = TableForm
    permission_required = CHANGE
    title = gettext_lazy("Describe")
    success_message = gettext_lazy("Saved.")

    def get_breadcrumbs(self):
        return under(str(self.object), self.title)

    def perform(self, form):
        found = Table.objects.get(pk=self.object.pk)
        return service.describe(table=found, by=self.request.user, **form.cleaned_data)


class Draft(ActionPage):
    """Begin a new version with the fields of the present one."""

    model = Table
    scoped = False
    lookup = "code"
    form_class = NoteForm
    permission_required = CHANGE
    title = gettext_lazy("New version")
    lead = gettext_lazy("The present version stays in use until this one is published.")

    def get_breadcrumbs(self):
        return under(str(self.object), self.title)

    def perform(self, form):
        return service.draft(
            table=self.object, by=self.request.user, **form.cleaned_data
        )
