"""Everything on the wall for one area, as plain JSON values with their addresses."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from municipal.command.centre.board import selectors, spots, standing
from municipal.command.centre.models import Change, Spot
from municipal.command.enums import OPEN, State
from municipal.command.queries.milestones import Milestone
from platform_core.accounts.models import User
from platform_core.common.clock import now, today
from platform_core.regions import selectors as regions
from platform_core.regions.models import Division

from . import rankings
from .scope import narrowing

Values = dict[str, Any]


def state_of(area: Division, span: str, user: User) -> Values:
    """The answer that the wall polls."""
    is_city = area.code == regions.own_division().code
    narrow = narrowing(area)
    hot = selectors.hot(area.code, span)
    return {
        "at": timezone.localtime(now()).isoformat(timespec="seconds"),
        "area": {"code": area.code, "name": area.label},
        "span": span,
        "figures": figures(area.code, narrow),
        "states": states(area.code, narrow),
        "trend": _trend(area.code, span, narrow),
        "hot": {part: _parts(part, rows, span, narrow) for part, rows in hot.items()},
        "recurring": [_spot(row) for row in selectors.recurring(area.code, is_city)],
        "ranking": rankings.of_area(user, area),
        "stream": [_news(row) for row in selectors.stream(area.code, is_city)],
    }


def cases(narrow: Values, **conditions: object) -> str:
    """The search that shows the cases behind a number."""
    return f"{reverse('queries:cases')}?{urlencode({**narrow, **conditions})}"


def reached(
    narrow: Values, milestone: str, first: date, last: date, **more: Any
) -> str:
    """The search of the cases that came to a milestone within some days."""
    return cases(
        narrow,
        **more,
        milestone=milestone,
        milestone_from=first,
        milestone_to=last,
    )


def figures(area: str, narrow: Values) -> list[Values]:
    """For each milestone: today, this month, this year, and yesterday."""
    day = today()
    month, year = day.replace(day=1), day.replace(month=1, day=1)
    yesterday = f"{date.fromordinal(day.toordinal() - 1):%Y-%m-%d}"
    periods = selectors.calendar(day)
    found = selectors.totals(area, (*periods, yesterday))
    return [
        {
            "code": name,
            "label": str(label),
            "former": found.get((name, yesterday), 0),
            "values": [
                {
                    "value": found.get((name, period), 0),
                    "url": reached(narrow, name, first, day),
                }
                for period, first in zip(periods, (day, month, year), strict=True)
            ],
        }
        for name, label in Milestone.choices
    ]


def states(area: str, narrow: Values) -> Values:
    """Open cases by state, and the overdue ones."""
    found = selectors.stands(area)
    late = found.pop(standing.LATE, 0)
    rows = [
        {
            "code": str(state),
            "label": str(State(state).label),
            "value": found[state],
            "url": cases(narrow, state=state),
        }
        for state in OPEN
        if found.get(state)
    ]
    return {
        "rows": rows,
        "open": {"value": sum(found.values()), "url": cases(narrow, open="true")},
        "late": {
            "value": late,
            "url": cases(narrow, open="true", flag="overdue"),
        },
    }


def _trend(area: str, span: str, narrow: Values) -> Values:
    rows = selectors.trend(area, span)
    return {
        "labels": [row.label for row in rows],
        "series": [
            {
                "code": name,
                "name": str(Milestone(name).label),
                "values": [
                    {
                        "value": row.values[name],
                        "url": reached(narrow, name, row.first, row.last),
                    }
                    for row in rows
                ],
            }
            for name in selectors.TREND
        ],
    }


def _parts(
    part: str, rows: list[selectors.Part], span: str, narrow: Values
) -> list[Values]:
    first, last = selectors.window(span)
    return [
        {
            "key": row.key,
            "name": row.name,
            "value": row.value,
            "former": row.former,
            "url": reached(
                narrow, dict(selectors.HOT)[part], first, last, **_key(part, row.key)
            ),
        }
        for row in rows
    ]


def _key(part: str, key: str) -> Values:
    """The condition of the search for a class, street, unit or source."""
    if part == "class":
        kind, _dash, code = key.partition("-")
        return {"major": f"{kind}-{code[:2]}", "class_code": code}
    return {{"street": "area"}.get(part, part): key}


def _spot(row: Spot) -> Values:
    key = f"{row.class_kind}-{row.class_code}"
    since = timezone.localtime(spots.since()).date()
    return {
        "name": selectors.class_name(key),
        "place": row.address or row.grid_code,
        "value": row.count,
        "lon": row.lon,
        "lat": row.lat,
        "url": cases({}, **_key("class", key), area=row.grid_code, reported_from=since),
    }


def _state(row: Change) -> object:
    """The state a step led to; the case may have gone on since."""
    known = row.to_state in State.values
    return State(row.to_state).label if known else row.case.state_name


def _news(row: Change) -> Values:
    """A line of the stream."""
    case = row.case
    label = Milestone(row.milestone).label if row.milestone else _state(row)
    return {
        "key": row.pk,
        "at": timezone.localtime(row.at).strftime("%H:%M:%S"),
        "number": case.number,
        "title": case.class_name,
        "place": case.address,
        "what": str(pgettext("milestone", "Overdue") if row.is_alarm else label),
        "is_new": row.milestone == Milestone.REPORTED,
        "is_alarm": row.is_alarm or case.is_urgent,
        "lon": case.lon,
        "lat": case.lat,
        "url": case.get_absolute_url(),
    }
