"""The asset board, the volume by source and day, and what is stored."""

from datetime import date, timedelta

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from exchange.aggregation.catalogue import arrivals, boards, capacity
from exchange.aggregation.catalogue.enums import BackupKind
from exchange.aggregation.catalogue.models import Backup, StoreMeasure
from exchange.interfaces.enums import Subset
from platform_core.common.clock import today
from platform_core.ui import charts
from platform_core.ui.columns import Column
from platform_core.ui.components import status
from platform_core.ui.views import PageAction, SheetPage
from platform_core.ui.words import stamp

from .common import crumbs, person

MEGABYTE = 1_000_000
# Share of the disk below which there is little room, and days that are few.
LITTLE = 0.1
SOON_FULL = 60


class FiguresPage(SheetPage):
    """A table of figures of the assets."""

    permission_required = "catalogue.view_board"
    empty_text = gettext_lazy("There is nothing here yet.")

    def get_breadcrumbs(self):
        return crumbs(self.title)


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


def chosen_span(given):
    """The days asked for, 30 of them where nothing is asked."""
    form = SpanForm(given or None)
    if form.is_valid():
        return form, form.cleaned_data["start"], form.cleaned_data["end"]
    end = today()
    start = end - timedelta(days=29)
    return SpanForm({"start": start, "end": end}), start, end


class Volume(FiguresPage):
    """What arrived, by source and day."""

    template_name = "catalogue/volume.html"
    title = gettext_lazy("Volume by source and day")
    columns = (
        Column("day", gettext_lazy("Day")),
        Column("source", gettext_lazy("Source")),
        Column("tables", gettext_lazy("Tables"), number=True),
        Column("batches", gettext_lazy("Landed batches"), number=True),
        Column("rows", gettext_lazy("Rows"), number=True),
        Column("last", gettext_lazy("Last arrived")),
    )

    def span(self):
        return chosen_span(self.request.GET)

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

    def get_page_actions(self):
        links = (
            (_("Capacity"), "catalogue:capacity", "chart"),
            (_("Backups"), "catalogue:backup-list", "inbox"),
        )
        return [
            *super().get_page_actions(),
            *(PageAction(label, reverse(name), icon) for label, name, icon in links),
        ]

    def beside(self, rows):
        landed_size = capacity.landed_bytes()
        figures = [
            {"label": _("Database"), "value": capacity.engine()},
            {
                "label": _("Size of the database"),
                "value": megabytes(capacity.stored_bytes()),
                "unit": "MB",
            },
            *backup_figures(),
            {"label": _("Records"), "value": sum(row.rows for row in rows)},
            {"label": _("Older revisions"), "value": sum(row.history for row in rows)},
        ]
        if landed_size is not None:
            size = megabytes(landed_size)
            label = _("Size of the landed rows")
            figures.append({"label": label, "value": size, "unit": "MB"})
        return {"figures": figures}


def megabytes(size):
    return round(size / MEGABYTE, 1)


def backup_figures():
    """The last backup of each kind, red where it failed or is too old."""
    for kind in BackupKind:
        last = Backup.objects.filter(kind=kind).first()
        yield {
            "label": _("Last backup: %(kind)s") % {"kind": kind.label},
            "value": stamp(last.made_at) if last else "—",
            "url": reverse("catalogue:backup-list"),
            "level": "" if last and last.fresh else "red",
        }


class Capacity(FiguresPage):
    """How big each part of the database is, how it grows, what room there is."""

    template_name = "catalogue/capacity.html"
    title = gettext_lazy("Capacity")
    empty_text = gettext_lazy("The sizes of tables are known on PostgreSQL only.")
    columns = (
        Column("name", gettext_lazy("Table")),
        Column("label", gettext_lazy("Contents")),
        Column("rows", gettext_lazy("Rows"), number=True),
        Column("megabytes", "MB", number=True),
    )

    def rows(self):
        return capacity.parts()

    def beside(self, rows):
        disk, grows = capacity.room(), capacity.growth()
        left = capacity.days_left()
        figures = [
            {
                "label": _("Size of the database"),
                "value": megabytes(capacity.stored_bytes()),
                "unit": "MB",
            },
            {
                "label": _("Free on the disk"),
                "value": megabytes(disk.free),
                "unit": "MB",
                "level": "red" if disk.free < disk.total * LITTLE else "",
            },
            {
                "label": _("Grows a day"),
                "value": "—" if grows is None else megabytes(grows),
                "unit": "MB",
            },
            {
                "label": _("Days until the disk is full"),
                "value": "—" if left is None else left,
                "level": "red" if left is not None and left < SOON_FULL else "",
            },
        ]
        known = StoreMeasure.objects.order_by("-day")[:90]
        course = sorted(known, key=lambda one: one.day)
        sizes = {"MB": [megabytes(one.size) for one in course]}
        chart = charts.line([one.day for one in course], sizes)
        return {"figures": figures, "chart": chart, "known": bool(course)}


def overdue(row):
    return status(stamp(row.last), "red" if row.overdue else "green")


def last(row):
    return row.last


def table_url(row):
    return row.table.get_absolute_url()


class Timeliness(FiguresPage):
    """Do the sources keep to the frequencies of their tables?"""

    template_name = "catalogue/timeliness.html"
    title = gettext_lazy("Arrival timeliness")
    empty_text = gettext_lazy("Nothing with a promised frequency arrived.")
    columns = (
        Column("source", gettext_lazy("Source")),
        Column("table", gettext_lazy("Table"), link=table_url),
        Column("frequency", gettext_lazy("Frequency")),
        Column("arrivals", gettext_lazy("Hours with arrivals"), number=True),
        Column("late", gettext_lazy("Gaps that were too long"), number=True),
        Column("timeliness", gettext_lazy("In time (%)"), number=True),
        Column("last", gettext_lazy("Last arrived"), render=overdue, export=last),
    )

    def span(self):
        return chosen_span(self.request.GET)

    def rows(self):
        _form, start, end = self.span()
        return arrivals.timely(start, end)

    def beside(self, rows):
        return {"form": self.span()[0]}
