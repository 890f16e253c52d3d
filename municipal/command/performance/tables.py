"""Counts as rows of a list, and the rows of flags behind one count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from municipal.command.enums import OPEN
from municipal.command.models import Case
from platform_core.accounts.models import User
from platform_core.common import clock

from . import objects, scopes, sums, waiting
from .asking import Figure
from .enums import ObjectKind, RowKind
from .measures import WAITING
from .models import StepFlags
from .periods import Period


@dataclass(frozen=True)
class Row:
    """An object with its counts."""

    kind: ObjectKind
    key: str
    label: str
    counts: dict[str, int]
    period: Period

    @property
    def pk(self) -> str:
        return self.key

    def url(self, measure: str) -> str:
        """The cases behind a count."""
        return cases_url(self.kind, self.key, measure, self.period)

    def get_absolute_url(self) -> str:
        """The object over time."""
        query = urlencode({"period": self.period.kind, "first": self.period.first})
        return f"{reverse('performance:object', args=[self.kind, self.key])}?{query}"


def cases_url(kind: str, key: str, measure: str, period: Period) -> str:
    """The address of the cases behind a count."""
    given = {"kind": kind, "key": key, "measure": measure}
    given |= {"first": str(period.first), "last": str(period.last)}
    return f"{reverse('performance:cases')}?{urlencode(given)}"


def rows(kind: ObjectKind, period: Period, user: User) -> list[Row]:
    """All objects with counts that somebody may see, by name."""
    found = sums.sums(kind, period)
    seen = [
        key
        for key in scopes.among(user, kind, found)
        if key and any(found[key].values())
    ]
    names = objects.labels(kind, seen)
    return sorted(
        (Row(kind, key, names[key], found[key], period) for key in seen),
        key=lambda row: (row.label, row.key),
    )


class Rows:
    """A list that pages and files can read like a query."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __getitem__(self, part: slice) -> "Rows":
        return Rows(self.items[part])

    def count(self) -> int:
        return len(self.items)

    def iterator(self, chunk_size: int = 0) -> Iterator[Any]:
        return iter(self.items)


# Behind a count -----------------------------------------------------------------


class Behind:
    """The rows behind a count: cases that wait now, then flags, the newest first."""

    def __init__(self, live: Sequence[StepFlags], kept: QuerySet[StepFlags]) -> None:
        self.live, self.kept = live, kept

    def __len__(self) -> int:
        return len(self.live) + self.kept.count()

    def count(self) -> int:
        return len(self)

    def __iter__(self) -> Iterator[StepFlags]:
        return self.iterator()

    def __getitem__(self, part: slice) -> "Behind":
        start, stop = part.start or 0, part.stop
        size = len(self.live)
        end = None if stop is None else max(0, stop - size)
        return Behind(self.live[start:stop], self.kept[max(0, start - size) : end])

    def iterator(self, chunk_size: int = 1000) -> Iterator[StepFlags]:
        yield from self.live
        yield from self.kept.iterator(chunk_size=chunk_size)


def behind(figure: Figure, user: User, text: str = "") -> Behind:
    """What a count is made of, perhaps of cases with a text in the number."""
    running = sums.is_running(figure.period)
    live = waiting_cases(figure, user, text) if running else []
    return Behind(live, kept_rows(figure, user, text, running=running))


def kept_rows(
    figure: Figure, user: User, text: str, *, running: bool
) -> QuerySet[StepFlags]:
    """The flags that were summed up."""
    period = figure.period
    set_ = [Q(**{name: True}) for name in figure.columns if name not in WAITING]
    steps = reduce(or_, set_, scopes.NOTHING) & Q(
        day__range=(period.first, period.last)
    )
    asleep = [Q(**{name: True}) for name in figure.columns if name in WAITING]
    at_end = reduce(or_, asleep, scopes.NOTHING) & Q(day=period.last)
    found = StepFlags.objects.visible_to(user).counted(figure.kind)
    found = found.filter(steps if running else steps | at_end)
    found = found.filter(**{scopes.FIELDS[figure.kind]: figure.key})
    if text:
        found = found.filter(case__number__contains=text)
    return found.select_related("case").order_by("-at", "-pk")


def waiting_cases(figure: Figure, user: User, text: str) -> list[StepFlags]:
    """The open cases that wait now, as rows like those of a day's end."""
    columns = [name for name in figure.columns if name in WAITING]
    if not columns or figure.kind not in sums.OF_CASE:
        return []
    known = waiting.conditions(clock.now())
    found = Case.objects.visible_to(user).filter(
        reduce(or_, (known[name] for name in columns)),
        state__in=OPEN,
        **{sums.OF_CASE[figure.kind]: figure.key},
    )
    if text:
        found = found.filter(number__contains=text)
    newest = found.order_by("-state_since", "-pk")
    return [
        StepFlags(row=RowKind.WAITING, case=case, at=case.state_since)
        for case in newest
    ]
