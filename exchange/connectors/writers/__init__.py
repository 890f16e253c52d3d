"""Writers of each kind of target."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from exchange.connectors.enums import SourceKind
from exchange.connectors.models import Source

from .base import Letter, Refused, Writer
from .databases import DatabaseWriter
from .files import FileWriter
from .mqtt import MqttWriter
from .rest import RestWriter

Definition = Mapping[str, Any]
WRITERS: dict[str, Callable[[Source, Definition], Writer]] = {
    SourceKind.DATABASE: DatabaseWriter,
    SourceKind.FILES: FileWriter,
    SourceKind.REST: RestWriter,
    SourceKind.MQTT: MqttWriter,
}

__all__ = ["Letter", "Refused", "Writer", "opened"]


@contextmanager
def opened(source: Source, definition: Definition) -> Iterator[Writer]:
    """A writer that is closed again.

    `definition` holds besides what the flow says: `columns` that are written,
    `first`, the row that the run begins behind, and `name`, a name for what is
    written where it is not the flow's usual one.
    """
    writer = WRITERS[source.kind](source, definition)
    try:
        yield writer
    finally:
        writer.close()
