"""Pairs between the thresholds become work for reviewers."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from uuid import UUID

from django.db import transaction

from exchange.aggregation.fusion.engine.plans import Member
from exchange.aggregation.fusion.engine.plans import Pair as Found
from exchange.aggregation.fusion.enums import CHUNK, PairState
from exchange.aggregation.fusion.models import Pair, Run

from . import explaining

SEEN = ("score", "evidence", "parts", "facts", "conflict", "title")
ROWS = ("left_row", "right_row")
WRITTEN = (*SEEN, *ROWS, "state", "run")


class Queue:
    """Keeps the pairs of one run, chunk by chunk; safe to do twice."""

    def __init__(
        self, run: Run, members: Mapping[str, Member], hidden: set[str], contrary: int
    ) -> None:
        self._run, self._members, self._hidden = run, members, hidden
        self._contrary = contrary

    def keep(self, found: Iterable[Found], most: int) -> int:
        """Take the surest pairs; those not found again are no longer in question."""
        pairs, kept = islice(found, most), 0
        while chunk := list(islice(pairs, CHUNK)):
            self._keep(chunk, kept)
            kept += len(chunk)
        Pair.objects.filter(task=self._run.task, state=PairState.OPEN).exclude(
            run=self._run
        ).update(state=PairState.GONE)
        return kept

    @transaction.atomic
    def _keep(self, chunk: list[Found], before: int) -> None:
        rows = Pair.objects.select_for_update(of=("self",))
        known = {
            (str(one.left), str(one.right)): one
            for one in rows.filter(
                task=self._run.task, left__in={one.left for one in chunk}
            )
        }
        made, changed = [], []
        for place, found in enumerate(chunk, before):
            pair = self._pair(found, conflict=place < self._contrary)
            earlier = known.get((found.left, found.right))
            if earlier is None:
                made.append(pair)
            else:
                changed.append(self._again(earlier, pair))
        Pair.objects.bulk_create(made)
        Pair.objects.bulk_update(changed, WRITTEN)

    def _again(self, earlier: Pair, pair: Pair) -> Pair:
        """It was known; what a person decided stays as it is."""
        for name in (*SEEN, *ROWS, "run"):
            setattr(earlier, name, getattr(pair, name))
        if earlier.state == PairState.GONE:
            earlier.state = PairState.OPEN
        return earlier

    def _pair(self, found: Found, *, conflict: bool) -> Pair:
        left, right = self._members[found.left], self._members[found.right]
        version = self._run.version
        names = [
            explaining.title(version, one.values, self._hidden) for one in (left, right)
        ]
        return Pair(
            task=self._run.task,
            left=UUID(found.left),
            right=UUID(found.right),
            left_row=found.left_row,
            right_row=found.right_row,
            title=" / ".join(names)[:300],
            score=found.score,
            evidence=found.evidence,
            parts=explaining.parts(version, found),
            facts={
                "left": explaining.facts(left, self._hidden),
                "right": explaining.facts(right, self._hidden),
            },
            conflict=conflict,
            run=self._run,
        )


def wanted(pairs: Iterable[Found]) -> Iterator[str]:
    """The records of some pairs."""
    for one in pairs:
        yield one.left
        yield one.right
