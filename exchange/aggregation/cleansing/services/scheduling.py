"""Runs that start by themselves."""

from datetime import datetime

from django.utils import timezone

from exchange.aggregation.cleansing.enums import Trigger
from exchange.aggregation.cleansing.models import RuleSet, Run
from exchange.interfaces import selectors as landed
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import running


def start_due() -> int:
    """Start what the clock or new rows ask for; how many."""
    moment, started = now(), 0
    sets = RuleSet.objects.filter(current__isnull=False).select_related("table")
    for rule_set in sets:
        trigger = _wanted(rule_set, moment)
        if trigger is None:
            continue
        try:
            running.start(rule_set=rule_set, by=None, trigger=trigger)
        except DomainError:
            continue
        started += 1
    return started


def _wanted(rule_set: RuleSet, moment: datetime) -> Trigger | None:
    last = Run.objects.filter(table=rule_set.table).first()
    if rule_set.after_landing:
        batch = landed.latest_batch(rule_set.table)
        ended = batch and batch.finished_at
        if ended and (last is None or ended > last.started_at):
            return Trigger.LANDING
    local = timezone.localtime(moment)
    if rule_set.daily_at != local.hour:
        return None
    done = last and timezone.localtime(last.started_at).date() == local.date()
    return None if done else Trigger.SCHEDULE
