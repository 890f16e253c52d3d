"""Runs that start by themselves."""

from datetime import datetime

from django.utils import timezone

from exchange.aggregation.fusion.enums import Trigger
from exchange.aggregation.fusion.models import Run, Task
from exchange.interfaces import selectors as landed
from exchange.interfaces.models import Table
from platform_core.common.clock import now
from platform_core.common.errors import DomainError

from . import running


def start_due() -> int:
    """Start what the clock or new rows ask for; how many."""
    moment, started = now(), 0
    for task in Task.objects.filter(current__isnull=False).select_related("current"):
        trigger = _wanted(task, moment)
        if trigger is None:
            continue
        try:
            running.start(task=task, by=None, trigger=trigger)
        except DomainError:
            continue
        started += 1
    return started


def _wanted(task: Task, moment: datetime) -> Trigger | None:
    last = Run.objects.filter(task=task).first()
    if task.after_landing and _landed(task, last):
        return Trigger.LANDING
    local = timezone.localtime(moment)
    if task.daily_at != local.hour:
        return None
    done = last and timezone.localtime(last.started_at).date() == local.date()
    return None if done else Trigger.SCHEDULE


def _landed(task: Task, last: Run | None) -> bool:
    """Did a batch come for one of its tables since the last run began?"""
    assert task.current is not None
    codes = {one["table"] for one in task.current.part("sources")}
    batches = [
        landed.latest_batch(table) for table in Table.objects.filter(code__in=codes)
    ]
    ended = [one.finished_at for one in batches if one and one.finished_at]
    return bool(ended) and (last is None or max(ended) > last.started_at)
