"""What the data standard does in the background; every task may run twice."""

from celery import shared_task

from platform_core.datasets.filling import fillings

from .services import archiving, filling, tables


@shared_task(name="interfaces.fill")
def fill_all() -> None:
    """Fill the next part of each table, each by itself."""
    for one in fillings():
        fill.delay(one.table)


@shared_task(name="interfaces.fill_one")
def fill(table: str) -> None:
    """Fill the next part of one table."""
    filling.fill(table)


@shared_task(name="interfaces.retain")
def retain() -> None:
    """Have archived what is kept no longer."""
    archiving.start_due()


@shared_task(name="interfaces.end")
def end() -> None:
    """Withdraw what has ended."""
    tables.end_overdue()
