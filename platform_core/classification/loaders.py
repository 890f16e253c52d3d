"""Load the catalogues of both editions and their filing conditions."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from .enums import Edition, Kind, Origin
from .models import FilingCondition, ProblemClass
from .services import mark_changed

DATA = Path(__file__).parent / "data"
CATALOGUES = (
    ("components.csv", Edition.E2013, Kind.COMPONENT),
    ("events.csv", Edition.E2013, Kind.MATTER),
    ("components_2026.csv", Edition.E2026, Kind.COMPONENT),
    ("events_2026.csv", Edition.E2026, Kind.MATTER),
)
LIMITS = (
    ("case_limits.csv", Edition.E2013),
    ("case_limits_2026.csv", Edition.E2026),
)
Key = tuple[str, ...]
Values = dict[str, Any]
Model = TypeVar("Model", bound=models.Model)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the reference data."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@transaction.atomic
def load_classes() -> str:
    """Bring classes and conditions up to date; what a city set itself stays."""
    classes = _store(
        ProblemClass,
        dict(_classes()),
        keys=("edition", "kind", "code"),
        present=ProblemClass.objects.all(),
    )
    pk_of: dict[Key, int] = {
        (edition, kind, code): pk
        for edition, kind, code, pk in ProblemClass.objects.values_list(
            "edition", "kind", "code", "pk"
        )
    }
    conditions = _store(
        FilingCondition,
        dict(_conditions(pk_of)),
        keys=("problem_class_id", "number", "grade"),
        present=FilingCondition.objects.all(),
    )
    if classes or conditions:
        mark_changed()
    return f"{classes} classes, {conditions} conditions"


def _classes() -> Iterator[tuple[Key, Values]]:
    majors = {
        (row["edition"], row["kind"], row["code"]): row["name_en"]
        for row in rows("majors.csv")
    }
    for name, edition, kind in CATALOGUES:
        for row in rows(name):
            major = row["class_code"]
            key = (str(edition), str(kind), major + row["subclass_code"])
            yield key, _class_values(row, edition, kind, majors[(*key[:2], major)])


def _class_values(
    row: dict[str, str], edition: Edition, kind: Kind, major_name_en: str
) -> Values:
    plain_origin = Origin.EVENT if kind == Kind.MATTER else ""
    code = row["class_code"] + row["subclass_code"]
    return {
        "major_code": row["class_code"],
        "major_name": row["class_name"],
        "major_name_en": major_name_en,
        "name": row["subclass_name"],
        "name_en": row["name_en"],
        "origin": str(row.get("origin", plain_origin)),
        "geometry": row.get("geometry", ""),
        "code_2013": code if edition == Edition.E2013 else row["code_2013"],
        "confidence": row["confidence"],
    }


def _conditions(pk_of: dict[Key, int]) -> Iterator[tuple[Key, Values]]:
    for name, edition in LIMITS:
        for row in rows(name):
            kind = _kind_of_limit(edition, row["kind"])
            code = row["class_code"] + row["subclass_code"]
            pk: Any = pk_of[(str(edition), str(kind), code)]
            yield (
                (pk, row["condition_no"], row["grade"]),
                {
                    "filing_condition": row["filing_condition"],
                    "closing_condition": row["closing_condition"],
                    "limit_value": int(row["handling_limit_value"]),
                    "limit_unit": row["handling_limit_unit"],
                    "department_type": row["responsible_department_type"],
                    "confidence": row["confidence"],
                    "source": row["source"],
                },
            )


def _kind_of_limit(edition: Edition, kind: str) -> Kind:
    """In 2026 a component's problem is a matter of origin "component"."""
    if edition == Edition.E2013 and kind == "component":
        return Kind.COMPONENT
    return Kind.MATTER


def _store(
    model: type[Model],
    wanted: dict[Key, Values],
    *,
    keys: tuple[str, ...],
    present: Iterable[Model],
) -> int:
    """Insert what is missing and rewrite what differs; the number of rows touched."""
    known = {tuple(getattr(row, key) for key in keys): row for row in present}
    changed = [
        model(**dict(zip(keys, key, strict=True)), **values)
        for key, values in wanted.items()
        if not _same(known.get(key), values)
    ]
    if changed:
        fields = list(next(iter(wanted.values())))
        model._default_manager.bulk_create(
            changed, update_conflicts=True, update_fields=fields, unique_fields=keys
        )
    return len(changed)


def _same(row: models.Model | None, values: Values) -> bool:
    if row is None:
        return False
    if getattr(row, "is_own", False):
        return True
    return all(getattr(row, name) == value for name, value in values.items())
