"""The catalogue of contracts."""

import json

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.datasets import registry
from platform_core.ui.columns import Column
from platform_core.ui.views import PlainPage, SheetMixin

from .peers import crumbs


def direction_word(row):
    return describe(row)["direction"]


def frequency_word(row):
    return describe(row)["frequency"]


def share_word(row):
    return describe(row)["share"]


class InterfaceList(SheetMixin, PlainPage):
    """All contracts that this platform speaks."""

    permission_required = "delivery.view_peer"
    title = gettext_lazy("Interfaces")
    template_name = "delivery/interfaces.html"
    columns = (
        Column("code", gettext_lazy("Code")),
        Column("version", gettext_lazy("Version")),
        Column("name", gettext_lazy("Name")),
        Column("direction", gettext_lazy("Direction"), export=direction_word),
        Column("frequency", gettext_lazy("Frequency"), export=frequency_word),
        Column("share", gettext_lazy("Sharing"), export=share_word),
    )

    def rows(self):
        return registry.all()

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_context_data(self, **kwargs):
        shown = [describe(dataset) for dataset in self.rows()]
        return {**super().get_context_data(**kwargs), "interfaces": shown}


def describe(dataset):
    directions = {"up": _("Upward"), "down": _("Downward")}
    shares = {
        "unconditional": _("Shared unconditionally"),
        "conditional": _("Shared on conditions"),
        "none": _("Not shared"),
    }
    return {
        "dataset": dataset,
        "direction": directions[dataset.direction],
        "share": shares[dataset.share],
        "frequency": _("At each change")
        if dataset.frequency == "on_change"
        else dataset.frequency,
    }


class InterfacePage(PlainPage):
    """One contract with its fields and its schema."""

    permission_required = "delivery.view_peer"
    template_name = "delivery/interface.html"

    def get_title(self):
        return f"{self.kwargs['code']} v{self.kwargs['version']}"

    def get_breadcrumbs(self):
        return crumbs(_("Interfaces"), self.get_title())

    def get_context_data(self, **kwargs):
        dataset = registry.find(self.kwargs["code"], self.kwargs["version"])
        if dataset is None:
            raise Http404(self.kwargs["code"])
        text = json.dumps(dataset.schema, ensure_ascii=False, indent=2)
        return {
            **super().get_context_data(**kwargs),
            **describe(dataset),
            "fields": fields(dataset.schema),
            "schema": text,
        }


def fields(schema):
    """Rows of the table of fields."""
    required = schema.get("required", [])
    return [
        {"name": name, "required": name in required, **limits(one)}
        for name, one in schema.get("properties", {}).items()
    ]


def limits(one):
    kind = one.get("type", "")
    kinds = ", ".join(kind) if isinstance(kind, list) else kind
    values = " | ".join(str(value) for value in one.get("enum", []))
    size = one.get("maxLength") or one.get("maximum") or ""
    return {
        "kind": kinds,
        "format": one.get("format", ""),
        "values": values,
        "size": size,
    }
