"""A version tried on the newest rows without keeping anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exchange.aggregation.fusion import definitions
from exchange.aggregation.fusion.engine.plans import Member, Pair, Plan, Unmatched
from exchange.aggregation.fusion.engine.run import Fusion
from exchange.aggregation.fusion.engine.surviving import survive
from exchange.aggregation.fusion.enums import SAMPLE, SHOWN
from exchange.aggregation.fusion.models import TaskVersion

from . import deciding, explaining, exporting, resolving


@dataclass(frozen=True)
class Trial:
    """What a version would make of some rows."""

    rows: int
    compared: int
    same: int
    unsure: int
    large: int
    masters: int
    joined: list[dict[str, Any]]
    pairs: list[dict[str, Any]]
    unmatched: list[Unmatched]


def try_out(version: TaskVersion, *, size: int = SAMPLE) -> Trial:
    """Fuse the newest rows of each source in a folder that is thrown away."""
    definitions.whole(definitions.check(version.definition))
    with TemporaryDirectory(prefix="fusion-") as home:
        folder, files = Path(home), dict[str, Path]()
        for source in version.part("sources"):
            files[source["code"]] = folder / f"{len(files)}.ndjson"
            exporting.export(source, files[source["code"]], newest=size)
        plan = resolving.plan(version, files, resolving.maps_of(version))
        said = deciding.said(version.task)
        with Fusion(plan, folder / "work", decided=said) as done:
            done.run()
            return _seen(version, plan, done)


def _seen(version: TaskVersion, plan: Plan, done: Fusion) -> Trial:
    hidden = resolving.personal(version)
    unsure = list(done.review())
    members: dict[str, Member] = {}
    joined: list[dict[str, Any]] = []
    masters = 0
    for _number, rows in done.masters():
        masters += 1
        members |= {one.uid: one for one in rows} if unsure else {}
        if len(rows) > 1 and len(joined) < SHOWN:
            joined.append(_joined(version, plan, rows, hidden))
    return Trial(
        rows=done.rows,
        compared=done.matcher.compared,
        same=done.same,
        unsure=len(unsure),
        large=done.matcher.large,
        masters=masters,
        joined=joined,
        pairs=[_pair(version, one, members, hidden) for one in islice(unsure, SHOWN)],
        unmatched=done.unmatched,
    )


def _joined(
    version: TaskVersion, plan: Plan, rows: Sequence[Member], hidden: set[str]
) -> dict[str, Any]:
    kept = {code: one.value for code, one in survive(plan, rows).items()}
    links = [one.link.score for one in rows if one.link is not None]
    return {
        "title": explaining.title(version, kept, hidden),
        "rows": rows,
        "score": min(links, default=1.0),
    }


def _pair(
    version: TaskVersion, one: Pair, members: dict[str, Member], hidden: set[str]
) -> dict[str, Any]:
    left, right = members[one.left], members[one.right]
    return {
        "pair": one,
        "parts": explaining.parts(version, one),
        "left": explaining.facts(left, hidden),
        "right": explaining.facts(right, hidden),
    }
