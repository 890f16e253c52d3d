"""Fusion tasks: made, edited part by part as a draft, published."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.fusion import definitions
from exchange.aggregation.fusion.enums import FieldKind, Life
from exchange.aggregation.fusion.models import Task, TaskVersion
from exchange.interfaces.models import CodeList, Table
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from . import codes
from .people import person

# Parts of a definition that name a field of the subject or a source.
USES = {"fields": ("rules", "blocks"), "sources": ()}


@transaction.atomic
def make(
    *,
    code: str,
    name: str,
    by: Actor,
    description: str = "",
    definition: Mapping[str, Any] | None = None,
) -> Task:
    """A task with a first draft, empty or out of a definition."""
    if Task.objects.filter(code=code).exists():
        text = _("There is one with this code already.")
        raise Conflict(text, fields={"code": text})
    made = definitions.check(definition or {})
    task = Task.objects.create(code=code, name=name, description=description)
    TaskVersion.objects.create(task=task, definition=made, by=person(by))
    audit.record("fusion.task_made", task, by=by, data={"code": code})
    return task


@transaction.atomic
def change(*, task: Task, by: Actor, **facts: Any) -> Task:
    """Name, description, when it runs: `after_landing`, `daily_at`."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    for name, value in facts.items():
        setattr(row, name, value)
    row.touch()
    row.save()
    audit.record("fusion.task_changed", row, by=by, data=facts)
    return row


@transaction.atomic
def draft(*, task: Task, by: Actor) -> TaskVersion:
    """The draft of a task; a copy of the published version where there is none."""
    row = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if found := row.draft:
        return found
    last = row.versions.order_by("-number").first()
    before = row.current.definition if row.current else definitions.check({})
    made = TaskVersion.objects.create(
        task=row,
        number=last.number + 1 if last else 1,
        definition=before,
        by=person(by),
    )
    audit.record("fusion.task_drafted", made, by=by, data={"number": made.number})
    return made


def _editable(version: TaskVersion) -> TaskVersion:
    rows = TaskVersion.objects.select_for_update(of=("self",)).select_related("task")
    row = rows.get(pk=version.pk)
    if not row.is_draft:
        raise Conflict(_("Only a draft can be changed."))
    return row


@transaction.atomic
def define(
    *, version: TaskVersion, by: Actor, definition: Mapping[str, Any]
) -> TaskVersion:
    """Another definition for a draft; one that makes no sense is refused."""
    row = _editable(version)
    row.definition = definitions.check(definition)
    row.touch()
    row.save(update_fields=["definition", "updated_at"])
    audit.record("fusion.task_defined", row, by=by, data=row.definition)
    return row


@transaction.atomic
def keep_part(
    *,
    version: TaskVersion,
    section: str,
    facts: Mapping[str, Any],
    by: Actor,
    old: str = "",
) -> TaskVersion:
    """Add a field, source, rule or block to a draft; `old` is the one replaced."""
    row = _editable(version)
    made = dict(facts)
    if not made.get("code"):
        made["code"] = old or _free(row, section, made)
    parts = row.part(section)
    if old:
        parts = [made if one["code"] == old else one for one in parts]
    else:
        parts = [*parts, made]
    return define(version=row, by=by, definition={**row.definition, section: parts})


def _free(row: TaskVersion, section: str, made: Mapping[str, Any]) -> str:
    """A code out of what it is about, that no other has."""
    wanted = f"{made.get('kind', section)}-{made.get('field', '')}".strip("-")[:36]
    taken = {one["code"] for one in row.part(section)}
    numbers = (f"{wanted}-{number}" for number in range(2, 1000))
    return next(code for code in (wanted, *numbers) if code not in taken)


@transaction.atomic
def drop_part(
    *, version: TaskVersion, section: str, code: str, by: Actor
) -> TaskVersion:
    """Take a field, source, rule or block out of a draft."""
    row = _editable(version)
    for other in USES.get(section, ()):
        if any(one["field"] == code for one in row.part(other)):
            text = _("A rule or block still uses the field %(code)s.")
            raise Conflict(text % {"code": code})
    made = dict(row.definition)
    made[section] = [one for one in row.part(section) if one["code"] != code]
    if section == "fields":
        made["sources"] = [_without(one, code) for one in row.part("sources")]
        made["title"] = "" if made["title"] == code else made["title"]
    return define(version=row, by=by, definition=made)


def _without(source: Mapping[str, Any], field: str) -> dict[str, Any]:
    picks = {name: pick for name, pick in source["picks"].items() if name != field}
    return {**source, "picks": picks}


@transaction.atomic
def publish(*, version: TaskVersion, by: Actor, note: str = "") -> TaskVersion:
    """Make a draft the way that counts; its coded fields get maps to be filled."""
    row = _editable(version)
    definitions.whole(definitions.check(row.definition))
    _maps(row, by)
    row.task.versions.filter(state=Life.PUBLISHED).update(state=Life.RETIRED)
    row.state, row.published_at, row.note = Life.PUBLISHED, now(), note[:300]
    row.touch()
    row.save()
    Task.objects.filter(pk=row.task_id).update(current=row, updated_at=now())
    about = {"number": row.number, "note": note}
    audit.record("fusion.task_published", row, by=by, data=about)
    return row


def _maps(row: TaskVersion, by: Actor) -> None:
    """A map for every coded field of every source, where there is none yet."""
    coded = [one for one in row.part("fields") if one["kind"] == FieldKind.CODE]
    for source in row.part("sources"):
        table = Table.objects.select_related("current").get(code=source["table"])
        for one in coded:
            pick = source["picks"].get(one["code"])
            if not pick:
                continue
            name = source.get("source") or ""
            known = codes.find(table.code, pick, name)
            if known is None:
                wanted = CodeList.objects.get(code=one["codes"])
                codes.make(table=table, field=pick, codes=wanted, by=by, source=name)
            elif known.codes.code != one["codes"]:
                text = _("The map %(map)s leads to the code list %(list)s.")
                facts = {"map": known, "list": known.codes.code}
                raise DomainError(text % facts)
