"""Rules about rows among other rows: unique values, duplicates."""

from exchange.aggregation.cleansing.engine.rules import Action, Rule, RuleError
from exchange.aggregation.cleansing.engine.sql import (
    NULL,
    Sql,
    chain,
    filled,
    folded,
    join,
)

from .base import VALUE_LENGTH, Columns, Kind, is_flag

MARKS = r"[^\p{L}\p{N}]+"
# Between the parts of a key; it cannot be typed.
UNIT = "\x1f"


class Unique(Kind):
    """No other row has the same values; all rows that share them break it.

    Rows with an empty part are left to `required`.
    """

    code = "unique"
    most = 6
    alone = False

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        parts = [columns[name] for name in rule.fields]
        key = chain(f" || '{UNIT}' || ", parts)
        full = chain(" AND ", [filled(part) for part in parts])
        shown = chain(" || ' / ' || ", parts)
        return join(
            "WITH keyed AS ("
            'SELECT "row", {} AS "key", {} AS shown FROM ' + rows + " WHERE {}"
            "), shared AS ("
            'SELECT "key" FROM keyed GROUP BY "key" HAVING count(*) > 1'
            ') SELECT "row", {} AS field, left(shown, {}) AS "value", {} AS fix '
            'FROM keyed SEMI JOIN shared USING ("key")',
            key,
            shown,
            full,
            rule.fields[0],
            VALUE_LENGTH,
            NULL,
        )


class Duplicate(Kind):
    """The same thing came under another identifier; the first row stays.

    `near` compares texts without case, width, blanks and punctuation.
    """

    code = "duplicate"
    most = 6
    alone = False
    takes = {"near": is_flag}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        if rule.action in (Action.FIX, Action.DEFAULT):
            raise RuleError("action", "kind")

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        parts = [columns[name] for name in rule.fields]
        compared = (
            [near(part) for part in parts] if rule.parameters.get("near") else parts
        )
        full = chain(" AND ", [filled(part) for part in compared])
        return join(
            "WITH keyed AS ("
            'SELECT "row", {} AS "key", {} AS shown FROM ' + rows + " WHERE {}"
            "), firsts AS ("
            'SELECT "key", min("row") AS "first" FROM keyed '
            'GROUP BY "key" HAVING count(*) > 1'
            ') SELECT keyed."row", {} AS field, left(shown, {}) AS "value", {} AS fix '
            'FROM keyed JOIN firsts USING ("key") WHERE keyed."row" > "first"',
            chain(f" || '{UNIT}' || ", compared),
            chain(" || ' / ' || ", parts),
            full,
            rule.fields[0],
            VALUE_LENGTH,
            NULL,
        )


def near(value: Sql) -> Sql:
    """A text without what people write differently."""
    return join("lower(regexp_replace({}, {}, '', 'g'))", folded(value), MARKS)


KINDS: tuple[Kind, ...] = (Unique(), Duplicate())
