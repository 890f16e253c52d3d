"""What the apps of the exchange have done regularly, and when it is due."""

from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab
from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_core.common.apps import PlatformAppConfig
from platform_core.common.clock import now
from platform_core.ui.words import duration

LABELS: dict[str, str | Promise] = {
    "delivery.pump": _("Seal changes and start the senders"),
    "delivery.heartbeats": _("Heartbeats and outages"),
    "delivery.files": _("Bring files over"),
    "delivery.keys": _("Take announced keys into use"),
    "delivery.clean": _("Drop old calls and refused groups"),
    "feeds.push": _("Push to subscribers"),
    "feeds.pull": _("Fetch own subscriptions"),
    "feeds.refresh": _("Ask how own subscriptions stand"),
    "feeds.expire": _("End expired subscriptions"),
    "reconciliation.nightly": _("Compare with every platform"),
    "reconciliation.follow_up": _("Look again at differences"),
    "operations.watch": _("Look at the alarm rules"),
    "operations.reports": _("Write the reports of the exchange"),
    "operations.remind": _("Remind of what ends soon"),
    "operations.clean": _("Drop old figures and daily reports"),
    "interfaces.fill": _("Fill the data standard from the systems"),
    "interfaces.end": _("Withdraw ended versions"),
    "interfaces.retain": _("Archive what is kept no longer"),
    "connectors.start_due": _("Run flows whose time has come"),
    "cleansing.start_due": _("Start cleansing that is due"),
    "cleansing.tell": _("Tell senders of their duties"),
    "cleansing.urge": _("Urge overdue duties"),
    "fusion.start_due": _("Start fusion that is due"),
    "catalogue.measure": _("Measure the tables"),
    "catalogue.end_uses": _("End uses whose period is over"),
    "packages.clean": _("Remove old package files"),
}


def entries() -> dict[str, dict[str, Any]]:
    """The beat's entries of the exchange by name."""
    found: dict[str, dict[str, Any]] = {}
    for config in apps.get_app_configs():
        if isinstance(config, PlatformAppConfig) and config.name.startswith("exchange"):
            found |= config.beat_schedule
    return found


def label(name: str) -> str | Promise:
    """What it does, in words."""
    return LABELS.get(name, name)


def rhythm(name: str) -> str:
    """How often it runs; a cron line for fixed times."""
    schedule = entries().get(name, {}).get("schedule")
    if schedule is None:
        return ""
    if isinstance(schedule, crontab):
        return str(schedule).removeprefix("<crontab: ").partition(" (")[0]
    return duration(_seconds(schedule))


def _seconds(schedule: Any) -> float:
    if isinstance(schedule, timedelta):
        return schedule.total_seconds()
    return float(schedule)


def next_run(name: str, last: datetime | None) -> datetime | None:
    """When it is due next; what never ran is due now."""
    schedule = entries().get(name, {}).get("schedule")
    if schedule is None:
        return None
    if isinstance(schedule, crontab):
        rest: timedelta = schedule.remaining_estimate(now())
        return now() + rest
    due = last + timedelta(seconds=_seconds(schedule)) if last else now()
    return max(due, now())
