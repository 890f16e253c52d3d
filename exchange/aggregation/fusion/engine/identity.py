"""Which group of rows goes on as which master record."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fate:
    """What becomes of groups and masters.

    `kept` has the master of each group that goes on as one, `absorbed` the group
    that took the rows of a master which ends, `parted` the master that a new group
    comes from.
    """

    kept: dict[int, int] = field(default_factory=dict)
    absorbed: dict[int, int] = field(default_factory=dict)
    parted: dict[int, int] = field(default_factory=dict)


def assign(
    groups: Iterable[tuple[int, list[tuple[str, int]]]],
    holders: Mapping[str, int],
    former: Mapping[str, int],
) -> Fate:
    """A master goes on as the group that has most of its rows.

    The groups have their rows' uids with the places of their sources. `holders` has
    the master of each row, `former` one that it belonged to before and that has
    ended since. Where a master's rows have parted, the largest part keeps it, of
    equal ones that with a row of the earlier source; where two masters' rows came
    together, the one with more rows goes on, the older one where they have as many.
    """
    now, before = _Overlaps(), _Overlaps()
    for group, rows in groups:
        for uid, source in rows:
            if uid in holders:
                now.add(group, holders[uid], source)
            if uid in former:
                before.add(group, former[uid], source)
    fate = Fate()
    now.match(fate.kept)
    going = set(fate.kept.values())
    for group, master in now.ranked():
        if master not in going:
            fate.absorbed.setdefault(master, group)
        if group not in fate.kept:
            fate.parted.setdefault(group, master)
    before.match(fate.kept)
    return fate


class _Overlaps:
    """How many rows a group has of a master, and of which source the first is."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[int, int]] = Counter()
        self.first: dict[tuple[int, int], int] = {}

    def add(self, group: int, master: int, source: int) -> None:
        """One more row."""
        self.rows[group, master] += 1
        known = self.first.get((group, master), source)
        self.first[group, master] = min(known, source)

    def ranked(self) -> list[tuple[int, int]]:
        """Group and master, those that share most rows first."""
        return sorted(
            self.rows,
            key=lambda one: (-self.rows[one], self.first[one], one[1], one[0]),
        )

    def match(self, kept: dict[int, int]) -> None:
        """Give each group a master that no other group has."""
        taken = set(kept.values())
        for group, master in self.ranked():
            if group not in kept and master not in taken:
                kept[group] = master
                taken.add(master)
