"""Code maps: made, edited as a draft, filled from files, published."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.aggregation.fusion.enums import Life, UnmatchedState
from exchange.aggregation.fusion.models import CodeEntry, CodeMap, CodeMapVersion
from exchange.interfaces.models import CodeList, Table
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError

from .people import person


@transaction.atomic
def make(
    *, table: Table, field: str, codes: CodeList, by: Actor, source: str = ""
) -> CodeMap:
    """The map of a field and source, with an empty draft; once only."""
    if field not in {one.code for one in table.fields}:
        text = _("The table has no field %(name)s.") % {"name": field}
        raise DomainError(text, fields={"field": text})
    made, new = CodeMap.objects.get_or_create(
        table=table, field=field, source=source, defaults={"codes": codes}
    )
    if new:
        CodeMapVersion.objects.create(code_map=made, by=person(by))
        about = {"table": table.code, "field": field, "source": source}
        audit.record("fusion.code_map_made", made, by=by, data=about)
    return made


@transaction.atomic
def draft(*, code_map: CodeMap, by: Actor) -> CodeMapVersion:
    """The draft of a map; a copy of the published version where there is none."""
    row = CodeMap.objects.select_for_update(of=("self",)).get(pk=code_map.pk)
    if found := row.draft:
        return found
    last = row.versions.order_by("-number").first()
    number = last.number + 1 if last else 1
    made = CodeMapVersion.objects.create(code_map=row, number=number, by=person(by))
    if row.current is not None:
        entries = row.current.entries.values("given", "standard", "note")
        CodeEntry.objects.bulk_create(CodeEntry(version=made, **one) for one in entries)
    audit.record("fusion.code_map_drafted", made, by=by, data={"number": number})
    return made


def _editable(version: CodeMapVersion) -> CodeMapVersion:
    rows = CodeMapVersion.objects.select_for_update(of=("self",))
    row = rows.select_related("code_map__codes").get(pk=version.pk)
    if not row.is_draft:
        raise Conflict(_("Only a draft can be changed."))
    return row


@transaction.atomic
def keep(
    *, version: CodeMapVersion, given: str, standard: str, by: Actor, note: str = ""
) -> CodeEntry:
    """Say in a draft what a code of the source means."""
    row = _editable(version)
    entry = _kept(row, given.strip(), standard.strip(), note)
    about = {"given": entry.given, "standard": entry.standard}
    audit.record("fusion.code_kept", row, by=by, data=about)
    return entry


def _kept(row: CodeMapVersion, given: str, standard: str, note: str) -> CodeEntry:
    if not given:
        text = _("This field is required.")
        raise DomainError(text, fields={"given": text})
    if standard not in row.code_map.codes.codes:
        facts = {"code": standard, "list": row.code_map.codes.code}
        text = _("The code list %(list)s has no code %(code)s.") % facts
        raise DomainError(text, code="code_list", fields={"standard": text})
    entry, _made = CodeEntry.objects.update_or_create(
        version=row, given=given[:200], defaults={"standard": standard, "note": note}
    )
    known = row.code_map.unmatched.filter(value=entry.given)
    known.exclude(state=UnmatchedState.SETTLED).update(state=UnmatchedState.DRAFTED)
    return entry


@transaction.atomic
def drop(*, entry: CodeEntry, by: Actor) -> None:
    """Take an entry out of a draft."""
    row = _editable(entry.version)
    audit.record("fusion.code_dropped", row, by=by, data={"given": entry.given})
    known = row.code_map.unmatched.filter(value=entry.given)
    known.filter(state=UnmatchedState.DRAFTED).update(state=UnmatchedState.OPEN)
    entry.delete()


class Refused(NamedTuple):
    """A line of a file that was not taken, and why."""

    line: int
    given: str
    reason: str


@transaction.atomic
def take_file(
    *, version: CodeMapVersion, lines: Iterable[Mapping[str, str]], by: Actor
) -> tuple[int, list[Refused]]:
    """Take the good lines of a file into a draft; how many, and the others."""
    row = _editable(version)
    taken, refused = 0, []
    for number, line in enumerate(lines, 2):
        given = line.get("given", "").strip()
        try:
            _kept(row, given, line.get("standard", "").strip(), line.get("note", ""))
        except DomainError as error:
            refused.append(Refused(number, given, str(error.message)))
        else:
            taken += 1
    about = {"taken": taken, "refused": len(refused)}
    audit.record("fusion.codes_taken", row, by=by, data=about)
    return taken, refused


@transaction.atomic
def publish(*, version: CodeMapVersion, by: Actor, note: str = "") -> CodeMapVersion:
    """Make a draft the map that counts; runs from now on use it."""
    row = _editable(version)
    row.code_map.versions.filter(state=Life.PUBLISHED).update(state=Life.RETIRED)
    row.state, row.published_at, row.note = Life.PUBLISHED, now(), note[:300]
    row.touch()
    row.save()
    CodeMap.objects.filter(pk=row.code_map_id).update(current=row, updated_at=now())
    known = row.entries.values("given")
    row.code_map.unmatched.filter(value__in=known).update(state=UnmatchedState.SETTLED)
    about = {"number": row.number, "entries": row.entries.count(), "note": note}
    audit.record("fusion.code_map_published", row, by=by, data=about)
    return row


def entries(code_map: CodeMap) -> dict[str, str]:
    """What the published version says; a standard code stands for itself."""
    found = {code: code for code in code_map.codes.codes}
    if code_map.current is not None:
        found |= dict(code_map.current.entries.values_list("given", "standard"))
    return found


def find(table: str, field: str, source: str) -> CodeMap | None:
    """The map for a field of a source: its own, else the one for all sources."""
    maps = CodeMap.objects.filter(table__code=table, field=field)
    wanted = maps.filter(source__in={source, ""}).select_related("codes", "current")
    return wanted.order_by("-source").first()
