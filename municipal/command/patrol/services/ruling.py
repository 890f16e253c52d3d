"""The rules of duty in the field: each change is a version of its own."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from municipal.command.patrol.models import PatrolRules
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.common.snapshots import Snapshot

snapshot = Snapshot("patrol.rules")
FIXED = {"id", "version", "at", "by", "note"}
NAMES = [f.name for f in PatrolRules._meta.concrete_fields if f.name not in FIXED]


def current() -> PatrolRules:
    """The rules in force; the defaults are stored with their first use."""

    def load() -> PatrolRules:
        row = PatrolRules.objects.order_by("-version").first()
        return row or PatrolRules.objects.get_or_create(version=1)[0]

    return snapshot.get("current", load)


def values_of(rules: PatrolRules) -> dict[str, int]:
    """The numbers of a version."""
    return {name: getattr(rules, name) for name in NAMES}


@transaction.atomic
def change(
    *, by: User, values: dict[str, Any], note: str = "", over: int | None = None
) -> PatrolRules:
    """Put other numbers in force; `over` is the version that somebody looked at."""
    top = PatrolRules.objects.aggregate(top=Max("version"))["top"] or 0
    if over is not None and over != top:
        raise Conflict(_("Somebody else changed the rules meanwhile."))
    former = values_of(current())
    new = {name: values.get(name, former[name]) for name in NAMES}
    if new == former:
        raise DomainError(_("Nothing was changed."))
    row = PatrolRules(version=top + 1, by=by, note=note, at=now(), **new)
    row.full_clean(exclude=["by"])
    row.save()
    snapshot.renew()
    changed = {key: [former[key], new[key]] for key in NAMES if former[key] != new[key]}
    audit.record("patrol.rules_changed", row, by=by, data={"changed": changed})
    return row
