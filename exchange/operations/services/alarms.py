"""Raising, telling, acknowledging and ending alarms."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from exchange.operations.enums import BELOW, AlarmEvent, AlarmState, Severity
from exchange.operations.models import Alarm, AlarmRule, AlarmStep
from platform_core.accounts.models import User
from platform_core.audit import services as audit
from platform_core.audit.services import Actor
from platform_core.common.clock import now
from platform_core.common.errors import Conflict, DomainError
from platform_core.notices import services as notices
from platform_core.notices.enums import Level

from . import measuring
from .measuring import Finding

LEVELS = {
    Severity.INFO: Level.INFO,
    Severity.WARNING: Level.WARNING,
    Severity.CRITICAL: Level.WARNING,
}


def evaluate() -> tuple[int, int]:
    """Look at every rule in force; how many alarms began and ended.

    A rule that was switched off or lost its object ends its alarms.
    """
    rules = AlarmRule.objects.filter(in_force=True)
    raised = ended = 0
    for rule in rules:
        found = measuring.find(rule) if rule.active else []
        new, over = _compare(rule, found)
        raised += new
        ended += over
    return raised, ended


def _compare(rule: AlarmRule, found: list[Finding]) -> tuple[int, int]:
    rows = Alarm.objects.filter(rule_code=rule.code, resolved_at__isnull=True)
    known = {(row.peer_id, row.interface): row for row in rows}
    raised = 0
    for one in found:
        alarm = known.pop((one.peer, one.interface), None)
        if alarm is None:
            raised += _raise(rule, one)
        else:
            _see(alarm, rule, one)
    for alarm in known.values():
        resolve(alarm)
    return raised, len(known)


def _raise(rule: AlarmRule, one: Finding) -> int:
    """Begin an alarm; the database lets only one be active for an object."""
    try:
        with transaction.atomic():
            alarm = Alarm.objects.create(
                rule=rule,
                rule_code=rule.code,
                peer_id=one.peer,
                interface=one.interface,
                severity=rule.severity,
                value=one.value,
                worst=one.value,
                threshold=rule.threshold,
            )
            note = f"{one.value:g} {rule.unit}"
            AlarmStep.objects.create(alarm=alarm, event=AlarmEvent.RAISED, note=note)
            audit.record("exchange.alarm_raised", alarm, data={"value": one.value})
            _tell(alarm, rule)
    except IntegrityError:
        return 0
    return 1


def _see(alarm: Alarm, rule: AlarmRule, one: Finding) -> None:
    """The alarm goes on; whoever slept through its beginning is told now."""
    with transaction.atomic():
        worse = min if rule.kind in BELOW else max
        alarm.value, alarm.worst = one.value, worse(alarm.worst, one.value)
        alarm.seen_at = now()
        alarm.save(update_fields=["value", "worst", "seen_at"])
        if alarm.told_at is None and alarm.state == AlarmState.OPEN:
            _tell(alarm, rule)


def _tell(alarm: Alarm, rule: AlarmRule) -> None:
    """Tell the roles of the rule, outside its quiet hours."""
    if rule.quiet(now()) or not rule.roles:
        return
    people = User.objects.active().filter(groups__name__in=rule.roles).distinct()
    told = notices.notify(
        people,
        kind="exchange_alarm",
        level=LEVELS[Severity(alarm.severity)],
        title=f"{alarm.get_severity_display()}: {alarm}",
        body=f"{alarm.value:g} {rule.unit}",
        link=alarm.get_absolute_url(),
    )
    alarm.told_at = now()
    alarm.save(update_fields=["told_at"])
    AlarmStep.objects.create(alarm=alarm, event=AlarmEvent.TOLD, note=str(told))


@transaction.atomic
def resolve(alarm: Alarm) -> None:
    """What the rule found is over."""
    moment = now()
    rows = Alarm.objects.filter(pk=alarm.pk, resolved_at__isnull=True)
    if rows.update(state=AlarmState.RESOLVED, resolved_at=moment):
        AlarmStep.objects.create(alarm=alarm, event=AlarmEvent.RESOLVED)
        audit.record("exchange.alarm_over", alarm)


@transaction.atomic
def acknowledge(*, alarm: Alarm, by: Actor, note: str = "") -> Alarm:
    """Somebody looks after it; who did first stays."""
    alarm = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if alarm.state != AlarmState.OPEN:
        raise Conflict(_("The alarm is acknowledged or over already."))
    alarm.state, alarm.acknowledged_at = AlarmState.ACKNOWLEDGED, now()
    alarm.acknowledged_by_id = by.pk if by is not None else None
    alarm.save()
    _step(alarm, AlarmEvent.ACKNOWLEDGED, by, note)
    audit.record("exchange.alarm_acknowledged", alarm, by=by, data={"note": note})
    return alarm


@transaction.atomic
def comment(*, alarm: Alarm, by: Actor, note: str) -> Alarm:
    """Add a remark to an alarm, present or past."""
    if not note.strip():
        text = _("Write what you found.")
        raise DomainError(text, code="required", fields={"note": text})
    _step(alarm, AlarmEvent.COMMENTED, by, note)
    audit.record("exchange.alarm_commented", alarm, by=by, data={"note": note})
    return alarm


def _step(alarm: Alarm, event: AlarmEvent, by: Actor, note: str) -> None:
    AlarmStep.objects.create(
        alarm=alarm, event=event, note=note[:300], by_id=by.pk if by else None
    )
