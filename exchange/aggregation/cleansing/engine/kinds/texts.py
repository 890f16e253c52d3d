"""Rules about the form of one value: required, type, length, pattern."""

import duckdb

from exchange.aggregation.cleansing.engine.rules import Rule, RuleError
from exchange.aggregation.cleansing.engine.sql import (
    Sql,
    filled,
    folded,
    join,
    matches,
    trimmed,
)

from .base import Kind, Single, is_count, is_text, one_of

DAY = r"[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?"
ZONE = r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"
MOMENT = rf"{DAY}[T ]{CLOCK}{ZONE}?"
# China has one time; values without a zone are meant in it.
LOCAL = "+08:00"
FORMS = {
    "text": r"(?s).*",
    "integer": r"[+-]?\d{1,18}",
    "decimal": r"[+-]?\d{1,18}(\.\d{1,18})?",
    "boolean": r"true|false|1|0",
    "date": DAY,
    "datetime": MOMENT,
}
LOOSE_DAY = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"


def day(value: Sql) -> Sql:
    """The first ten signs as a date, NULL where there is no such day."""
    return join("try_cast(left({}, 10) AS DATE)", value)


def moment(value: Sql) -> Sql:
    """A date or time as a moment; NULL where it is neither."""
    zoned = join("{} || {}", value, LOCAL)
    dated = join("{} || ' 00:00:00' || {}", value, LOCAL)
    return join(
        "CASE WHEN {} THEN try_cast({} AS TIMESTAMPTZ)"
        " WHEN {} THEN try_cast({} AS TIMESTAMPTZ)"
        " WHEN {} THEN try_cast({} AS TIMESTAMPTZ) END",
        matches(value, DAY),
        dated,
        matches(value, rf"{DAY}[T ]{CLOCK}"),
        zoned,
        matches(value, MOMENT),
        value,
    )


class Required(Single):
    """The value may not be empty."""

    code = "required"

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        return join("NOT {}", filled(value))

    def bad(self, value: Sql, rule: Rule, place: int) -> Sql:
        return self.wrong(value, rule, place)


class Type(Single):
    """The value is an integer, a decimal, a boolean, a date or a time.

    Dates are ISO 8601 and must exist; a time without a zone is China's.
    """

    code = "type"
    needs = {"type": one_of(*FORMS)}

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        kind = str(rule.parameters["type"])
        form = join("NOT {}", matches(value, FORMS[kind]))
        if kind not in ("date", "datetime"):
            return form
        return join("({} OR {} IS NULL)", form, day(value))

    def better(self, value: Sql, rule: Rule) -> Sql:
        plain = folded(value)
        if rule.parameters["type"] == "boolean":
            return join(
                "CASE WHEN {} IN ('是', 'Y', 'y', 'TRUE', 'True') THEN 'true'"
                " WHEN {} IN ('否', 'N', 'n', 'FALSE', 'False') THEN 'false'"
                " ELSE {} END",
                plain,
                plain,
                plain,
            )
        if rule.parameters["type"] not in ("date", "datetime"):
            return plain
        parts = [
            join("lpad(regexp_extract({}, {}, {}), {}, '0')", plain, LOOSE_DAY, n, size)
            for n, size in ((1, 4), (2, 2), (3, 2))
        ]
        rest = join("regexp_replace({}, {}, '')", plain, LOOSE_DAY)
        iso = join("{} || '-' || {} || '-' || {} || {}", *parts, rest)
        loose = join("regexp_matches({}, {})", plain, LOOSE_DAY)
        return join("CASE WHEN {} THEN {} ELSE {} END", loose, iso, plain)


class Length(Single):
    """The value has at least and at most so many characters."""

    code = "length"
    takes = {"least": is_count, "most": is_count}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        if rule.parameters.get("most") is None:
            if rule.parameters.get("least") is None:
                raise RuleError("most", "required")
        elif rule.parameters["most"] < (rule.parameters.get("least") or 0):
            raise RuleError("most", "range")

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        most = rule.parameters.get("most")
        return join(
            "(length({}) NOT BETWEEN {} AND {})",
            value,
            rule.parameters.get("least") or 0,
            2**31 if most is None else most,
        )

    def better(self, value: Sql, rule: Rule) -> Sql:
        return trimmed(value)


class Pattern(Single):
    """The whole value matches a regular expression (RE2: no back references)."""

    code = "pattern"
    needs = {"pattern": is_text}

    def check(self, rule: Rule) -> None:
        super().check(rule)
        try:
            duckdb.execute(
                "SELECT regexp_full_match('', ?)", [rule.parameters["pattern"]]
            )
        except duckdb.Error as error:
            raise RuleError("pattern", "form") from error

    def wrong(self, value: Sql, rule: Rule, place: int) -> Sql:
        return join("NOT {}", matches(value, str(rule.parameters["pattern"])))


KINDS: tuple[Kind, ...] = (Required(), Type(), Length(), Pattern())
