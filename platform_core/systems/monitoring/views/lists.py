"""Lists behind the figures: cases and reported values."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from platform_core.regions.models import Division
from platform_core.systems.monitoring import links
from platform_core.systems.monitoring.filters import CaseFilter, ValueFilter
from platform_core.systems.monitoring.models import CaseDigest, IndicatorValue
from platform_core.ui import components
from platform_core.ui.columns import Column
from platform_core.ui.views.base import Crumb, PageAction
from platform_core.ui.views.detail import DetailPage
from platform_core.ui.views.listing import ListPage

PERMISSION = "monitoring.view_indicatorvalue"
SYSTEM = Crumb(_("Monitoring and analysis"))


def name_places(rows: Iterable[Any]) -> None:
    """Set the names of the rows' divisions with one query."""
    rows = list(rows)
    codes = {row.division for row in rows}
    known = Division.objects.defer("boundary").in_bulk(codes)
    for row in rows:
        found = known.get(row.division)
        row.place = found.label if found else row.division


def state_badge(case: CaseDigest) -> object:
    """The state, coloured by how the case stands."""
    if case.is_open:
        level = "red" if case.overdue else "blue"
    else:
        level = "green" if case.closed_at else "grey"
    return components.status(case.get_state_display(), level)


def plain_value(row: IndicatorValue) -> str:
    """The number without decimals that say nothing."""
    return f"{row.value:,.4f}".rstrip("0").rstrip(".")


class PlacedList(ListPage):
    """A list whose rows name their division."""

    permission_required = PERMISSION

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(is_withdrawn=False)

    def get_page(self) -> Page:
        found = super().get_page()
        found.object_list = list(found.object_list)
        name_places(found.object_list)
        return found


class CaseList(PlacedList):
    """Digests of cases within the user's divisions."""

    model = CaseDigest
    title = _("Case digests")
    filterset_class = CaseFilter
    search_fields = ("number__istartswith", "title")
    search_hint = _("Number or title")
    ordering = ("-reported_at", "-id")
    live = 5
    empty_text = _("Cases that were reported here or arrived from below appear here.")
    columns = (
        Column("number", _("Number"), link=True, css="text-nowrap"),
        Column("title", _("Title")),
        Column("class_name", _("Class")),
        Column("place", _("Division"), sort="division"),
        Column("source", _("Source")),
        Column("state", _("State"), sort=True, render=state_badge),
        Column("reported_at", _("Reported at"), sort=True),
        Column("deadline", _("Deadline"), sort=True, default=False),
        Column("closed_at", _("Closed at"), sort=True),
        Column("on_time", _("Closed on time"), default=False),
        Column("rework_count", _("Rework"), number=True, default=False),
        Column("origin", _("Platform"), default=False),
    )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]


class CasePage(DetailPage):
    """The summary of one case."""

    model = CaseDigest
    lookup = "uid"
    permission_required = PERMISSION
    template_name = "monitoring/case.html"

    def get_breadcrumbs(self) -> list[Crumb]:
        from_list = Crumb(CaseList.title, "../")
        return [SYSTEM, from_list, Crumb(self.object.number)]

    def get_page_actions(self) -> list[PageAction]:
        url = links.case_page(self.object.uid) if self.object.is_own else ""
        return [PageAction(_("Work on this case"), url, primary=True)] if url else []

    def get_summary(self) -> list[tuple[Any, Any]]:
        case = self.object
        return [
            (_("Number"), case.number),
            (_("State"), state_badge(case)),
            (_("Class"), f"{case.class_name} ({case.edition}-{case.class_code})"),
            (_("Division"), case.place),
            (_("Source"), case.get_source_display()),
            (_("Platform"), case.origin),
            (_("Reported at"), case.reported_at),
            (_("Deadline"), case.deadline),
            (_("Closed at"), case.closed_at),
            (_("Overdue"), case.overdue),
            (_("Closed on time"), case.on_time),
            (_("Rework"), case.rework_count),
            (_("Last change"), case.updated_at),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.object
        points = None
        if case.lon is not None and case.lat is not None:
            points = {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {
                            "type": "Point",
                            "coordinates": [case.lon, case.lat],
                        },
                        "properties": {"title": case.title},
                    }
                ],
            }
        return super().get_context_data(
            points=points, outline=f"{case.division[:4]}00", **kwargs
        )


class ValueList(PlacedList):
    """Figures as they were reported, by whom and when."""

    model = IndicatorValue
    title = _("Reported figures")
    filterset_class = ValueFilter
    ordering = ("-measured_at", "-id")
    live = 5
    empty_text = _("Figures counted here or sent by platforms below appear here.")
    columns = (
        Column("indicator.label", _("Indicator"), sort="indicator__order"),
        Column("place", _("Division"), sort="division"),
        Column("period", _("Period"), sort=True),
        Column("value", _("Value"), sort=True, number=True, render=plain_value),
        Column("indicator.unit_label", _("Unit")),
        Column("origin", _("Platform"), sort=True),
        Column("measured_at", _("Measured at"), sort=True),
        Column("revision", _("Revision"), number=True, default=False),
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("indicator")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [SYSTEM, Crumb(self.title)]
