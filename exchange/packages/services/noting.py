"""What became of the records of a package, counted and written down."""

from collections.abc import Iterator, Sequence
from typing import Any

from exchange.packages.models import Package, Part, Problem

Groups = Sequence[dict[str, Any]]
COUNTS = ("applied", "unchanged", "rejected")


def counts(package: Package) -> dict[str, int]:
    """What became of the records."""
    return {name: getattr(package, name) for name in COUNTS}


def note(package: Package, part: Part, groups: Groups, answer: dict[str, Any]) -> None:
    """Count an answer and write down each record that was refused."""
    for result in results(answer):
        package.applied += _number(result, "applied")
        package.unchanged += _number(result, "unchanged")
    package.rejected += lost(part, answer)
    Problem.objects.bulk_create(problems(package, part, groups, answer))


def lost(part: Part, answer: dict[str, Any]) -> int:
    """How many records were refused."""
    if "error" in answer:
        return part.records
    return min(len(rejected(answer)), part.records)


def results(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of each group; none where the delivery was refused."""
    found = answer.get("results")
    return found if isinstance(found, list) else []


def rejected(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """All refused records of an answer."""
    return [one for result in results(answer) for one in _refused(result)]


def _refused(result: dict[str, Any]) -> list[dict[str, Any]]:
    found = result.get("rejected")
    return [one for one in found if isinstance(one, dict)] if found else []


def _number(result: dict[str, Any], name: str) -> int:
    value = result.get(name)
    return value if type(value) is int and 0 <= value < 2**31 else 0


def problems(
    package: Package, part: Part, groups: Groups, answer: dict[str, Any]
) -> Iterator[Problem]:
    """A row for each refused record, or one for a delivery that was refused."""
    facts: dict[str, Any] = {"package": package, "part": part.number}
    error = answer.get("error")
    if error:
        code, message = error["code"][:30], error["message"][:300]
        yield Problem(**facts, code=code, message=message)
    for group, result in zip(groups, results(answer), strict=False):
        about = {name: str(group.get(name) or "") for name in ("interface", "origin")}
        for one in _refused(result):
            yield _problem(one, {**facts, **about})


def _problem(one: dict[str, Any], facts: dict[str, Any]) -> Problem:
    revision = one.get("revision")
    small = type(revision) is int and abs(revision) < 2**63
    return Problem(
        package=facts["package"],
        part=facts["part"],
        interface=facts["interface"][:80],
        origin=facts["origin"][:20],
        uid=str(one.get("uid") or "")[:64],
        revision=revision if small else None,
        code=str(one.get("code") or "")[:30],
        field=str(one.get("field") or "")[:120],
        message=str(one.get("message") or "")[:300],
    )
