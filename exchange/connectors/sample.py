"""A sample of connectors: hourly weather in from a folder, rain out to another."""

import csv
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from exchange.interfaces import selectors as standard
from platform_core.accounts.models import User
from platform_core.common.clock import today
from platform_core.datasets import federation

from . import places
from .enums import Direction, Mode, SourceKind, Trigger
from .models import Flow, Source
from .services import carrying, flows, running, sending, sources

TABLE = "ex_weather"
HOURS = 24
GIVEN, TAKEN = "气象局文件（样例）", "防汛办文件夹（样例）"
LEVELS = {"红": "1", "橙": "2", "黄": "3", "蓝": "4"}
COLUMNS = ("站点", "观测时间", "气温", "降雨量", "预警")
INCOMING = (
    {"to": "station", "from": ["站点"], "steps": [{"do": "trim"}]},
    {"to": "at", "from": ["观测时间"], "steps": [{"do": "datetime"}]},
    {"to": "temp", "from": ["气温"], "steps": [{"do": "number"}]},
    {"to": "rain", "from": ["降雨量"], "steps": [{"do": "number"}]},
    {
        "to": "warning_level",
        "from": ["预警"],
        "steps": [{"do": "map", "table": "sample-weather"}],
    },
)
OUTGOING = (
    {"to": "时间", "from": ["at"], "steps": []},
    {"to": "站点", "from": ["station"], "steps": []},
    {"to": "降雨量", "from": ["rain"], "steps": []},
)


def load() -> str:
    """Two flows where the work is done; the platforms above have no such files."""
    known = Source.objects.filter(name__in=(GIVEN, TAKEN)).exists()
    by = User.objects.filter(username="admin").first()
    if known or by is None or federation.child_codes():
        return "0 flows"
    _write()
    flows.keep_map(
        by=by, code="sample-weather", name="气象预警级别（样例）", entries=LEVELS
    )
    incoming = _flow(by, GIVEN, "weather", Direction.IN)
    outgoing = _flow(by, TAKEN, "flood", Direction.OUT)
    _run(incoming)
    _run(outgoing)
    return "2 flows"


def _write() -> None:
    """A day of a station; one hour has no rain gauge, which is a rejected row."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begin = datetime.combine(today() - timedelta(days=1), time(), zone)
    folder = places.inside("sample/weather")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"weather-{begin:%Y%m%d}.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for hour in range(HOURS):
            moment = begin + timedelta(hours=hour)
            rain = "缺测" if hour == 5 else f"{max(0, 12 - abs(hour - 15) * 3) / 2:.1f}"
            warning = "蓝" if 14 <= hour <= 16 else ""
            temp = f"{18 + 7 - abs(hour - 14) * 0.8:.1f}"
            line = ("中心站", f"{moment:%Y-%m-%d %H:%M}", temp, rain, warning)
            writer.writerow(line)


def _flow(by: User, name: str, folder: str, direction: Direction) -> Flow:
    source = sources.add(
        by=by,
        name=name,
        department=name[:3],
        kind=SourceKind.FILES,
        settings={"place": "folder", "folder": f"sample/{folder}"},
    )
    incoming = direction == Direction.IN
    definition = {
        "pick": {"pattern": "weather-*.csv"} if incoming else {"name": "降雨量"},
        "fields": list(INCOMING if incoming else OUTGOING),
        "mode": str(Mode.INCREMENTAL if incoming else Mode.FULL),
        "schedule": "10 2 * * *" if incoming else "20 2 * * *",
    }
    made = flows.add(
        by=by,
        name="气象观测接入（样例）" if incoming else "降雨量送防汛办（样例）",
        source=source,
        table=standard.table(TABLE),
        definition=definition,
        direction=direction,
    )
    return flows.activate(flow=made, by=by)


def _run(flow: Flow) -> None:
    """At once and here: at seeding there may be no worker yet."""
    run = running.open_run(flow=flow, by=None, trigger=Trigger.SCHEDULE)
    if flow.outgoing:
        sending.follow(run)
    else:
        carrying.follow(run, stop=lambda: False, seconds=None)
