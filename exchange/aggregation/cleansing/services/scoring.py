"""Quality scores of a run: by sender, and of the table as a whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone

from exchange.aggregation.cleansing.enums import SHARES, Dimension
from exchange.aggregation.cleansing.models import Rule, Run, Score, Sender
from exchange.interfaces import frequencies
from exchange.interfaces.models import Batch, Table
from platform_core.common.clock import now


def timeliness(table: Table, sender: Sender | None, at: datetime) -> float | None:
    """100 while the last batch is young enough, then falling with its age."""
    most = frequencies.allowed(table.frequency)
    batches = Batch.objects.filter(table=table, finished_at__isnull=False)
    if sender is not None:
        batches = batches.filter(origin=sender.origin, source=sender.name)
    last = batches.order_by("-arrived_at").values_list("arrived_at", flat=True).first()
    if most is None or last is None:
        return None
    return min(100.0, 100 * most / max(at - last, most))


def measured(
    rules: Sequence[Rule], bad: Mapping[int, int], rows: int
) -> dict[Dimension, float]:
    """The dimensions that the rules measure, 0 to 100."""
    lost: dict[Dimension, float] = defaultdict(float)
    weights: dict[Dimension, float] = defaultdict(float)
    for place, rule in enumerate(rules):
        lost[rule.dimension] += rule.weight * bad.get(place, 0)
        weights[rule.dimension] += rule.weight * rows
    return {
        one: 100 * (1 - lost[one] / weight) if weight else 100.0
        for one, weight in weights.items()
    }


def total(parts: Mapping[Dimension, float]) -> float:
    """The weighted mean of what is measured."""
    share = sum(SHARES[one] for one in parts)
    whole = sum(SHARES[one] * value for one, value in parts.items())
    return whole / share if share else 100.0


def keep(
    run: Run,
    rules: Sequence[Rule],
    groups: Mapping[int, int],
    bad: Mapping[tuple[int, int], int],
) -> None:
    """Write the scores of today; a later run of the day replaces them."""
    moment = now()
    by_sender: dict[int | None, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for (group, place), number in bad.items():
        by_sender[group][place] += number
        by_sender[None][place] += number
    Score.objects.filter(table=run.table, day=_day(moment)).delete()
    Score.objects.bulk_create(
        _score(run, rules, sender, rows=rows, bad=by_sender[group], moment=moment)
        for group, sender, rows in _parts(groups)
    )


def _parts(groups: Mapping[int, int]) -> list[tuple[int | None, Sender | None, int]]:
    """Each sender with its rows, and all of them together."""
    senders = Sender.objects.in_bulk(list(groups))
    each = [(key, senders[key], rows) for key, rows in groups.items() if key in senders]
    return [*each, (None, None, sum(groups.values()))]


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def _score(
    run: Run,
    rules: Sequence[Rule],
    sender: Sender | None,
    *,
    rows: int,
    bad: Mapping[int, int],
    moment: datetime,
) -> Score:
    parts = measured(rules, bad, rows)
    timely = timeliness(run.table, sender, moment)
    if timely is not None:
        parts[Dimension.TIMELINESS] = timely
    return Score(
        table=run.table,
        sender=sender,
        day=_day(moment),
        run=run,
        rows=rows,
        problems=sum(bad.values()),
        total=round(total(parts), 2),
        **{str(one): round(value, 2) for one, value in parts.items()},
    )
