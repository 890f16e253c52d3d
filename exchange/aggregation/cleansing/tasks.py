"""What cleansing does in the background; every task may run twice."""

from celery import shared_task

from .services import scheduling, telling


@shared_task(name="cleansing.start_due")
def start_due() -> int:
    """Start the runs that the clock or new rows ask for."""
    return scheduling.start_due()


@shared_task(name="cleansing.urge")
def urge() -> int:
    """Remind holders of sources and stewards of overdue duties."""
    return telling.urge()


@shared_task(name="cleansing.tell")
def tell() -> int:
    """Tell holders of sources about their new duties."""
    return telling.tell()
