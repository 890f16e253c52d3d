"""How big the store is, how it grows, and what room there is."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from exchange.interfaces.models import Row
from platform_core.common.clock import today

from .models import StoreMeasure

SPAN = 30
LARGEST = 40


def stored_bytes() -> int:
    """Size of the whole database on its disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT page_count * page_size "
                "FROM pragma_page_count(), pragma_page_size()"
            )
        return int(cursor.fetchone()[0])


def landed_bytes() -> int | None:
    """Size of the landed rows with their indexes; None where it is not known."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [Row._meta.db_table])
        return int(cursor.fetchone()[0])


def engine() -> str:
    """The kind of database."""
    return str(settings.DATABASES["default"]["ENGINE"].rsplit(".", 1)[-1])


@dataclass(frozen=True, slots=True)
class Room:
    """A disk: bytes in all, and those that are free."""

    total: int
    free: int


def room() -> Room:
    """The disk that the files of this platform lie on."""
    path = Path(settings.VAR_DIR)
    while not path.exists():
        path = path.parent
    found = shutil.disk_usage(path)
    return Room(found.total, found.free)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the database, or a folder of files."""

    name: str
    label: object
    rows: int | None
    size: int

    @property
    def megabytes(self) -> float:
        return round(self.size / 1_000_000, 1)


def parts() -> list[Part]:
    """The largest tables of the database; none where their sizes are not known."""
    if connection.vendor != "postgresql":
        return []
    labels = {model._meta.db_table: model for model in apps.get_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_live_tup, pg_total_relation_size(relid) "
            "FROM pg_stat_user_tables ORDER BY 3 DESC LIMIT %s",
            [LARGEST],
        )
        found = cursor.fetchall()
    return [
        Part(name, _label(labels.get(name)), rows, size) for name, rows, size in found
    ]


def _label(model: object) -> object:
    meta = getattr(model, "_meta", None)
    return meta.verbose_name_plural if meta is not None else ""


def note() -> StoreMeasure:
    """Write down how big the database is today, and the room beside it."""
    facts = {"size": stored_bytes(), "free": room().free}
    made, _new = StoreMeasure.objects.update_or_create(day=today(), defaults=facts)
    return made


def growth() -> float | None:
    """Bytes a day in the last days; None until two of them are known."""
    since = today() - timedelta(days=SPAN)
    known = list(StoreMeasure.objects.filter(day__gte=since).order_by("day"))
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    return (last.size - first.size) / (last.day - first.day).days


def days_left() -> int | None:
    """Days until the room is used up as it grows now; None where it does not grow."""
    grows = growth()
    if grows is None or grows <= 0:
        return None
    return int(room().free / grows)
