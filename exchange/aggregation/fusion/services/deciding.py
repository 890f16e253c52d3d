"""What people say about pairs; it counts for all runs to come."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.fusion.enums import PairState
from exchange.aggregation.fusion.models import Pair, Task
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict

from .people import person

DECIDED = (PairState.SAME, PairState.DIFFERENT)


def said(task: Task) -> Iterator[tuple[str, str, bool]]:
    """All decisions of a task, as the engine takes them."""
    found = Pair.objects.filter(task=task, state__in=DECIDED).order_by("pk")
    wanted = found.values_list("left", "right", "state")
    for left, right, state in wanted.iterator(chunk_size=2_000):
        yield str(left), str(right), state == PairState.SAME


def _locked(pair: Pair, states: tuple[PairState, ...]) -> Pair:
    row = Pair.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if row.state not in states:
        raise Conflict(_("Somebody has decided this pair already."))
    return row


@transaction.atomic
def _decide(pair: Pair, state: PairState, *, by: Actor, note: str) -> Pair:
    row = _locked(pair, (PairState.OPEN,))
    row.state, row.by, row.note, row.decided_at = state, person(by), note[:500], now()
    row.save()
    about = {"state": state, "score": row.score, "note": note}
    audit.record("fusion.pair_decided", row, by=by, data=about)
    return row


def accept(*, pair: Pair, by: Actor, note: str = "") -> Pair:
    """The two are the same thing."""
    return _decide(pair, PairState.SAME, by=by, note=note)


def reject(*, pair: Pair, by: Actor, note: str = "") -> Pair:
    """The two are different things."""
    return _decide(pair, PairState.DIFFERENT, by=by, note=note)


@transaction.atomic
def reopen(*, pair: Pair, by: Actor, note: str = "") -> Pair:
    """Take a decision back; the next run goes by the score again."""
    row = _locked(pair, DECIDED)
    about = {"before": row.state, "note": note}
    row.state, row.by, row.note, row.decided_at = PairState.OPEN, None, note[:500], None
    row.save()
    audit.record("fusion.pair_reopened", row, by=by, data=about)
    return row
