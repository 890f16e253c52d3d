"""What operations do in the background; every task may run twice."""

from celery import shared_task

from .services import alarms, figures, reminding, reports


@shared_task(name="operations.watch")
def watch() -> None:
    """Look at the rules of alarms."""
    alarms.evaluate()


@shared_task(name="operations.reports")
def write_reports() -> None:
    """Write last month's and yesterday's report where there is none."""
    reports.write_due()


@shared_task(name="operations.remind")
def remind() -> None:
    """Remind people of what ends soon."""
    reminding.remind()


@shared_task(name="operations.clean")
def clean() -> None:
    """Drop figures and daily reports that nobody reads any more."""
    figures.clean()
    reports.clean()
