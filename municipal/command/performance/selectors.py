"""Reads of evaluation: the latest results, courses over time, what a bulletin says."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Case, Count, IntegerField, QuerySet, Value, When

from . import scoring
from .enums import ObjectKind, RunState
from .models import Result, Run, Scheme

SHOWN = 5
PERIODS = 12
WEIGHTS = ("published", "approved", "publicity", "draft")


@dataclass(frozen=True)
class Standing:
    """One object as a screen shows it."""

    key: str
    label: str
    composite: Decimal | None
    grade: str
    colour: str
    rank: int | None
    trend: str
    change: Decimal | None


def _best_first(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Published runs before open ones, then the newest days."""
    weight = Case(
        When(state=RunState.PUBLISHED, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return runs.exclude(state=RunState.REPLACED).order_by(weight, "-last", "-pk")


def latest_run(kind: str) -> Run | None:
    """The newest published evaluation of a kind, else the newest draft."""
    return _best_first(Run.objects.filter(kind=kind)).first()


def latest(kind: str, limit: int = 10) -> list[Standing]:
    """The best of the newest published results of a kind, else of the newest draft."""
    run = latest_run(ObjectKind(kind))
    if run is None:
        return []
    rows = run.results.exclude(rank=None).order_by("rank", "key")[:limit]
    return [
        Standing(
            row.key,
            row.label,
            row.composite,
            row.grade,
            row.colour,
            row.rank,
            row.trend.direction,
            row.trend.change,
        )
        for row in rows
    ]


def overview(user: Any) -> list[dict[str, Any]]:
    """By kind: the newest evaluation in sight with its best and its weakest."""
    newest: dict[str, Run] = {}
    seen = _best_first(Run.objects.visible_to(user)).select_related("scheme")
    for run in seen[:300]:
        newest.setdefault(run.kind, run)
    found = []
    for kind in ObjectKind:
        if kind in newest:
            run = newest[kind]
            rows = Result.objects.visible_to(user).filter(run=run).exclude(rank=None)
            best = list(rows.order_by("rank", "key")[:SHOWN])
            shown = {row.pk for row in best}
            weak = rows.order_by("-rank", "-key")[:SHOWN]
            last = [row for row in weak if row.pk not in shown][::-1]
            found.append({"run": run, "best": best, "weak": last})
    return found


def by_grade(rows: QuerySet[Result], scheme: Scheme) -> list[dict[str, Any]]:
    """How many objects have each grade, and how many have none."""
    counts: dict[str, int] = dict(
        rows.order_by().values_list("grade").annotate(n=Count("pk"))
    )
    found: list[dict[str, Any]] = [
        {
            "code": row["code"],
            "colour": row["colour"],
            "count": counts.get(row["code"], 0),
        }
        for row in scheme.body["grades"]
    ]
    return [*found, {"code": "", "colour": "grey", "count": counts.get("", 0)}]


def course(result: Result, user: Any, count: int = PERIODS) -> list[Result]:
    """An object's results over the periods up to this one, the oldest first."""
    run = result.run
    rows = (
        Result.objects.visible_to(user)
        .filter(
            key=result.key,
            run__kind=run.kind,
            run__period_kind=run.period_kind,
            run__last__lte=run.last,
        )
        .exclude(run__state=RunState.REPLACED)
        .select_related("run")
        .order_by("-run__first", "run__state", "-run")
    )
    newest: dict[Any, Result] = {}
    for row in rows[: count * 2]:
        held = newest.get(row.run.first)
        if held is None or row.run.state == RunState.PUBLISHED:
            newest[row.run.first] = row
    return [newest[first] for first in sorted(newest)][-count:]


def bulletin(run: Run, user: Any) -> dict[str, Any]:
    """What a bulletin tells: ranking, grades, means, who rose and fell most."""
    rows = list(
        Result.objects.visible_to(user).filter(run=run).order_by("group", "rank", "key")
    )
    scored = [row for row in rows if row.composite is not None]
    moved = [row for row in scored if row.trend.change]
    moved.sort(key=lambda row: row.trend.change or 0)
    grades = Counter(row.grade for row in rows)
    return {
        "rows": rows,
        "scored": len(scored),
        "mean": _mean(scored),
        "grades": [
            (row["code"], row["least"], row["colour"], grades[row["code"]])
            for row in run.scheme.body["grades"]
        ],
        "risen": [row for row in reversed(moved) if row.trend.direction == "up"][
            :SHOWN
        ],
        "fallen": [row for row in moved if row.trend.direction == "down"][:SHOWN],
        "totals": totals(rows),
    }


def _mean(rows: list[Result]) -> Decimal | None:
    if not rows:
        return None
    whole = sum((row.composite or scoring.ZERO for row in rows), scoring.ZERO)
    return scoring.rounded(whole / len(rows))


def totals(rows: list[Result]) -> dict[str, int]:
    """The counts of all objects added up."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row.sums)
    return dict(found)


def means(run: Run, count: int = PERIODS) -> list[tuple[Run, Decimal]]:
    """The mean index of all objects over the periods up to this one."""
    runs = (
        Run.objects.filter(
            kind=run.kind, period_kind=run.period_kind, last__lte=run.last
        )
        .exclude(state=RunState.REPLACED)
        .annotate(mean=Avg("results__composite"))
        .exclude(mean=None)
        .order_by("-first", "-pk")[: count * 2]
    )
    newest: dict[Any, Run] = {}
    for row in runs:
        if row.first not in newest or row.state == RunState.PUBLISHED:
            newest[row.first] = row
    chosen = [newest[first] for first in sorted(newest)][-count:]
    return [(row, scoring.rounded(Decimal(str(row.mean)))) for row in chosen]  # type: ignore[attr-defined]
