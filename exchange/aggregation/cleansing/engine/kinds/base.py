"""What all kinds of rules have in common."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from duckdb import DuckDBPyConnection

from exchange.aggregation.cleansing.engine.rules import Action, Rule, RuleError
from exchange.aggregation.cleansing.engine.sql import NULL, Sql, filled, folded, join

Columns = Mapping[str, Sql]
VALUE_LENGTH = 200


class Kind:
    """A kind of rule: says in SQL which rows break it.

    `least` and `most` bound the number of fields, `needs` and `takes` name the
    parameters with the test that a value must pass. `alone` is False for a rule
    whose answer depends on other rows too.
    """

    code: ClassVar[str]
    least: ClassVar[int] = 1
    most: ClassVar[int] = 1
    needs: ClassVar[Mapping[str, Callable[[Any], bool]]] = {}
    takes: ClassVar[Mapping[str, Callable[[Any], bool]]] = {}
    alone: ClassVar[bool] = True

    def check(self, rule: Rule) -> None:
        """Refuse a rule that cannot be applied; RuleError."""
        if not self.least <= len(set(rule.fields)) <= self.most:
            raise RuleError("fields", "number")
        for name, right in {**self.needs, **self.takes}.items():
            given = rule.parameters.get(name)
            if given is None and name in self.needs:
                raise RuleError(name, "required")
            if given is not None and not right(given):
                raise RuleError(name, "type")
        if rule.action == Action.DEFAULT and not is_text(
            rule.parameters.get("default")
        ):
            raise RuleError("default", "required")

    def prepare(self, base: DuckDBPyConnection, rule: Rule, place: int) -> None:
        """Make the tables that the rule looks values up in."""

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        """SELECT row, field, value, fix of the rows that break the rule."""
        raise NotImplementedError

    def finish(self, base: DuckDBPyConnection, place: int) -> None:
        """Drop what `prepare` made."""
        base.execute(f"DROP TABLE IF EXISTS keys_{place:d}")


class Single(Kind):
    """A rule about one value; an empty value breaks only `required`."""

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        """A condition that is true for a filled value that breaks the rule."""
        raise NotImplementedError

    def better(self, value: Sql, rule: Rule) -> Sql:
        """The value as the sender may have meant it."""
        return folded(value)

    def bad(self, value: Sql, rule: Rule, place: int) -> Sql:
        """The condition of a bad row."""
        return join("{} AND {}", filled(value), self.wrong(value, rule, place))

    def problems(self, rule: Rule, place: int, rows: str, columns: Columns) -> Sql:
        (name,) = rule.fields
        value = columns[name]
        return join(
            'SELECT "row", {} AS field, left(v, {}) AS "value", {} AS fix FROM '
            '(SELECT "row", {} AS v, {} AS b FROM ' + rows + " WHERE {})",
            name,
            VALUE_LENGTH,
            self.proposal(rule, place),
            value,
            self.better(value, rule) if rule.action == Action.FIX else NULL,
            self.bad(value, rule, place),
        )

    def proposal(self, rule: Rule, place: int) -> Sql:
        """What to put in its place: only what passes the rule itself."""
        if rule.action == Action.DEFAULT:
            return join("{}", str(rule.parameters["default"]))
        if rule.action != Action.FIX:
            return NULL
        better = Sql("b")
        wrong = self.wrong(better, rule, place)
        return join("CASE WHEN {} AND NOT ({}) THEN b END", filled(better), wrong)


def select(rows: str, name: str, value: Sql, fix: Sql, bad: Sql) -> Sql:
    """The statement that names the bad rows of one field."""
    return join(
        'SELECT "row", {} AS field, left({}, {}) AS "value", {} AS fix FROM '
        + rows
        + " WHERE {}",
        name,
        value,
        VALUE_LENGTH,
        fix,
        bad,
    )


def is_text(value: Any) -> bool:
    """A text, perhaps an empty one."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """A number that is not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Any) -> bool:
    """A whole number from nought on."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_flag(value: Any) -> bool:
    """Yes or no."""
    return isinstance(value, bool)


def is_table(value: Any) -> bool:
    """Texts by texts."""
    return isinstance(value, Mapping) and all(
        is_text(part) for pair in value.items() for part in pair
    )


def one_of(*known: str) -> Callable[[Any], bool]:
    """A test for one of these words."""
    return lambda value: value in known
