"""The asset board, the volume by source and day, and what is stored."""

from collections.abc import Sequence
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.catalogue import boards
from exchange.interfaces.enums import Subset
from platform_core.common.clock import today
from platform_core.ui import charts, exports
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import PageAction, PlainPage
from platform_core.ui.words import stamp

from .common import crumbs, person

MEGABYTE = 1_000_000


class FiguresPage(PlainPage):
    """A table of figures that can be had as a file."""

    permission_required = "catalogue.view_board"
    columns: Sequence[Column] = ()

    def get(self, request, *args, **kwargs):
        write = exports.FORMATS.get(request.GET.get("export", ""))
        if write is None:
            return super().get(request, *args, **kwargs)
        return write(self.columns, self.rows(), f"{self.title}-{today()}")

    def rows(self):
        """The rows of the table, in order."""
        raise NotImplementedError

    def get_breadcrumbs(self):
        return crumbs(self.title)

    def get_page_actions(self):
        query = self.request.GET.copy()
        query["export"] = "xlsx"
        url = f"?{query.urlencode()}"
        return [PageAction(_("Export"), url, icon="download")]

    def get_context_data(self, **kwargs):
        rows = self.rows()
        table = [
            [(column.classes, column.cell(row)) for column in self.columns]
            for row in rows
        ]
        return super().get_context_data(
            columns=self.columns, table=table, **self.beside(rows), **kwargs
        )

    def beside(self, rows):
        """What else the page shows."""
        return {}


def freshness(row):
    if row.landed_at is None:
        return status(_("Nothing landed"), "red" if row.late else "grey")
    level = "red" if row.late else "green"
    return status(stamp(row.landed_at), level)


def landed(row):
    return row.landed_at


def quality(row):
    return None if row.quality is None else round(row.quality.score, 1)


class Board(FiguresPage):
    """Tables, rows, growth, freshness, quality, use."""

    template_name = "catalogue/board.html"
    title = gettext_lazy("Asset board")
    columns = (
        Column(
            "edition.title",
            gettext_lazy("Resource"),
            link=lambda row: row.edition.get_absolute_url(),
        ),
        Column("edition.subset", gettext_lazy("Subset")),
        Column("edition.unit", gettext_lazy("Owner")),
        Column("rows", gettext_lazy("Records"), number=True),
        Column("growth", gettext_lazy("Growth in 30 days"), number=True),
        Column(
            "landed_at", gettext_lazy("Last landed"), render=freshness, export=landed
        ),
        Column("quality", gettext_lazy("Quality"), render=quality, export=quality),
        Column("uses", gettext_lazy("Uses in 30 days"), number=True),
    )

    def rows(self):
        subset = self.request.GET.get("subset", "")
        return boards.assets(person(self.request), subset)

    def beside(self, rows):
        scores = [row.quality.score for row in rows if row.quality]
        figures = [
            {"label": _("Resources"), "value": len(rows)},
            {"label": _("Records"), "value": sum(row.rows for row in rows)},
            {"label": _("Growth in 30 days"), "value": sum(r.growth for r in rows)},
            {
                "label": _("Late"),
                "value": sum(row.late for row in rows),
                "level": "red",
            },
            {
                "label": _("Mean quality"),
                "value": round(sum(scores) / len(scores), 1) if scores else "—",
            },
            {"label": _("Uses in 30 days"), "value": sum(row.uses for row in rows)},
        ]
        top = rows[:10]
        chart = charts.bar(
            [row.edition.title for row in top],
            {_("Uses in 30 days"): [row.uses for row in top]},
            flat=True,
        )
        chosen = self.request.GET.get("subset", "")
        return {
            "figures": figures,
            "chart": chart,
            "subsets": Subset.choices,
            "chosen": chosen,
        }


class SpanForm(forms.Form):
    """From which day to which."""

    start = forms.DateField(
        label=pgettext_lazy("period", "From"), widget=forms.DateInput
    )
    end = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput)


class Volume(FiguresPage):
    """What arrived, by source and day."""

    template_name = "catalogue/volume.html"
    title = gettext_lazy("Volume by source and day")
    columns = (
        Column("day", gettext_lazy("Day")),
        Column("source", gettext_lazy("Source")),
        Column("tables", gettext_lazy("Tables"), number=True),
        Column("batches", gettext_lazy("Batches"), number=True),
        Column("rows", gettext_lazy("Rows"), number=True),
        Column("last", gettext_lazy("Last arrived")),
    )

    def span(self):
        """The days asked for, 30 of them where nothing is asked."""
        form = SpanForm(self.request.GET or None)
        if form.is_valid():
            return form, form.cleaned_data["start"], form.cleaned_data["end"]
        end = today()
        start = end - timedelta(days=29)
        return SpanForm({"start": start, "end": end}), start, end

    def rows(self):
        _form, start, end = self.span()
        return boards.volume(start, end)

    def beside(self, rows):
        form, start, end = self.span()
        count = min((end - start).days, 366) + 1
        days = [start + timedelta(days=number) for number in range(count)]
        sums: dict[str, dict[date, int]] = {}
        for row in rows:
            sums.setdefault(row.source, {})[row.day] = row.rows
        series = {name: [s.get(day, 0) for day in days] for name, s in sums.items()}
        return {"form": form, "chart": charts.bar(days, series, stack=True)}


class Store(FiguresPage):
    """The comprehensive database by subset, and its size."""

    template_name = "catalogue/store.html"
    title = gettext_lazy("What is stored")
    columns = (
        Column("label", gettext_lazy("Subset")),
        Column("tables", gettext_lazy("Tables"), number=True),
        Column("rows", gettext_lazy("Records"), number=True),
        Column("history", gettext_lazy("Older revisions"), number=True),
        Column("first", gettext_lazy("First arrived")),
        Column("last", gettext_lazy("Last arrived")),
    )

    def rows(self):
        return boards.holdings()

    def beside(self, rows):
        landed_size = boards.landed_bytes()
        figures = [
            {"label": _("Database"), "value": boards.engine()},
            {
                "label": _("Size of the database"),
                "value": round(boards.stored_bytes() / MEGABYTE, 1),
                "unit": "MB",
            },
            {"label": _("Records"), "value": sum(row.rows for row in rows)},
            {"label": _("Older revisions"), "value": sum(row.history for row in rows)},
        ]
        if landed_size is not None:
            size = round(landed_size / MEGABYTE, 1)
            label = _("Size of the landed rows")
            figures.append({"label": label, "value": size, "unit": "MB"})
        return {"figures": figures}
