"""Which rows are compared, and how much they are alike."""

from collections.abc import Iterator

from .plans import Block, Pair, Plan, Rule
from .sql import DIVISIONS, EARTH, PLAIN, address, metres, plain
from .workspace import Workspace

# A block of more rows says nothing; its pairs would only cost time.
MOST = 500
MARGIN = 1.01
DIGITS = 6


class Matcher:
    """Blocks and scores in a workspace that has its `rows`.

    Afterwards `scored` has the pairs from the review threshold on: a and b are
    numbers of rows, a the smaller one; s0, s1, … by rule.
    """

    def __init__(self, space: Workspace, plan: Plan) -> None:
        self.space, self.plan = space, plan
        self.names = [one.code for one in plan.fields if one.kind != "point"]
        self.compared = self.large = 0

    def match(self) -> None:
        """Do it all."""
        self._prepare()
        self.space.run("CREATE TABLE found (a BIGINT, b BIGINT)")
        for block in self.plan.blocks:
            self._block(block)
        self.space.run("CREATE TABLE pairs AS SELECT DISTINCT a, b FROM found")
        self.space.run("DROP TABLE found")
        self.compared = self.space.number("SELECT count(*) FROM pairs")
        self._score()

    def _prepare(self) -> None:
        """The texts that are compared, without what does not matter."""
        columns, values = ["id", "source", "x", "y"], []
        for n, name in enumerate(self.names):
            columns.append(f"{plain(f'f{n}')} AS t{n}")
            values += PLAIN
            if any(r.kind == "address" and r.field == name for r in self.plan.rules):
                columns.append(f"{address(f'f{n}')} AS a{n}")
                values += [DIVISIONS, *PLAIN]
        self.space.run(
            f"CREATE TABLE texts AS SELECT {', '.join(columns)} FROM rows", *values
        )

    # Blocks -----------------------------------------------------------------------
    def _block(self, block: Block) -> None:
        if block.kind == "near":
            self._near(block.metres)
            return
        text = f"t{self.names.index(block.field)}"
        key = f"left({text}, {block.size:d})" if block.kind == "prefix" else text
        self.space.run(
            f"CREATE OR REPLACE TABLE keyed AS SELECT {key} AS key, id, source "
            "FROM texts WHERE key IS NOT NULL"
        )
        self._join("keyed b ON a.key = b.key")

    def _near(self, reach: float) -> None:
        """Rows of one cell with those of its own and the eight cells around it."""
        step = reach / (EARTH * 3.141592653589793 / 180) * MARGIN
        self.space.run(
            "CREATE OR REPLACE TABLE keyed AS SELECT id, source, x, y, "
            "floor(y / ?)::BIGINT AS cy, floor(x / (? / w))::BIGINT AS cx, "
            "cy || ':' || cx AS key FROM texts, "
            "(SELECT greatest(cos(radians(least(max(abs(y)), 89))), 0.01) AS w "
            "FROM texts) WHERE x IS NOT NULL",
            step,
            step,
        )
        self._join(
            "(SELECT id, source, x, y, (cy + dy) || ':' || (cx + dx) AS key FROM "
            "keyed, range(-1, 2) r(dy), range(-1, 2) c(dx)) b ON a.key = b.key",
            f" AND {metres('a', 'b')} <= {reach:f}",
        )

    def _join(self, other: str, further: str = "") -> None:
        distinct = [one.distinct for one in self.plan.sources]
        self.space.run(
            "CREATE OR REPLACE TABLE large AS SELECT key FROM keyed GROUP BY key "
            f"HAVING count(*) > {MOST:d}"
        )
        self.large += self.space.number("SELECT count(*) FROM large")
        self.space.run(
            "INSERT INTO found SELECT a.id, b.id FROM "
            f"(FROM keyed ANTI JOIN large USING (key)) a JOIN {other} "
            "WHERE a.id < b.id AND (a.source <> b.source OR "
            f"NOT (?::BOOLEAN[])[a.source + 1]){further}",
            distinct,
        )

    # Scores -----------------------------------------------------------------------
    def _score(self) -> None:
        rules = list(self.plan.rules)
        parts = ", ".join(f"{self._part(rule)} AS s{n}" for n, rule in enumerate(rules))
        kept = ", ".join(
            ["a", "b", "score", "evidence", *(f"s{n}" for n in range(len(rules)))]
        )
        self.space.run(
            f"CREATE TABLE scored AS SELECT {kept}, "
            "score >= ? AND evidence >= ? AS same FROM ("
            f"SELECT *, ({self._total()}) / nullif({self._base()}, 0) AS score, "
            f"({self._base()}) / ? AS evidence FROM ("
            f"SELECT l.id AS a, r.id AS b, {parts} FROM pairs p "
            "JOIN texts l ON l.id = p.a JOIN texts r ON r.id = p.b)) "
            f"WHERE score >= ? AND {self._possible()}",
            self.plan.same,
            self.plan.evidence,
            sum(rule.weight for rule in rules),
            self.plan.review,
        )

    def _part(self, rule: Rule) -> str:
        if rule.kind == "distance":
            # greatest() passes over what is missing, so that must be asked first.
            part = f"greatest(0.0, 1 - {metres('l', 'r')} / {rule.metres:f})"
            return f"CASE WHEN l.x IS NOT NULL AND r.x IS NOT NULL THEN {part} END"
        n = self.names.index(rule.field)
        if rule.kind == "fuzzy":
            return f"alike(l.t{n}, r.t{n})"
        if rule.kind == "address":
            return f"address_alike(l.a{n}, r.a{n})"
        return f"(l.t{n} = r.t{n})::DOUBLE"

    def _total(self) -> str:
        return " + ".join(
            f"coalesce(s{n}, 0.0) * {rule.weight:f}"
            for n, rule in enumerate(self.plan.rules)
        )

    def _base(self) -> str:
        return " + ".join(
            f"(s{n} IS NOT NULL)::INTEGER * {rule.weight:f}::DOUBLE"
            for n, rule in enumerate(self.plan.rules)
        )

    def _possible(self) -> str:
        limits = [
            f"coalesce(s{n} >= {rule.least:f}, true)"
            for n, rule in enumerate(self.plan.rules)
            if rule.least > 0
        ]
        return " AND ".join(limits) or "true"

    # What was found -----------------------------------------------------------------
    def pairs(self, where: str = "true", *values: object) -> Iterator[tuple]:
        """`(a, b, same, Pair)`, the surest first."""
        parts = "".join(f", s{n}" for n in range(len(self.plan.rules)))
        found = self.space.stream(
            "SELECT a, b, same, l.uid, r.uid, l.landed, r.landed, score, evidence"
            f"{parts} FROM scored JOIN rows l ON l.id = a JOIN rows r ON r.id = b "
            f"WHERE {where} ORDER BY score DESC, a, b",
            *values,
        )
        for a, b, same, left, right, left_row, right_row, score, base, *rest in found:
            shown = tuple(None if s is None else round(s, DIGITS) for s in rest)
            pair = Pair(
                left,
                right,
                round(score, DIGITS),
                round(base, DIGITS),
                shown,
                left_row,
                right_row,
            )
            yield a, b, same, pair
