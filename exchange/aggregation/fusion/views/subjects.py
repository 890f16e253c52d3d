"""Subject tables: their master records, where each value is from."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.aggregation.fusion import lineage, selectors, words
from exchange.aggregation.fusion.enums import FieldKind, MasterState
from exchange.aggregation.fusion.filters import subject_filter
from exchange.aggregation.fusion.models import Master, Task
from exchange.aggregation.fusion.services import explaining, resolving
from exchange.delivery.views.peers import crumbs
from platform_core.audit import services as audit
from platform_core.ui.columns import Column
from platform_core.ui.views import DetailPage, ListPage, ObjectMixin, PageAction

from .parts import badge, below

VIEW = "fusion.view_master"


class SubjectList(ListPage):
    """All subjects with the number of their records."""

    model = Task
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    title = gettext_lazy("Subject tables")
    empty_text = gettext_lazy("A published fusion task has a subject table.")
    search_fields = ("code", "name", "description")
    ordering = ("code",)
    columns = (
        Column(
            "name",
            gettext_lazy("Subject"),
            sort=True,
            link=lambda row: reverse("fusion:subject", args=[row.uid]),
        ),
        Column("code", gettext_lazy("Code"), sort=True),
        Column("description", gettext_lazy("Description")),
        Column("count", gettext_lazy("Master records"), sort=True, number=True),
        Column("several", gettext_lazy("From several sources"), number=True),
        Column("current.number", gettext_lazy("Version"), number=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_queryset(self):
        return selectors.subjects().filter(current__isnull=False)


def column(one: dict[str, Any], *, hidden: bool) -> Column:
    """A column of a subject for one of its fields."""

    def value(row: Master) -> Any:
        found = row.values.get(one["code"])
        if found is not None and hidden:
            return explaining.MASK
        return ", ".join(map(str, found)) if isinstance(found, list) else found

    sort = f"values__{one['code']}" if one["kind"] != FieldKind.POINT else ""
    return Column(
        one["code"],
        one["name"],
        sort="" if hidden else sort,
        render=lambda row: value(row) or "—",
        export=value,
    )


class MasterList(ListPage):
    """The records of one subject; those that count unless others are asked for."""

    model = Master
    scoped = False
    permission_required = VIEW
    export_permission = VIEW
    export_limit = 100_000
    empty_text = gettext_lazy("The first run of the task fills this table.")
    search_fields = ("title", "search")
    ordering = ("title", "pk")

    @cached_property
    def task(self):
        rows = Task.objects.select_related("current")
        found = rows.filter(uid=self.kwargs["uid"]).first()
        if found is None:
            raise Http404(self.kwargs["uid"])
        return found

    @cached_property
    def hidden(self):
        return resolving.personal(self.task.current) if self.task.current else set()

    @cached_property
    def filterset(self):
        made = subject_filter(self.task.current, self.hidden)
        rows = self.get_queryset()
        return made(self.request.GET, queryset=rows, request=self.request)

    def get_title(self):
        return self.task.name

    def get_breadcrumbs(self):
        return below(SubjectList, "subject-list", self.task.name)

    def get_queryset(self):
        rows = super().get_queryset().filter(task=self.task)
        if self.request.GET.get("state"):
            return rows
        return rows.filter(state=MasterState.CURRENT)

    def get_columns(self):
        current = self.task.current
        fields = current.part("fields") if current else []
        named = current.definition["title"] if current else ""
        return [
            Column("title", gettext_lazy("Record"), sort=True, link=True),
            *(
                column(one, hidden=one["code"] in self.hidden)
                for one in fields
                if one["code"] != named
            ),
            Column("size", gettext_lazy("Rows"), sort=True, number=True),
            Column("sources", gettext_lazy("Sources"), sort=True, number=True),
            Column("revision", gettext_lazy("Revision"), sort=True, number=True),
            Column("uid", gettext_lazy("Identifier"), default=False),
            Column("updated_at", gettext_lazy("Changed"), sort=True, default=False),
        ]

    def get_page_actions(self):
        url = reverse("fusion:task", args=[self.task.uid])
        return [PageAction(_("Fusion task"), url, permission="fusion.view_task")]

    def on_export(self, form):
        audit.record(
            "fusion.masters_exported",
            self.task,
            by=self.request.user,
            data={"format": form},
        )


class MasterMixin(ObjectMixin):
    """Finds a master record."""

    object: Master
    request: Any
    model = Master
    scoped = False
    lookup = "uid"

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.select_related("task__current", "merged_into", "split_from")

    def fields(self):
        current = self.object.task.current
        return current.part("fields") if current else []

    def hidden(self):
        current = self.object.task.current
        return resolving.personal(current) if current else set()

    def source(self, code):
        """What a source is called."""
        return words.names(self.object.task.current, "sources").get(code, code)

    def row_url(self, key):
        """The page of a landed row, for those who may open it."""
        if not key or not self.request.user.has_perm("interfaces.view_landed"):
            return ""
        return reverse("interfaces:row", args=[key])


class MasterPage(MasterMixin, DetailPage):
    """One record: each value with its source, its rows, its history."""

    permission_required = VIEW
    template_name = "fusion/master.html"

    def get_breadcrumbs(self):
        task = self.object.task
        steps = below(SubjectList, "subject-list", task.name, self.object)
        subject = reverse("fusion:subject", args=[task.uid])
        return [*steps[:-2], type(steps[-2])(task.name, subject), steps[-1]]

    def get_summary(self):
        row = self.object
        return [
            (_("Subject"), row.task.name),
            (_("State"), badge(row)),
            (_("Merged into"), row.merged_into),
            (_("Split off from"), row.split_from),
            (_("Rows"), row.size),
            (_("Sources"), row.sources),
            (_("Revision"), row.revision),
            (_("Identifier"), row.uid),
            (_("Changed"), row.updated_at),
        ]

    def get_page_actions(self):
        url = reverse("fusion:lineage", args=[self.object.uid])
        return [PageAction(_("Lineage"), url, icon="tree")]

    def get_timeline(self):
        return self.object.revisions.order_by("number")

    def get_context_data(self, **kwargs):
        row, hidden = self.object, self.hidden()
        values = explaining.masked(row.values, hidden)
        lines = [
            {
                "name": one["name"],
                "value": values[one["code"]],
                "source": self.source(row.picks[one["code"]]["source"]),
                "why": words.why(row.picks[one["code"]]["why"]),
                "url": self.row_url(row.picks[one["code"]]["row"]),
            }
            for one in self.fields()
            if one["code"] in values and one["code"] in row.picks
        ]
        return super().get_context_data(
            lines=lines,
            fields=self.fields(),
            members=[self.member(one, hidden) for one in row.members.all()],
            **kwargs,
        )

    def member(self, one, hidden):
        """A row with its values in the order of the fields, and how it came in."""
        values = explaining.masked(one.values, hidden)
        names = words.names(self.object.task.current, "fields")
        return {
            "member": one,
            "source": self.source(one.source),
            "url": self.row_url(one.row),
            "values": [values.get(code) for code in names],
            "link": one.link,
            "parts": words.rule_words(one.link.get("parts", []), names),
        }


class LineagePage(MasterMixin, DetailPage):
    """From batches and rows to the values of a record, as a picture and a table."""

    permission_required = VIEW
    title = gettext_lazy("Lineage")
    template_name = "fusion/lineage.html"

    def get_breadcrumbs(self):
        return below(SubjectList, "subject-list", self.object, self.title)

    def get_context_data(self, **kwargs):
        steps = lineage.steps(self.object)
        for step in steps:
            step["url"] = self.row_url(step["row"])
        return super().get_context_data(
            steps=steps, drawing=lineage.drawing(self.object, steps), **kwargs
        )
