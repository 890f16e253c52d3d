"""One run: every rule over every row, fixes, and what becomes of the rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .kinds import KINDS
from .kinds.places import Coordinates
from .rules import Action, Count, Found, Rule, RuleError, Severity, Verdict
from .sql import Sql, chain, column, join
from .workspace import MEMORY, Workspace

Progress = Callable[[int, int], None]
BATCH = 5_000
PROBLEMS = '(rule INTEGER, "row" BIGINT, field VARCHAR, "value" VARCHAR, fix VARCHAR)'


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that fixes have changed, with the new values by field."""

    row: int
    values: dict[str, str]


def check(rules: Sequence[Rule]) -> None:
    """Refuse rules that cannot be applied; RuleError."""
    for rule in rules:
        if rule.kind not in KINDS:
            raise RuleError("kind", "unknown")
        KINDS[rule.kind].check(rule)


class Cleansing:
    """Rows checked by rules in a folder of their own.

    All rules see the values as they came; then fixes and defaults are put in,
    the earlier rule first, and what they touched is checked again. A rule whose
    fix does not hold stays open like one that sends the row back. `again` opens
    the folder of a run that ended, to go on reading what it found.
    """

    def __init__(
        self,
        source: Path,
        rules: Sequence[Rule],
        folder: Path,
        *,
        memory: str = MEMORY,
        again: bool = False,
        progress: Progress = lambda done, total: None,
    ) -> None:
        check(rules)
        self.rules = list(rules)
        self.fields = sorted({name for rule in rules for name in rule.fields})
        self._columns = {name: column(n) for n, name in enumerate(self.fields)}
        self._progress = progress
        self.space = Workspace(folder, memory=memory, again=again)
        self._source = source
        self.rows = 0

    def __enter__(self) -> "Cleansing":
        return self

    def __exit__(self, *_about: object) -> None:
        self.space.base.close()

    def run(self) -> "Cleansing":
        """Do it all; afterwards ask for counts, problems and rows."""
        steps = len(self.rules) + 2
        self.rows = self.space.load(self._source, self.fields)
        self._progress(1, steps)
        self.space.base.execute(f"CREATE TABLE first_found {PROBLEMS}")
        for place, rule in enumerate(self.rules):
            self._apply(place, rule, '"rows"', "first_found")
            self._progress(place + 2, steps)
        self._again(self._mend())
        self._settle()
        for place, rule in enumerate(self.rules):
            KINDS[rule.kind].finish(self.space.base, place)
        self._progress(steps, steps)
        return self

    def _apply(self, place: int, rule: Rule, rows: str, into: str) -> None:
        kind = KINDS[rule.kind]
        if rows == '"rows"':
            kind.prepare(self.space.base, rule, place)
        if isinstance(kind, Coordinates):
            kind.resolve(self.space.base, rule, place, rows, self._columns)
        found = kind.problems(rule, place, rows, self._columns)
        self.space.run(
            join(f"INSERT INTO {into} SELECT {place:d}, * FROM ({{}})", found)
        )

    def _mend(self) -> set[str]:
        """The rows that a fix or a default changes; which fields they change."""
        base = self.space.base
        base.execute(
            'CREATE TABLE fixes AS SELECT "row", field, arg_min(fix, rule) AS fix '
            'FROM first_found WHERE fix IS NOT NULL GROUP BY "row", field'
        )
        rows = base.execute("SELECT DISTINCT field FROM fixes").fetchall()
        touched = {name for (name,) in rows}
        news = chain("", (self._new(name) for name in sorted(touched)))
        values = "".join(
            f", coalesce(n{n}, f{n}) AS f{n}" if name in touched else f", f{n}"
            for n, name in enumerate(self.fields)
        )
        self.space.run(
            join(
                f'CREATE TABLE mended AS SELECT "row", "group"{values} FROM "rows" '
                'JOIN (SELECT "row"{} FROM fixes GROUP BY "row") USING ("row")',
                news,
            )
        )
        base.execute(
            'CREATE VIEW present AS SELECT * FROM "rows" '
            'ANTI JOIN mended USING ("row") UNION ALL SELECT * FROM mended'
        )
        return touched

    def _new(self, name: str) -> Sql:
        place = self.fields.index(name)
        return join(f", max(fix) FILTER (field = {{}}) AS n{place:d}", name)

    def _again(self, touched: set[str]) -> None:
        """Check what was mended: single rows alone, sets of rows as a whole."""
        base = self.space.base
        base.execute(f"CREATE TABLE then_found {PROBLEMS}")
        base.execute(
            'CREATE TABLE problems (rule INTEGER, "row" BIGINT, field VARCHAR, '
            '"value" VARCHAR, fix VARCHAR, open BOOLEAN, came BOOLEAN)'
        )
        for place, rule in enumerate(self.rules):
            if touched & set(rule.fields):
                self._apply_again(place, rule)
            else:
                base.execute(
                    "INSERT INTO problems SELECT *, true, true FROM first_found "
                    "WHERE rule = ?",
                    [place],
                )

    def _apply_again(self, place: int, rule: Rule) -> None:
        base = self.space.base
        alone = KINDS[rule.kind].alone
        self._apply(place, rule, "mended" if alone else "present", "then_found")
        if alone:
            base.execute(
                "INSERT INTO then_found SELECT * FROM first_found "
                'ANTI JOIN mended USING ("row") WHERE rule = ?',
                [place],
            )
        base.execute(
            'INSERT INTO problems SELECT ?, "row", coalesce(f.field, t.field), '
            'coalesce(f."value", t."value"), f.fix, t.field IS NOT NULL, '
            "f.field IS NOT NULL FROM (FROM first_found WHERE rule = ?) f FULL JOIN "
            '(FROM then_found WHERE rule = ?) t USING ("row")',
            [place] * 3,
        )

    def _settle(self) -> None:
        """What the open problems make of their rows."""
        base = self.space.base
        base.execute("DROP TABLE first_found")
        base.execute("DROP TABLE then_found")
        self._hold()

    def _hold(self) -> None:
        holds = [rule.severity == Severity.ERROR for rule in self.rules]
        refuses = [rule.action == Action.REJECT for rule in self.rules]
        self.space.base.execute(
            'CREATE OR REPLACE TABLE held AS SELECT "row", bool_or(refuses) AS refused '
            'FROM (SELECT "row", (?::BOOLEAN[])[rule + 1] AS refuses, '
            "(?::BOOLEAN[])[rule + 1] AS holds FROM problems WHERE open"
            ') WHERE holds GROUP BY "row"',
            [refuses, holds],
        )

    def waive(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Take back what was found for these rows and rules."""
        if not pairs:
            return
        self.space.base.execute(
            'DELETE FROM problems WHERE ("row", rule) IN '
            "(SELECT (unnest(?::BIGINT[]), unnest(?::INTEGER[])))",
            [[row for row, _rule in pairs], [rule for _row, rule in pairs]],
        )
        self._hold()

    # What was found -------------------------------------------------------------
    def counts(self) -> list[Count]:
        """By rule, how many rows were found and how many stay open."""
        counted = [Count()] * len(self.rules)
        for place, found, still in self.space.base.execute(
            "SELECT rule, count(*), count(*) FILTER (open) FROM problems GROUP BY rule"
        ).fetchall():
            counted[place] = Count(found, still)
        return counted

    def groups(self) -> dict[int, int]:
        """How many rows each group has."""
        rows = self.space.base.execute(
            'SELECT "group", count(*) FROM "rows" GROUP BY 1'
        )
        return dict(rows.fetchall())

    def bad_by_group(self) -> dict[tuple[int, int], int]:
        """Rows by group and rule that broke the rule as they came."""
        rows = self.space.base.execute(
            'SELECT "group", rule, count(*) FROM problems JOIN "rows" USING ("row") '
            "WHERE came GROUP BY 1, 2"
        ).fetchall()
        return {(group, rule): number for group, rule, number in rows}

    def verdicts(self) -> dict[Verdict, int]:
        """How many rows came to which end."""
        number = self.space.number
        refused = number("SELECT count(*) FROM held WHERE refused")
        held = number("SELECT count(*) FROM held")
        fixed = number('SELECT count(*) FROM mended ANTI JOIN held USING ("row")')
        return {
            Verdict.CLEAN: self.rows - held - fixed,
            Verdict.FIXED: fixed,
            Verdict.REJECTED: refused,
            Verdict.RETURNED: held - refused,
        }

    def problems(
        self, *, after: int = -1, limit: int | None = None, open_only: bool = False
    ) -> Iterator[Found]:
        """Problems by row and rule, of the rows behind `after`."""
        rows = self._stream(
            'SELECT "row", rule, field, "value", fix, open FROM problems '
            'WHERE "row" > ? AND open >= ? ORDER BY "row", rule LIMIT ?',
            [after, open_only, 2**62 if limit is None else limit],
        )
        return (Found(*row) for row in rows)

    def of_rows(self, rows: Sequence[int]) -> Iterator[Found]:
        """The open problems of some rows."""
        found = self._stream(
            'SELECT "row", rule, field, "value", fix, open FROM problems '
            'WHERE open AND "row" IN (SELECT unnest(?::BIGINT[]))',
            [list(rows)],
        )
        return (Found(*row) for row in found)

    def ended(self, verdict: Verdict) -> Iterator[int]:
        """The rows that came to this end."""
        question = {
            Verdict.CLEAN: 'SELECT "row" FROM "rows" ANTI JOIN held USING ("row") '
            'ANTI JOIN mended USING ("row")',
            Verdict.FIXED: 'SELECT "row" FROM mended ANTI JOIN held USING ("row")',
            Verdict.REJECTED: 'SELECT "row" FROM held WHERE refused',
            Verdict.RETURNED: 'SELECT "row" FROM held WHERE NOT refused',
        }[verdict]
        return (row for (row,) in self._stream(f"{question} ORDER BY 1", []))

    def changes(self) -> Iterator[Changed]:
        """The new values of the rows that are fixed now."""
        rows = self._stream(
            'SELECT "row", map(list(field), list(fix)) FROM fixes '
            'ANTI JOIN held USING ("row") GROUP BY "row" ORDER BY "row"',
            [],
        )
        return (Changed(row, dict(values)) for row, values in rows)

    def _stream(self, text: str, values: list[object]) -> Iterator[tuple]:
        reader = self.space.base.cursor()
        reader.execute(text, values)
        while batch := reader.fetchmany(BATCH):
            yield from batch
        reader.close()
