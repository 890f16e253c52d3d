"""Codes that no map knows: filled by runs, suggested by name, settled by people."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process, utils

from exchange.aggregation.fusion.enums import LIKE, UnmatchedState
from exchange.aggregation.fusion.models import CodeMap, UnmatchedCode
from exchange.interfaces.models import CodeList
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import codes

Counted = tuple[int, int]  # how many rows, and one of them


def suggest(value: str, known: CodeList) -> tuple[str, float]:
    """The standard code whose code or name is most like a value, with a likeness
    from 0 to 100; no code where nothing is like it."""
    names = {
        (str(one["code"]), which): str(one.get(which) or "")
        for one in known.values
        for which in ("name", "code")
    }
    choices = {key: text for key, text in names.items() if text}
    found = process.extractOne(
        value,
        choices,
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=LIKE,
    )
    return (found[2][0], round(found[1], 1)) if found else ("", 0.0)


@transaction.atomic
def note(code_map: CodeMap, found: Mapping[str, Counted]) -> int:
    """Bring the list of a map up to date with what a run met; how many are open.

    A code that rows no longer have, or that the map knows by now, is settled.
    """
    moment = now()
    cut = {value[:200]: facts for value, facts in found.items()}
    rows = UnmatchedCode.objects.select_for_update(of=("self",))
    known = {one.value: one for one in rows.filter(code_map=code_map)}
    for value, (count, row) in sorted(cut.items()):
        one = known.pop(value, None) or UnmatchedCode(code_map=code_map, value=value)
        one.count, one.row, one.last_seen = count, row, moment
        if one.state == UnmatchedState.SETTLED:
            one.state = UnmatchedState.OPEN
        one.suggestion, one.likeness = suggest(value, code_map.codes)
        one.save()
    gone = [one.pk for one in known.values() if one.state != UnmatchedState.IGNORED]
    UnmatchedCode.objects.filter(pk__in=gone).update(
        state=UnmatchedState.SETTLED, count=0
    )
    return UnmatchedCode.objects.filter(
        code_map=code_map, state=UnmatchedState.OPEN
    ).count()


@transaction.atomic
def settle(*, code: UnmatchedCode, standard: str, by: Actor) -> UnmatchedCode:
    """Say in the draft of its map what a code means; publishing makes it count."""
    version = codes.draft(code_map=code.code_map, by=by)
    codes.keep(version=version, given=code.value, standard=standard, by=by)
    code.refresh_from_db()
    return code


def accept(*, code: UnmatchedCode, by: Actor) -> UnmatchedCode:
    """Take the suggestion."""
    if not code.suggestion:
        raise DomainError(_("There is no suggestion for this code."))
    return settle(code=code, standard=code.suggestion, by=by)


@transaction.atomic
def ignore(*, code: UnmatchedCode, by: Actor) -> UnmatchedCode:
    """Leave a code without a meaning on purpose; or take that back."""
    row = UnmatchedCode.objects.select_for_update(of=("self",)).get(pk=code.pk)
    back = row.state == UnmatchedState.IGNORED
    row.state = UnmatchedState.OPEN if back else UnmatchedState.IGNORED
    row.save(update_fields=["state"])
    about = {"value": row.value, "ignored": not back}
    audit.record("fusion.code_ignored", row.code_map, by=by, data=about)
    return row


def by_map(
    found: Iterable[tuple[CodeMap, str, int, int]],
) -> dict[CodeMap, dict[str, Counted]]:
    """Values of several sources that one map counts for, added up."""
    made: dict[CodeMap, dict[str, Counted]] = {}
    for code_map, value, count, row in found:
        values = made.setdefault(code_map, {})
        before = values.get(value, (0, row))
        values[value] = (before[0] + count, before[1])
    return made
