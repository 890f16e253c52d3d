"""Pairs that are the same thing become groups of rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Groups:
    """Groups of numbers, kept apart where two of them must not meet.

    `apart` holds for a number those that a person said are another thing;
    `sources` the source of each number whose source has every thing only once.
    """

    apart: Mapping[int, set[int]] = field(default_factory=dict)
    sources: Mapping[int, int] = field(default_factory=dict)
    _group: dict[int, int] = field(default_factory=dict)
    _members: dict[int, list[int]] = field(default_factory=dict)

    def of(self, one: int) -> int:
        """The group of a number, named by one of its members."""
        return self._group.get(one, one)

    def members(self, group: int) -> list[int]:
        """Who is in a group."""
        return self._members.get(group, [group])

    def join(self, a: int, b: int, *, surely: bool = False) -> bool:
        """Bring two groups together; False where they must stay apart.

        `surely` is for what a person said: a source may then have a thing twice.
        """
        first, second = self.of(a), self.of(b)
        if first == second:
            return True
        left, right = self.members(first), self.members(second)
        if self._kept_apart(left, right) or (not surely and self._twice(left, right)):
            return False
        if len(left) < len(right):
            first, second, left, right = second, first, right, left
        self._members[first] = [*left, *right]
        self._members.pop(second, None)
        for one in (*right, first):
            self._group[one] = first
        return True

    def _kept_apart(self, left: list[int], right: list[int]) -> bool:
        few, many = sorted((left, right), key=len)
        group = self.of(many[0])
        return any(
            self.of(other) == group for one in few for other in self.apart.get(one, ())
        )

    def _twice(self, left: list[int], right: list[int]) -> bool:
        known = {self.sources[one] for one in left if one in self.sources}
        return any(self.sources.get(one) in known for one in right)

    def all(self) -> Iterable[tuple[int, list[int]]]:
        """The groups of two and more, each named by its smallest number."""
        for members in self._members.values():
            if len(members) > 1:
                ordered = sorted(members)
                yield ordered[0], ordered
