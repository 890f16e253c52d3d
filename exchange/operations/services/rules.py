"""Rules of alarms: the first ones, and changing them in versions."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _

from exchange.operations.enums import RuleKind
from exchange.operations.models import AlarmRule
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.errors import DomainError

FIRST_RULES = Path(__file__).parent.parent / "data" / "alarm_rules.json"
FIELDS = (
    "name",
    "kind",
    "threshold",
    "window_hours",
    "compared_days",
    "same_weekday",
    "least",
    "peers",
    "interfaces",
    "severity",
    "roles",
    "quiet_from",
    "quiet_to",
    "active",
)
SHARES = (RuleKind.DROP, RuleKind.ERRORS, RuleKind.QUALITY)
LONGEST_WINDOW = 168


def load() -> int:
    """Load the first rules; a code that is known stays as the administrator left it."""
    known = set(AlarmRule.objects.values_list("code", flat=True))
    rules = json.loads(FIRST_RULES.read_text(encoding="utf-8"))
    new = [rule for rule in rules if rule["code"] not in known]
    for rule in new:
        for name in ("quiet_from", "quiet_to"):
            rule[name] = parse_time(rule[name]) if name in rule else None
    AlarmRule.objects.bulk_create(AlarmRule(**rule) for rule in new)
    return len(new)


def in_force(code: str) -> AlarmRule | None:
    """The version of a rule that counts."""
    return AlarmRule.objects.filter(code=code, in_force=True).first()


@transaction.atomic
def keep(*, code: str, reason: str = "", by: Actor = None, **values: Any) -> AlarmRule:
    """Make a new version of a rule, the first one of a new code included."""
    rows = AlarmRule.objects.select_for_update().filter(code=code)
    before = rows.filter(in_force=True).first()
    given = {name: getattr(before, name) for name in FIELDS} if before else {}
    given |= values
    _check(given)
    if before is not None and all(
        getattr(before, name) == given[name] for name in FIELDS
    ):
        return before
    rows.update(in_force=False)
    rule = AlarmRule.objects.create(
        code=code,
        version=before.version + 1 if before else 1,
        reason=reason[:200],
        by_id=by.pk if by is not None else None,
        **given,
    )
    audit.record("exchange.alarm_rule_kept", rule, by=by, data={"reason": reason})
    return rule


def _check(given: dict[str, Any]) -> None:
    problems = {}
    if given["kind"] in SHARES and not 1 <= given["threshold"] <= 100:
        problems["threshold"] = _("A share lies between 1 and 100 per cent.")
    if not 1 <= given.get("window_hours", 1) <= LONGEST_WINDOW:
        problems["window_hours"] = _("From one hour to a week.")
    if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
        problems["quiet_to"] = _("Give both ends of the quiet hours, or none.")
    if problems:
        text = next(iter(problems.values()))
        raise DomainError(text, code="range", fields=problems)
