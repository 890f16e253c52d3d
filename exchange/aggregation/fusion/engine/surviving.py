"""Which row gives a field of the master its value, and why."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .plans import Field, Member, Plan

Order = Callable[[Member, str], Any]


class Kept(NamedTuple):
    """A value of a master with the row it came from."""

    value: Any
    member: Member
    why: str


def survive(plan: Plan, members: Sequence[Member]) -> dict[str, Kept]:
    """The fields that have a value, each from one of the rows."""
    found = {}
    for one in plan.fields:
        given = [member for member in members if _value(member, one) is not None]
        if given:
            found[one.code] = _one(plan, one, given, len(members))
    return found


def _one(plan: Plan, one: Field, given: Sequence[Member], every: int) -> Kept:
    if len(given) == 1:
        why = "single" if every == 1 else "only"
        return Kept(_typed(_value(given[0], one), one), given[0], why)
    ranks = _ranks(plan, one)
    best = min(given, key=lambda member: _key(one, member, given, ranks))
    return Kept(_typed(_value(best, one), one), best, one.survive)


def _ranks(plan: Plan, one: Field) -> Mapping[str, int]:
    """The place of each source in the order of the field, else of the plan."""
    every = [source.code for source in plan.sources]
    order = [*one.order, *(code for code in every if code not in one.order)]
    return {code: place for place, code in enumerate(order)}


def _key(
    one: Field, member: Member, given: Sequence[Member], ranks: Mapping[str, int]
) -> tuple:
    """Smaller is better; the source's place, then the newest row settle a draw."""
    settled = (ranks[member.source], -member.moment, member.uid)
    return (*SCORES[one.survive](one, member, given), *settled)


SCORES: dict[str, Callable[[Field, Member, Sequence[Member]], tuple]] = {
    "priority": lambda one, member, given: (),
    "newest": lambda one, member, given: (-member.moment,),
    "longest": lambda one, member, given: (-len(str(_value(member, one))),),
    "most": lambda one, member, given: (
        -Counter(_value(each, one) for each in given)[_value(member, one)],
    ),
    "fullest": lambda one, member, given: (-len(member.values) - bool(member.point),),
}


def _value(member: Member, one: Field) -> Any:
    return member.point if one.kind == "point" else member.values.get(one.code)


def _typed(value: Any, one: Field) -> Any:
    """A value as JSON holds it."""
    if one.kind == "point":
        return list(value)
    if one.kind != "number":
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if number.is_integer():
        return int(number)
    return number if number == number else value  # noqa: PLR0124  NaN stays a text
