"""Rules about what a value may be: range, code list, reference, order of times."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from exchange.aggregation.cleansing.engine.rules import Rule, RuleError
from exchange.aggregation.cleansing.engine.sql import NULL, Sql, folded, join, matches

from .base import Columns, Kind, Single, is_flag, is_number, is_table, is_text, select
from .texts import FORMS, moment


def is_bound(value: Any) -> bool:
    """A number, or a date or time as text."""
    return is_number(value) or is_text(value)


class Range(Single):
    """The value lies between two numbers, or two dates; the ends belong to it.

    A value that is no number (no date) does not break it: that is for `type`.
    """

    code = "range"
    takes = {"least": is_bound, "most": is_bound}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        bounds = self._bounds(rule)
        if not bounds:
            raise RuleError("least", "required")
        if len({is_number(value) for value in bounds.values()}) > 1:
            raise RuleError("most", "type")
        if len(bounds) > 1 and bounds["least"] > bounds["most"]:
            raise RuleError("most", "range")

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        bounds = self._bounds(rule)
        numbers = is_number(next(iter(bounds.values())))
        read = number if numbers else moment
        signs = {"least": "<", "most": ">"}
        tests = [
            join(
                "coalesce({} " + signs[name] + " {}, false)",
                read(value),
                read(join("{}", str(bound))),
            )
            for name, bound in bounds.items()
        ]
        return tests[0] if len(tests) == 1 else join("({} OR {})", *tests)

    def _bounds(self, rule: Rule) -> dict[str, Any]:
        return {
            name: rule.parameters[name]
            for name in self.takes
            if rule.parameters.get(name) is not None
        }


def number(value: Sql) -> Sql:
    """A decimal as a number, NULL where it is none."""
    return join(
        "CASE WHEN {} THEN try_cast({} AS DOUBLE) END",
        matches(value, FORMS["decimal"]),
        value,
    )


class Listed(Single):
    """Values are looked up in a list."""

    def prepare(self, base: DuckDBPyConnection, rule: Rule, place: int) -> None:
        base.execute(f'CREATE OR REPLACE TABLE keys_{place:d} ("key" VARCHAR)')
        if isinstance(rule.keys, Path):
            base.execute(
                f"INSERT INTO keys_{place:d} SELECT DISTINCT content FROM read_csv(?, "
                "columns={'content': 'VARCHAR'}, header=false, auto_detect=false,"
                " delim='\x1f', quote='', escape='')",
                [str(rule.keys)],
            )
        else:
            base.execute(
                f"INSERT INTO keys_{place:d} SELECT DISTINCT unnest(?::VARCHAR[])",
                [_texts(rule.keys)],
            )

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        return join(
            "coalesce({} NOT IN " + f'(SELECT "key" FROM keys_{place:d}), true)',
            value,
        )


def _texts(keys: Sequence[str]) -> list[str]:
    return [str(key) for key in keys]


class CodeList(Listed):
    """The value is one of the codes; `aliases` turn what else is written into them."""

    code = "code_list"
    takes = {"aliases": is_table}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        if not isinstance(rule.keys, Path) and not rule.keys:
            raise RuleError("codes", "required")

    def better(self, value: Sql, rule: Rule) -> Sql:
        plain = folded(value)
        aliases: dict[str, str] = dict(rule.parameters.get("aliases") or {})
        if not aliases:
            return plain
        return join(
            "coalesce(map({}::VARCHAR[], {}::VARCHAR[])[{}], {})",
            list(aliases),
            list(aliases.values()),
            plain,
            plain,
        )


class Reference(Listed):
    """The value is a key of another table."""

    code = "reference"


class TimeOrder(Kind):
    """The first time is not after the second one; `strict` refuses equal ones."""

    code = "time_order"
    least = most = 2
    takes = {"strict": is_flag}

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        before, after = (columns[name] for name in rule.fields)
        sign = ">=" if rule.parameters.get("strict") else ">"
        bad = join("coalesce({} " + sign + " {}, false)", moment(before), moment(after))
        both = join("{} || ' / ' || {}", before, after)
        return select(rows, rule.fields[1], both, NULL, bad)


KINDS: tuple[Kind, ...] = (Range(), CodeList(), Reference(), TimeOrder())
