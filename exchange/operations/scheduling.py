"""A beat that leaves out what an operator paused."""

from time import monotonic
from typing import Any

import structlog
from celery.beat import PersistentScheduler
from django.db import Error, close_old_connections, connection

log = structlog.get_logger(__name__)
BELIEF_SECONDS = 2.0


class PausableScheduler(PersistentScheduler):
    """Celery's own scheduler; the paused entries are read from the database.

    While the database does not answer, what was known last counts.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._paused: frozenset[str] = frozenset()
        self._until = 0.0
        super().__init__(*args, **kwargs)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send the entry's task unless it is paused."""
        if entry.name not in self.paused():
            super().apply_entry(entry, producer=producer)

    def paused(self) -> frozenset[str]:
        """Names of paused entries, at most two seconds old."""
        if monotonic() >= self._until:
            self._paused = self._read()
            self._until = monotonic() + BELIEF_SECONDS
        return self._paused

    def _read(self) -> frozenset[str]:
        from exchange.operations.models import Schedule  # noqa: PLC0415  before setup

        try:
            close_old_connections()
            rows = Schedule.objects.filter(paused=True)
            return frozenset(rows.values_list("name", flat=True))
        except Error as error:
            log.warning("operations.schedules_unread", error=str(error))
            connection.close()
            return self._paused
