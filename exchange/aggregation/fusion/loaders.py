"""The packaged subjects: tasks and code maps as data."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from exchange.interfaces.models import CodeList, Table
from platform_core.common.clock import now

from . import definitions
from .enums import Life
from .models import CodeEntry, CodeMap, CodeMapVersion, Task, TaskVersion

DATA = Path(__file__).parent / "data" / "subjects.json"


@transaction.atomic
def load_subjects() -> str:
    """Subjects that are not there yet; what people changed stays."""
    known = set(Task.objects.values_list("code", flat=True))
    packaged = json.loads(DATA.read_text(encoding="utf-8"))
    fresh = [one for one in packaged if one["code"] not in known]
    for one in fresh:
        _load(one)
    return f"{len(fresh)} subjects"


def _load(one: Mapping[str, Any]) -> None:
    made = definitions.check(one["definition"])
    definitions.whole(made)
    facts = {name: one[name] for name in ("code", "name", "description")}
    task = Task.objects.create(**facts)
    task.current = TaskVersion.objects.create(
        task=task, definition=made, state=Life.PUBLISHED, published_at=now()
    )
    task.save(update_fields=["current"])
    for each in one["maps"]:
        _map(each)


def _map(one: Mapping[str, Any]) -> None:
    code_map, new = CodeMap.objects.get_or_create(
        table=Table.objects.get(code=one["table"]),
        field=one["field"],
        source="",
        defaults={"codes": CodeList.objects.get(code=one["codes"])},
    )
    if not new:
        return
    version = CodeMapVersion.objects.create(
        code_map=code_map, state=Life.PUBLISHED, published_at=now()
    )
    CodeEntry.objects.bulk_create(
        CodeEntry(version=version, given=given, standard=standard)
        for given, standard in one["entries"].items()
    )
    code_map.current = version
    code_map.save(update_fields=["current"])
