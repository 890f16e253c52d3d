"""One run: rows loaded, compared, scored, grouped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from .clusters import Groups
from .loading import Loader
from .matching import Matcher
from .plans import Member, Pair, Plan, Unmatched
from .workspace import BATCH, Workspace

Progress = Callable[[float], None]
Decided = Iterable[tuple[str, str, bool]]
FIRST_LINKS = 100_000


class Fusion:
    """The rows of a plan's sources brought together in a folder of their own.

    `decided` are pairs of uids that a person called the same thing or different
    ones; they count before every score.
    """

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        *,
        decided: Decided = (),
        progress: Progress = lambda part: None,
    ) -> None:
        self.plan, self._decided, self._progress = plan, decided, progress
        self.space = Workspace(folder)
        self.matcher = Matcher(self.space, plan)
        self.loader = Loader(self.space, plan)
        self.rows = self.same = 0
        self.unmatched: list[Unmatched] = []
        self.conflicts: list[Pair] = []
        self._links: dict[int, Pair] = {}
        self.groups = Groups()

    def __enter__(self) -> "Fusion":
        return self

    def __exit__(self, *_about: object) -> None:
        self.space.close()

    def run(self) -> "Fusion":
        """Do it all; afterwards ask for groups and pairs."""
        sources = max(len(self.plan.sources), 1)
        self.rows = self.loader.load(lambda done: self._progress(0.3 * done / sources))
        self.unmatched = self.loader.unmatched()
        self.matcher.match()
        self._progress(0.7)
        self._decide()
        self._group()
        self._progress(0.9)
        return self

    def _decide(self) -> None:
        """What people said, by numbers of rows, as far as the rows are here."""
        space = self.space
        space.run("CREATE TABLE said (l VARCHAR, r VARCHAR, same BOOLEAN)")
        pending = list(self._decided)
        for start in range(0, len(pending), BATCH):
            left, right, same = zip(*pending[start : start + BATCH], strict=True)
            space.run(
                "INSERT INTO said SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), "
                "unnest(?::BOOLEAN[])",
                list(left),
                list(right),
                list(same),
            )
        space.run(
            "CREATE TABLE decided AS SELECT least(l.id, r.id) AS a, "
            "greatest(l.id, r.id) AS b, bool_and(said.same) AS same FROM said "
            "JOIN rows l ON l.uid = said.l JOIN rows r ON r.uid = said.r "
            "WHERE l.id <> r.id GROUP BY 1, 2"
        )

    def _group(self) -> None:
        """First what people said, then the surest pairs."""
        space = self.space
        apart: dict[int, set[int]] = {}
        for a, b in space.stream("SELECT a, b FROM decided WHERE NOT same"):
            apart.setdefault(a, set()).add(b)
            apart.setdefault(b, set()).add(a)
        self.groups = Groups(apart, self._alone())
        for a, b, pair in self._said():
            self._join(a, b, pair, surely=True)
        undecided = "same AND (a, b) NOT IN (SELECT (a, b) FROM decided)"
        for a, b, _same, pair in self.matcher.pairs(undecided):
            self._join(a, b, pair)
        self._keep()

    def _alone(self) -> dict[int, int]:
        distinct = [n for n, one in enumerate(self.plan.sources) if one.distinct]
        return dict(
            self.space.stream(
                "SELECT id, source FROM rows "
                "WHERE source IN (SELECT unnest(?::SMALLINT[])) AND id IN "
                "(SELECT a FROM scored UNION ALL SELECT b FROM scored UNION ALL "
                "SELECT a FROM decided UNION ALL SELECT b FROM decided)",
                distinct,
            )
        )

    def _said(self) -> Iterator[tuple[int, int, Pair]]:
        parts = "".join(f", s{n}" for n in range(len(self.plan.rules)))
        found = self.space.stream(
            "SELECT d.a, d.b, l.uid, r.uid, l.landed, r.landed, "
            "coalesce(s.score, 1.0), "
            f"coalesce(s.evidence, 0.0){parts} FROM decided d "
            "JOIN rows l ON l.id = d.a JOIN rows r ON r.id = d.b "
            "LEFT JOIN scored s ON s.a = d.a AND s.b = d.b WHERE d.same ORDER BY 1, 2"
        )
        for a, b, left, right, left_row, right_row, score, base, *rest in found:
            facts = (round(score, 6), round(base, 6), tuple(rest), left_row, right_row)
            yield a, b, Pair(left, right, *facts, decided=True)

    def _join(self, a: int, b: int, pair: Pair, *, surely: bool = False) -> None:
        if not self.groups.join(a, b, surely=surely):
            self.conflicts.append(pair)
            return
        self.same += 1
        self._links.setdefault(a, pair)
        self._links.setdefault(b, pair)

    def _keep(self) -> None:
        """The groups as a table, for reading them in order."""
        self.space.run("CREATE TABLE grouped (id BIGINT, first BIGINT)")
        rows = [(one, first) for first, all_ in self.groups.all() for one in all_]
        for start in range(0, len(rows), BATCH):
            ids, firsts = zip(*rows[start : start + BATCH], strict=True)
            self.space.run(
                "INSERT INTO grouped SELECT unnest(?::BIGINT[]), unnest(?::BIGINT[])",
                list(ids),
                list(firsts),
            )

    # What was found -----------------------------------------------------------------
    def outline(self) -> Iterator[tuple[int, list[tuple[str, int]]]]:
        """Groups by number with the uids and sources of their rows."""
        found = self.space.stream(
            "SELECT coalesce(first, id), uid, source FROM rows "
            "LEFT JOIN grouped USING (id) ORDER BY 1, id"
        )
        for number, rows in groupby(found, key=lambda row: row[0]):
            yield number, [(uid, source) for _number, uid, source in rows]

    def masters(self) -> Iterator[tuple[int, list[Member]]]:
        """Groups by number with their rows in full."""
        columns = "".join(f", f{n}" for n in range(len(self.loader.names)))
        found = self.space.stream(
            "SELECT coalesce(first, id), id, source, landed, uid, moment, x, y"
            f"{columns} FROM rows LEFT JOIN grouped USING (id) ORDER BY 1, 2"
        )
        for number, rows in groupby(found, key=lambda row: row[0]):
            yield number, [self._member(row) for row in rows]

    def _member(self, found: Sequence) -> Member:
        _first, one, source, row, uid, moment, x, y, *values = found
        return Member(
            uid,
            self.plan.sources[source].code,
            row,
            moment,
            {
                name: value
                for name, value in zip(self.loader.names, values, strict=True)
                if value is not None
            },
            None if x is None else (x, y),
            self._links.get(one),
        )

    def review(self) -> Iterator[Pair]:
        """Pairs that a person should look at, the surest first."""
        told = {(one.left, one.right) for one in self.conflicts}
        yield from self.conflicts
        unsure = "NOT same AND (a, b) NOT IN (SELECT (a, b) FROM decided)"
        for a, b, _same, pair in self.matcher.pairs(unsure):
            joined = self.groups.of(a) == self.groups.of(b)
            if not joined and (pair.left, pair.right) not in told:
                yield pair
