"""What a draft of a scheme would have done to the results that are there."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import documents, scoring, selectors
from .computing import Evaluator, Judged
from .models import Result, Run, Scheme

SHOWN = 200


@dataclass(frozen=True)
class Change:
    """One object before and after."""

    result: Result
    judged: Judged
    rank: int | None

    @property
    def step(self) -> Decimal | None:
        """By how much the index would move."""
        before, after = self.result.composite, self.judged.composite
        return None if before is None or after is None else after - before


def preview(draft: Scheme, unit_codes: dict[int, str]) -> list[dict[str, Any]]:
    """For each kind of object of the scheme: its newest results by the draft."""
    documents.plan(draft.body)
    found = []
    for kind in draft.kinds:
        run = selectors.latest_run(kind)
        if run is not None:
            changes = _changes(draft, run, unit_codes)
            found.append(
                {
                    "run": run,
                    "changes": changes[:SHOWN],
                    "count": len(changes),
                    "moved": sum(1 for row in changes if row.step),
                    "before": _grades(row.result.grade for row in changes),
                    "after": _grades(row.judged.grade for row in changes),
                }
            )
    return found


def _grades(codes: Any) -> str:
    counts = Counter(code or "—" for code in codes)
    return ", ".join(f"{code}: {counts[code]}" for code in sorted(counts))


def _changes(draft: Scheme, run: Run, unit_codes: dict[int, str]) -> list[Change]:
    evaluator, rows = Evaluator(draft, run.period), list(run.results.all())
    groups = {
        row.key: draft.group_of(unit_codes.get(row.unit_id or 0, "")) for row in rows
    }
    judged = {row.key: evaluator.judged(row.sums, groups[row.key]) for row in rows}
    ranks: dict[str, int | None] = {}
    for group in set(groups.values()):
        members = {
            key: judged[key].composite for key, held in groups.items() if held == group
        }
        ranks |= scoring.ranks(members)
    changes = [Change(row, judged[row.key], ranks[row.key]) for row in rows]
    return sorted(changes, key=lambda row: -abs(row.step or scoring.ZERO))
