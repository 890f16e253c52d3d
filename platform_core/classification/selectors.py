"""Reads of the catalogue; no query once a process has read it."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from platform_core.common.snapshots import Version

from .codes import ComponentCode
from .enums import Edition, Kind, Origin
from .models import CatalogueState, FilingCondition, ProblemClass

ATTRIBUTES = Path(__file__).parent / "data" / "attributes.csv"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class MajorClass:
    """A major class and its subclasses in use."""

    code: str
    name: str
    label: str
    classes: tuple[ProblemClass, ...]


@dataclass(frozen=True)
class Attribute:
    """An item of the attribute table of a component, a matter or a unit grid."""

    seq: int
    name: str
    abbreviation: str
    type: str
    length: int | None
    requirement: str
    note: str


@dataclass(frozen=True)
class Catalogue:
    """Everything of one version, read at once."""

    version: str
    default_edition: str
    classes: dict[Key, ProblemClass]
    conditions: dict[int, tuple[FilingCondition, ...]]
    case_of_2013: dict[tuple[str, str], ProblemClass]
    component_of_2013: dict[str, ProblemClass]


class _Held:
    """The catalogue that this process read last."""

    catalogue: Catalogue | None = None


def problem_class(
    kind: str, code: str, edition: str = Edition.E2026
) -> ProblemClass | None:
    """The class of a code, in use or not; None where there is no such code."""
    return catalogue().classes.get((str(edition), str(kind), code))


def classes(edition: str, kind: str) -> list[ProblemClass]:
    """The classes in use of an edition and kind, by code."""
    return [
        found
        for (of_edition, of_kind, _), found in catalogue().classes.items()
        if (of_edition, of_kind) == (str(edition), str(kind)) and found.is_active
    ]


def tree(edition: str, kind: str) -> list[MajorClass]:
    """The classes in use under their major classes."""
    groups: dict[str, list[ProblemClass]] = defaultdict(list)
    for found in classes(edition, kind):
        groups[found.major_code].append(found)
    return [
        MajorClass(code, group[0].major_name, group[0].major_label, tuple(group))
        for code, group in groups.items()
    ]


def conditions(problem_class: ProblemClass) -> tuple[FilingCondition, ...]:
    """The filing conditions of a class, by number."""
    return catalogue().conditions.get(problem_class.pk, ())


def condition(
    problem_class: ProblemClass, number: str, grade: str = ""
) -> FilingCondition | None:
    """One filing condition of a class."""
    for found in conditions(problem_class):
        if (found.number, found.grade) == (number, grade):
            return found
    return None


def crosswalk(
    problem_class: ProblemClass, edition: str, *, as_component: bool = False
) -> ProblemClass | None:
    """The class of the other edition; None where the standards know none.

    A component of 2013 becomes the matter "… abnormal" that cases are filed
    under, or with `as_component` the component that codes are built from.
    """
    if problem_class.edition == edition:
        return problem_class
    held = catalogue()
    if edition == Edition.E2013:
        is_matter = problem_class.origin == Origin.EVENT
        kind = Kind.MATTER if is_matter else Kind.COMPONENT
        return held.classes.get((edition, kind, problem_class.code_2013))
    if as_component:
        if problem_class.kind != Kind.COMPONENT:
            return None
        return held.component_of_2013.get(problem_class.code)
    return held.case_of_2013.get((problem_class.kind, problem_class.code))


def upgrade_component_code(code: str) -> str | None:
    """A component's 16-digit code of 2013 in the 17 digits of 2026."""
    parsed = ComponentCode.parse(code)
    found = catalogue().component_of_2013.get(parsed.class_code)
    return str(parsed.moved_to(found.code)) if found else None


def default_edition() -> str:
    """The edition that new cases are classified by."""
    return catalogue().default_edition


@lru_cache
def attributes(subject: str, standard: str) -> tuple[Attribute, ...]:
    """The attribute table of "component", "event" or "unit_grid" in a standard."""
    with ATTRIBUTES.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Attribute(
                seq=int(row["seq"]),
                name=row["field_name"],
                abbreviation=row["field_abbr"],
                type=row["field_type"],
                length=int(row["length"]) if row["length"] else None,
                requirement=row["requirement"],
                note=row["note"],
            )
            for row in csv.DictReader(stream)
            if row["object"] == subject and row["edition"].endswith(standard)
        )


def catalogue() -> Catalogue:
    """The catalogue in its present version."""
    held = _Held.catalogue
    if held is None or held.version != version.current():
        held = _Held.catalogue = _read()
    return held


def _state() -> CatalogueState:
    found = CatalogueState.objects.filter(pk=CatalogueState.ROW).first()
    return found or CatalogueState(pk=CatalogueState.ROW, version="")


def _stored_version() -> str:
    return _state().version


version = Version("classification.version", _stored_version)


def _read() -> Catalogue:
    state = _state()  # before the rows: a change in between is seen as newer
    rows = {(row.edition, row.kind, row.code): row for row in _ordered_classes()}
    of_class: dict[int, list[FilingCondition]] = defaultdict(list)
    by_pk = {row.pk: row for row in rows.values()}
    for found in FilingCondition.objects.order_by("number", "grade"):
        found.problem_class = by_pk[found.problem_class_id]
        of_class[found.problem_class_id].append(found)
    newer = [row for row in rows.values() if row.edition == Edition.E2026]
    return Catalogue(
        version=state.version,
        default_edition=state.default_edition,
        classes=rows,
        conditions={pk: tuple(found) for pk, found in of_class.items()},
        case_of_2013={
            (_kind_of_2013(row), row.code_2013): row
            for row in newer
            if row.kind == Kind.MATTER and row.code_2013
        },
        component_of_2013={
            row.code_2013: row
            for row in newer
            if row.kind == Kind.COMPONENT and row.code_2013
        },
    )


def _ordered_classes() -> list[ProblemClass]:
    return list(ProblemClass.objects.order_by("edition", "kind", "code"))


def _kind_of_2013(matter: ProblemClass) -> str:
    return Kind.MATTER if matter.origin == Origin.EVENT else Kind.COMPONENT
