"""Values that a steward found right in spite of a rule hold nothing back."""

from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from exchange.aggregation.cleansing.engine.run import Cleansing
from exchange.aggregation.cleansing.enums import CHUNK, ProblemState
from exchange.aggregation.cleansing.models import Problem, Rule
from exchange.interfaces import selectors as landed
from exchange.interfaces.models import Table
from platform_core.common.models import own_node

from .finding import masked, personal_fields


def waive(table: Table, rules: Sequence[Rule], done: Cleansing) -> int:
    """Take out of the findings what was confirmed for the same value; how many."""
    confirmed = {
        (record, code): value
        for record, code, value in Problem.objects.filter(
            table=table, origin=own_node(), state=ProblemState.CONFIRMED
        ).values_list("record", "rule_code", "value")
    }
    records = iter({record for record, _code in confirmed})
    waived = 0
    while chunk := list(islice(records, CHUNK)):
        waived += _waive(table, rules, done, confirmed, chunk)
    return waived


def _waive(
    table: Table,
    rules: Sequence[Rule],
    done: Cleansing,
    confirmed: dict[tuple[UUID, str], str],
    records: list[UUID],
) -> int:
    personal = personal_fields(rules)
    rows = dict(landed.rows(table).filter(uid__in=records).values_list("pk", "uid"))
    pairs = []
    for one in done.of_rows(list(rows)):
        value = one.value or ""
        shown = masked(value) if one.rule in personal else value
        if confirmed.get((rows[one.row], rules[one.rule].code)) == shown:
            pairs.append((one.row, one.rule))
    done.waive(pairs)
    return len(pairs)
