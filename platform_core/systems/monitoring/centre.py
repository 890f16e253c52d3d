"""What the command centre shows: one answer, assembled from sums kept up to date."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from platform_core.common.clock import now, today
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from . import maps, periods, policies, selectors
from .enums import CaseStage, Measure
from .models import CaseDigest

TREND = ("cases.reported", "cases.filed", "cases.closed")
STREAM = 14


def state_of(user: Any, division: str) -> dict[str, Any]:
    """Everything on the wall for one division, as plain JSON values."""
    return {
        "at": timezone.localtime(now()).isoformat(timespec="seconds"),
        "division": _place(regions.division(division)),
        "trail": _trail(user, division),
        "kpi": kpi(division),
        "trend": _trend(division),
        "parts": _parts(division),
        "classes": _shares(division, selectors.class_shares(division), _class_query),
        "sources": _shares(division, selectors.source_shares(division), _source_query),
        "outline": _outline(division),
        "points": [_point(row) for row in selectors.map_points(user, division)],
        "stream": [_news(row) for row in selectors.latest(user, division, STREAM)],
    }


def cases_url(division: str, **query: object) -> str:
    """The list of cases behind a figure."""
    wanted = {name: str(value) for name, value in query.items()}
    return (
        f"{reverse('monitoring:cases')}?{urlencode({'division': division, **wanted})}"
    )


def kpi(division: str) -> list[dict[str, Any]]:
    """The strip of figures, each with the list behind it."""
    found = selectors.figures(division)
    day = today()
    first = day.replace(day=1)
    of_day, of_month = found.today, found.month
    satisfied = selectors.rate(
        of_month["requests.satisfied"], of_month["requests.received"]
    )
    reported = {"reported_from": day, "reported_to": day}
    closed = {"closed_from": day, "closed_to": day}
    this_month = {"closed_from": first, "closed_to": day}
    link = cases_url
    return [
        _tile(
            _("Reported today"), of_day["cases.reported"], link(division, **reported)
        ),
        _tile(
            _("Filed today"), of_day["cases.filed"], _trend_url("cases.filed", division)
        ),
        _tile(_("Closed today"), of_day["cases.closed"], link(division, **closed)),
        _tile(_("Open cases"), found.open, link(division, is_open="true")),
        _tile(
            _("Overdue cases"),
            found.overdue,
            link(division, is_open="true", overdue="true"),
            level="alarm" if found.overdue else "",
        ),
        _tile(
            _("Closing rate this month"),
            found.closing_rate,
            link(division, **this_month),
            unit="%",
            hint=_("Cases closed ÷ cases filed this month"),
        ),
        _tile(
            _("Closed on time this month"),
            found.on_time_rate,
            link(division, on_time="true", **this_month),
            unit="%",
            hint=_("Cases closed within their time limit ÷ cases closed"),
        ),
        _tile(
            _("Public satisfaction"),
            satisfied,
            _trend_url("requests.satisfied", division),
            unit="%",
            hint=_("Satisfied requests ÷ requests received this month"),
        ),
    ]


def _tile(
    label: str,
    value: float | None,
    url: str,
    *,
    unit: str = "",
    level: str = "",
    hint: str = "",
) -> dict[str, Any]:
    shown = None if value is None else (value if unit == "%" else int(value))
    return {
        "label": label,
        "value": shown,
        "unit": unit,
        "url": url,
        "level": level,
        "hint": hint,
    }


def _trend_url(indicator: str, division: str) -> str:
    query = urlencode({"indicator": indicator, "division": division})
    return f"{reverse('monitoring:explorer')}?{query}"


def _place(one: Division) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.label,
        "level": one.level,
        "lon": one.lon,
        "lat": one.lat,
    }


def _trail(user: Any, division: str) -> list[dict[str, Any]]:
    return [
        {"code": step.code, "name": step.label}
        for step in regions.lineage(division)
        if policies.may_see_division(user, step.code)
    ]


def _trend(division: str) -> dict[str, Any]:
    found = selectors.trend(TREND, division)
    names = {
        "cases.reported": _("Cases reported"),
        "cases.filed": _("Cases filed"),
        "cases.closed": _("Cases closed"),
    }
    return {
        "days": [point.period for point in found[TREND[0]]],
        "series": [
            {
                "code": code,
                "name": names[code],
                "values": [point.value for point in found[code]],
            }
            for code in TREND
        ],
        "url": _trend_url(TREND[0], division),
    }


def _parts(division: str) -> list[dict[str, Any]]:
    """The divisions right below, with the figures that map and ranking show."""
    day, month = periods.day(today()), periods.month(today())
    below = list(regions.children(division))
    codes = [one.code for one in below]
    names = ["cases.reported", "cases.filed", "cases.closed"]
    sums = selectors.sums(names, codes, [day, month])
    held = selectors.open_by_division(codes)
    return [
        {
            **_place(one),
            "today": sums.get(("cases.reported", one.code, day), 0),
            "reported": sums.get(("cases.reported", one.code, month), 0),
            "closed": sums.get(("cases.closed", one.code, month), 0),
            "open": held[Measure.OPEN].get(one.code, 0),
            "overdue": held[Measure.OVERDUE].get(one.code, 0),
            "rate": selectors.rate(
                sums.get(("cases.closed", one.code, month), 0),
                sums.get(("cases.filed", one.code, month), 0),
            ),
            "url": cases_url(one.code),
        }
        for one in below
    ]


def _class_query(key: str) -> Mapping[str, object]:
    edition, kind, code = key.split("/")
    return {"edition": edition, "class_kind": kind, "class_code": code}


def _source_query(key: str) -> Mapping[str, object]:
    return {"source": key}


def _shares(
    division: str, shares: list[selectors.Share], query: Any
) -> list[dict[str, Any]]:
    since = selectors.window_start(today())
    return [
        {
            "name": share.label,
            "value": share.value,
            "url": cases_url(division, reported_from=since, **query(share.key)),
        }
        for share in shares
    ]


def _outline(division: str) -> dict[str, str]:
    found = maps.outline(division)
    return {"url": found.url, "only": found.only}


def _point(row: CaseDigest) -> dict[str, Any]:
    return {
        "lon": row.lon,
        "lat": row.lat,
        "title": row.title,
        "state": row.get_state_display(),
        "overdue": row.overdue,
        "url": row.get_absolute_url(),
    }


def _news(row: CaseDigest) -> dict[str, Any]:
    stages = dict(CaseStage.choices)
    return {
        "key": f"{row.uid}-{row.revision}",
        "number": row.number,
        "title": row.title,
        "class": row.class_name,
        "place": row.place,
        "state": row.get_state_display(),
        "stage": str(stages.get(row.stage, "")),
        "step": row.stage if row.is_open else 0,
        "overdue": row.overdue and row.is_open,
        "at": timezone.localtime(row.updated_at).strftime("%H:%M:%S"),
        "url": row.get_absolute_url(),
    }
