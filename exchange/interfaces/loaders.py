"""The packaged tables of the data standard.  [CJ/T 545, rebuilt]"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from platform_core.common.clock import now

from .enums import Kind, Life
from .models import CodeList, Field, Table, TableVersion

DATA = Path(__file__).parent / "data"
Line = dict[str, str]
NUMBERS = ("length", "decimals")
MARKS = ("is_key", "personal")


def lines(name: str) -> list[Line]:
    """The lines of a file of the reference data."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@transaction.atomic
def load_tables() -> str:
    """Bring lists and tables up to date; versions in use and own changes stay."""
    lists = _load_lists()
    fields: dict[str, list[Line]] = defaultdict(list)
    for line in lines("fields.csv"):
        fields[line.pop("table")].append(line)
    known = set(TableVersion.objects.values_list("table__code", "package"))
    made = 0
    for facts in lines("tables.csv"):
        own = fields[facts["code"]]
        digest = hashlib.sha256(json.dumps(own).encode()).hexdigest()
        if (facts["code"], digest) not in known:
            _load(facts, own, digest)
            made += 1
    return f"{made} tables, {lists} code lists"


def _load_lists() -> int:
    values: dict[str, list[Line]] = defaultdict(list)
    for line in lines("code_lists.csv"):
        values[line.pop("list")].append(line)
    present = {one.code: one for one in CodeList.objects.all()}
    new = [CodeList(code=c, values=v) for c, v in values.items() if c not in present]
    CodeList.objects.bulk_create(new)
    return len(new)


def _load(facts: Mapping[str, str], fields: list[Line], digest: str) -> None:
    table, _made = Table.objects.get_or_create(
        code=facts["code"], defaults={**facts, "filled": True}
    )
    # Where people changed the table themselves, the new edition is a proposal.
    own = table.versions.filter(package="").exists()
    newest = table.versions.order_by("-number").first()
    version = TableVersion.objects.create(
        table=table,
        number=newest.number + 1 if newest else 1,
        state=Life.DRAFT if own else Life.PUBLISHED,
        published_at=None if own else now(),
        package=digest,
    )
    Field.objects.bulk_create(Field(version=version, **_facts(line)) for line in fields)
    if not own:
        version.stored_schema = version.made_schema()
        version.save(update_fields=["stored_schema"])
        table.versions.filter(state=Life.PUBLISHED).exclude(pk=version.pk).update(
            state=Life.DEPRECATED
        )
        table.current = version
        table.save(update_fields=["current"])


def _facts(line: Line) -> dict[str, Any]:
    facts: dict[str, Any] = {**line, "kind": Kind(line["kind"])}
    facts["place"] = int(line["place"])
    facts |= {name: int(line[name]) if line[name] else None for name in NUMBERS}
    return facts | {name: bool(line[name]) for name in MARKS}
