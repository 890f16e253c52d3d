"""The one source of "now", so that history can be replayed and tests can wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware; the moment set by `at` where there is one."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the platform's time zone."""
    return timezone.localtime(now()).date()


def read_moment(value: object) -> datetime | None:
    """A time with its offset, as others write it; None for anything else."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:  # the form of a time, but there is no such day
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment`."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
