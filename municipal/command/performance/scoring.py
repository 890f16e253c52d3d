"""Scores, composite index, grades and ranks: pure functions.  [GB/T 30428.4]

An indicator is data: counts added up above and below the line. With a band table
the count (or the mean count) is scored by the table, without one the rate is. An
empty denominator is no data: the indicator is left out and the others weigh more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

Counts = Mapping[str, int]
Formula = tuple[tuple[int, str], ...]
Direction = Literal["up", "down", "same", "new", "none"]

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
CENT = Decimal("0.01")
DAYS_OF_MONTH = 30
LEAD, ASSIST = "lead", "assist"


@dataclass(frozen=True, slots=True)
class Band:
    """A score for counts up to a bound; the last band has no bound."""

    upto: Decimal | None
    score: Decimal


Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """How one figure is worked out, scored and weighed."""

    code: str
    weight: Decimal
    above: Formula
    below: Formula = ()
    positive: bool = True
    bands: Bands = ()
    scaled: bool = False
    part: str = LEAD


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade from a composite index on."""

    code: str
    least: Decimal
    colour: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Indicators, grades, and the share of assisting others, for one group."""

    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    assist_share: Decimal = ZERO
    own_bands: Mapping[str, Mapping[str, Bands]] = field(default_factory=dict)

    def of_group(self, group: str) -> "Plan":
        """The plan with the band tables that a group has of its own."""
        own = self.own_bands.get(group, {})
        changed = tuple(
            replace(row, bands=own.get(row.code, row.bands)) for row in self.indicators
        )
        return replace(self, indicators=changed)


@dataclass(frozen=True, slots=True)
class Scored:
    """One indicator of one object; no value where there is no data."""

    code: str
    above: int
    below: int | None
    value: Decimal | None
    score: Decimal | None
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the indicators of an object come to."""

    scored: tuple[Scored, ...]
    composite: Decimal | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The step from the period before."""

    direction: Direction
    change: Decimal | None = None


def rounded(value: Decimal) -> Decimal:
    """To two digits, halves up, as people count."""
    return value.quantize(CENT, ROUND_HALF_UP)


def total(formula: Formula, counts: Counts) -> int:
    """The counts of one side of a formula added up; what is absent is zero."""
    found = 0
    for sign, measure in formula:
        found += sign * counts.get(measure, 0)
    return found


def rate(above: int, below: int) -> Decimal | None:
    """A rate in percent to two digits, or no data."""
    return rounded(HUNDRED * above / below) if below > 0 else None


def month_share(kind: str, days: int) -> Decimal:
    """How many months a period is worth, for band tables that fit a month."""
    return ONE if kind == "month" else Decimal(days) / DAYS_OF_MONTH


def value_of(row: Indicator, above: int, below: int | None) -> Decimal | None:
    """A rate in percent, a count, or the mean count where both sides are given."""
    if below is None:
        return Decimal(above)
    if below <= 0:
        return None
    ratio = Decimal(above) / below
    return rounded(ratio if row.bands else HUNDRED * ratio)


def band_score(bands: Bands, value: Decimal, months: Decimal = ONE) -> Decimal:
    """The score of the first band that reaches the value."""
    for band in bands:
        if band.upto is None or value <= band.upto * months:
            return band.score
    return ZERO


def score_of(row: Indicator, value: Decimal, months: Decimal = ONE) -> Decimal:
    """A score from 0 to 100."""
    if row.bands:
        return band_score(row.bands, value, months if row.scaled else ONE)
    kept = min(max(value, ZERO), HUNDRED)
    return kept if row.positive else HUNDRED - kept


def weight_of(row: Indicator, assist_share: Decimal) -> Decimal:
    """The weight in the whole: leading and assisting share it between them."""
    share = assist_share if row.part == ASSIST else HUNDRED - assist_share
    return row.weight * share / HUNDRED


def composite(scored: Iterable[Scored]) -> Decimal | None:
    """The weighted mean of what has data; nothing where nothing has."""
    points = weights = ZERO
    for row in scored:
        if row.score is not None:
            points += row.score * row.weight
            weights += row.weight
    return rounded(points / weights) if weights else None


def shares(scored: Iterable[Scored]) -> dict[str, Fraction]:
    """What each indicator with data weighs in the end; together exactly 1."""
    rows = {row.code: Fraction(row.weight) for row in scored if row.score is not None}
    whole = sum(rows.values())
    return {code: weight / whole for code, weight in rows.items()} if whole else {}


def evaluate(plan: Plan, counts: Counts, months: Decimal = ONE) -> Outcome:
    """All indicators of one object, and its composite index."""
    scored = tuple(_scored(row, plan, counts, months) for row in plan.indicators)
    return Outcome(scored, composite(scored))


def _scored(row: Indicator, plan: Plan, counts: Counts, months: Decimal) -> Scored:
    above = total(row.above, counts)
    below = total(row.below, counts) if row.below else None
    value = value_of(row, above, below)
    score = None if value is None else score_of(row, value, months)
    weight = weight_of(row, plan.assist_share)
    return Scored(row.code, above, below, value, score, weight)


def grade_of(grades: Iterable[Grade], index: Decimal | None) -> Grade | None:
    """The best grade whose limit the index reaches; the grades come best first."""
    if index is None:
        return None
    return next((grade for grade in grades if index >= grade.least), None)


def ranks(indices: Mapping[str, Decimal | None]) -> dict[str, int | None]:
    """Places from the best down; equals share a place, the next ones are skipped."""
    found = sorted((v for v in indices.values() if v is not None), reverse=True)
    places: dict[Decimal, int] = {}
    for place, value in enumerate(found, start=1):
        places.setdefault(value, place)
    return {
        key: None if value is None else places[value] for key, value in indices.items()
    }


def trend(index: Decimal | None, before: Decimal | None) -> Trend:
    """Better, worse or the same as in the period before."""
    if index is None:
        return Trend("none")
    if before is None:
        return Trend("new")
    change = index - before
    if change == 0:
        return Trend("same", change)
    return Trend("up" if change > 0 else "down", change)
