"""Code mappings: list, page, changing."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.connectors.forms import CodeMapForm
from exchange.connectors.models import CodeMap
from exchange.connectors.services import flows as service
from platform_core.ui.columns import Column
from platform_core.ui.views import (
    ActionPage,
    DetailPage,
    FormPage,
    ListPage,
    PageAction,
)

from .flows import MANAGE
from .parts import VIEW, action, crumbs, person


def count(row):
    return len(row.entries)


class CodeMapList(ListPage):
    """Codes of departments and the standard ones they mean."""

    model = CodeMap
    scoped = False
    permission_required = VIEW
    title = gettext_lazy("Code mappings")
    empty_text = gettext_lazy("No code mapping was made yet.")
    search_fields = ("code", "name")
    columns = (
        Column("code", gettext_lazy("Code"), sort=True, link=True),
        Column("name", gettext_lazy("Name"), sort=True),
        Column("size", gettext_lazy("Codes"), render=count, export=count, number=True),
        Column("version", gettext_lazy("Version"), number=True),
        Column("updated_at", gettext_lazy("Changed"), sort=True),
    )

    def get_breadcrumbs(self):
        return crumbs(self.title, "connectors:codemap-list")

    def get_page_actions(self):
        return [
            PageAction(
                _("Add a code mapping"),
                reverse("connectors:codemap-add"),
                icon="plus",
                primary=True,
                permission=MANAGE,
            )
        ]


class CodeMapPage(DetailPage):
    """One code mapping."""

    model = CodeMap
    scoped = False
    lookup = "code"
    permission_required = VIEW

    def get_breadcrumbs(self):
        return crumbs(CodeMapList.title, "connectors:codemap-list", self.object)

    def get_summary(self):
        return [
            (_("Version"), self.object.version),
            *self.object.entries.items(),
        ]

    def get_actions(self):
        if not self.request.user.has_perm(MANAGE):
            return []
        return [action("codemap-edit", _("Edit"), self.object.code)]


class CodeMapAdd(FormPage):
    """Make a code mapping."""

    form_class = CodeMapForm
    permission_required = MANAGE
    title = gettext_lazy("Add a code mapping")
    success_message = gettext_lazy("Saved.")

    def get_breadcrumbs(self):
        return crumbs(CodeMapList.title, "connectors:codemap-list", self.title)

    def perform(self, form):
        return service.keep_map(by=person(self.request), **form.cleaned_data)


class CodeMapEdit(ActionPage):
    """Change a code mapping."""

    model = CodeMap
    scoped = False
    lookup = "code"
    form_class = CodeMapForm
    permission_required = MANAGE
    title = gettext_lazy("Edit")
    success_message = gettext_lazy("Saved.")

    def get_breadcrumbs(self):
        return crumbs(
            CodeMapList.title, "connectors:codemap-list", self.object, self.title
        )

    def get_initial(self):
        pairs = [f"{given} = {to}" for given, to in self.object.entries.items()]
        row = self.object
        return {"code": row.code, "name": row.name, "entries": "\n".join(pairs)}

    def perform(self, form):
        facts = {**form.cleaned_data, "code": self.object.code}
        return service.keep_map(by=person(self.request), **facts)
