"""The report of a drill, for people and for machines."""

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from platform_core.common.clock import now
from platform_core.common.models import own_node

from .enums import Phase
from .running import Drill
from .scenarios import SCENARIOS


def facts(drill: Drill) -> dict[str, Any]:
    """Everything the report says, as plain data."""
    plan = drill.plan
    return {
        "run": str(drill.run),
        "scenario": plan.scenario,
        "title": str(SCENARIOS[plan.scenario].title),
        "text": str(SCENARIOS[plan.scenario].text),
        "node": own_node(),
        "peer": plan.peer.code,
        "others": [peer.code for peer in plan.others],
        "ended_at": now().isoformat(timespec="seconds"),
        "seconds": plan.seconds,
        "records_a_second": plan.a_second,
        "records": drill.records(),
        "result": drill.result,
        "drained_after_seconds": drill.drained_after,
        "delay": {
            str(Phase.BEFORE): _span(drill.before_times),
            str(Phase.FAULT): _span(drill.fault_times),
        },
        "verdicts": [
            {"expected": one.expected, "found": one.found, "held": one.held}
            for one in drill.verdicts
        ],
        "notes": drill.notes,
        "timeline": [
            {
                "second": one.second,
                "phase": one.phase,
                "light": one.light,
                "waiting": one.pending,
                "oldest_seconds": one.lag,
                "failures": one.failures,
                "sent": one.sent,
            }
            for one in drill.timeline
        ],
    }


def _span(times: list[float]) -> dict[str, float]:
    """Number, median, 95 % and longest, in seconds."""
    if not times:
        return {"records": 0}
    return {
        "records": len(times),
        "median": round(median(times), 2),
        "p95": round(times[min(len(times) - 1, len(times) * 95 // 100)], 2),
        "longest": round(times[-1], 2),
    }


def write(drill: Drill) -> tuple[Path, Path]:
    """Both files of the report, under `VAR_DIR/drills`."""
    folder = Path(settings.VAR_DIR) / "drills"
    folder.mkdir(parents=True, exist_ok=True)
    found = facts(drill)
    stem = f"{now():%Y%m%d-%H%M%S}-{drill.plan.scenario}"
    text, data = folder / f"{stem}.md", folder / f"{stem}.json"
    text.write_text(markdown(found))
    data.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return text, data


def markdown(found: dict[str, Any]) -> str:
    """The report as people read it."""
    parts = [
        f"# {_('Outage drill')}: {found['title']}",
        found["text"],
        _table((_("Figure"), _("Value")), _figures(found)),
        f"## {_('Expectations')}",
        _table(
            (_("Expected"), _("Found"), _("Held")),
            (
                (one["expected"], one["found"], "✓" if one["held"] else "✗")
                for one in found["verdicts"]
            ),
        ),
        *[f"- {note}" for note in found["notes"]],
        f"## {_('Timeline')}",
        _table(
            (
                *(_("Second"), _("Phase"), _("Light"), _("Waiting")),
                *(_("Oldest (s)"), _("Failures"), _("Sent")),
            ),
            (_moment(one) for one in found["timeline"]),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _moment(one: dict[str, Any]) -> tuple[object, ...]:
    label = Phase(one["phase"]).label
    return (one["second"], label, *[one[name] for name in list(one)[2:]])


def _figures(found: dict[str, Any]) -> list[tuple[object, object]]:
    result = {
        "passed": _("passed"),
        "failed": _("failed"),
        "stopped": _("stopped before its end"),
    }[found["result"]]
    rows: list[tuple[object, object]] = [
        (_("Result"), result),
        (_("This platform"), found["node"]),
        (_("Peer"), found["peer"]),
        (_("Ended"), found["ended_at"]),
        (_("Length of the outage (s)"), found["seconds"]),
        (_("Records sent"), found["records"]),
        (_("Drained after (s)"), found["drained_after_seconds"]),
    ]
    for phase, span in found["delay"].items():
        for name, title in (("median", _("median")), ("p95", "95 %")):
            if name in span:
                label = f"{_('Delay (s)')}, {Phase(phase).label}, {title}"
                rows.append((label, span[name]))
    return rows


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    heads = [str(one) for one in head]
    lines = [heads, ["---"] * len(heads), *[[str(c) for c in row] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
