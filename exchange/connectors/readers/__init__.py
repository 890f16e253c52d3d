"""Readers of each kind of source."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from exchange.connectors.enums import SourceKind
from exchange.connectors.models import Source

from .base import Began, Ended, Event, Item, Position, Reader
from .databases import DatabaseReader
from .files import FileReader
from .mqtt import MqttReader
from .rest import RestReader

Definition = Mapping[str, Any]
READERS: dict[str, Callable[[Source, Definition, frozenset[str]], Reader]] = {
    SourceKind.DATABASE: DatabaseReader,
    SourceKind.FILES: FileReader,
    SourceKind.REST: RestReader,
    SourceKind.MQTT: MqttReader,
}

__all__ = ["Began", "Ended", "Event", "Item", "Position", "Reader", "opened"]


@contextmanager
def opened(
    source: Source, definition: Definition, seen: frozenset[str] = frozenset()
) -> Iterator[Reader]:
    """A reader that is closed again; `seen` are digests of files to leave out."""
    reader = READERS[source.kind](source, definition, seen)
    try:
        yield reader
    finally:
        reader.close()
