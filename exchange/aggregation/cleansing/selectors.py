"""Reads over rules, scores and cleansed rows."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from exchange.aggregation.hooks import Quality
from exchange.interfaces import selectors as landed
from exchange.interfaces.enums import RowState
from exchange.interfaces.models import Table
from platform_core.common.clock import today
from platform_core.common.models import own_node

from .models import Correction, Problem, Rule, RuleSetVersion, Score, Sender

GOOD = (RowState.CLEAN, RowState.FIXED)
PAGE = 2_000
TREND_DAYS = 90
COMPARED = ("name", "kind", "fields", "parameters", "severity", "weight", "action")


def answered_by(user: Any) -> QuerySet[Sender]:
    """Sources whose problems are this user's duty.

    Whoever handles problems answers for the sources that nobody else does.
    """
    mine = Q(holder=user.pk)
    if user.has_perm("cleansing.handle_problem"):
        mine |= Q(holder=None, origin=own_node())
    return Sender.objects.filter(mine)


class Difference(NamedTuple):
    """How a rule differs between two versions; one side may be missing."""

    code: str
    before: Rule | None
    after: Rule | None


def differences(old: RuleSetVersion, new: RuleSetVersion) -> list[Difference]:
    """Rules that are not the same in both, by code."""
    before = {rule.code: rule for rule in old.rules.all()}
    after = {rule.code: rule for rule in new.rules.all()}
    return [
        Difference(code, before.get(code), after.get(code))
        for code in sorted({*before, *after})
        if _facts(before.get(code)) != _facts(after.get(code))
    ]


def _facts(rule: Rule | None) -> list[Any] | None:
    return None if rule is None else [getattr(rule, name) for name in COMPARED]


def good_rows(table: Table, *, after: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    """`(pk, content)` of the clean and repaired rows, with the repairs put in."""
    rows = landed.rows(table).filter(state__in=GOOD).order_by("pk")
    wanted = rows.values_list("pk", "content")
    while page := list(wanted.filter(pk__gt=after)[:PAGE]):
        fixes = repairs([pk for pk, _content in page])
        yield from ((pk, {**content, **fixes.get(pk, {})}) for pk, content in page)
        after = page[-1][0]


def repairs(rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The values that repairs put into some rows, by the key of the row."""
    found = Correction.objects.filter(row__in=rows)
    return dict(found.values_list("row", "values"))


def score_over(field: str) -> Subquery:
    """The newest score of the whole table that a field of a query points at."""
    return Subquery(_newest(field).values("total")[:1])


def _newest(field: str) -> "QuerySet[Score]":
    scores = Score.objects.filter(table=OuterRef(field), sender__isnull=True)
    return scores.order_by("-day")


def qualities(codes: Collection[str]) -> dict[str, Quality]:
    """The newest score of each whole table, and how many problems are open."""
    tables = Table.objects.filter(code__in=codes)
    newest = tables.values(newest=Subquery(_newest("pk").values("pk")[:1]))
    scores = Score.objects.filter(pk__in=newest).select_related("table", "run")
    waiting = _open_problems(codes)
    return {
        one.table.code: Quality(
            score=one.total,
            at=one.run.ended_at or one.run.started_at,
            problems=waiting.get(one.table_id, 0),
            url=one.run.get_absolute_url(),
            permission="cleansing.view_run",
        )
        for one in scores
    }


def _open_problems(codes: Collection[str]) -> dict[int, int]:
    found = Problem.objects.open().filter(table__code__in=codes).order_by()
    return dict(found.values_list("table").annotate(count=Count("pk")))


def newest_scores() -> "QuerySet[Score]":
    """Of each table and sender the score of its last day, the worst first."""
    scores = Score.objects.select_related("table", "sender")
    newest: dict[tuple[int, int | None], int] = {}
    since = today() - timedelta(days=TREND_DAYS)
    rows = scores.filter(day__gte=since).order_by("day")
    for pk, table, sender in rows.values_list("pk", "table_id", "sender_id"):
        newest[table, sender] = pk
    return scores.filter(pk__in=newest.values())


def trend(table: Table, sender: Sender | None) -> list[Score]:
    """The scores of the last days in order."""
    since = today() - timedelta(days=TREND_DAYS)
    scores = Score.objects.filter(table=table, sender=sender, day__gte=since)
    return list(scores.order_by("day"))
