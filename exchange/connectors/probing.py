"""Looking at a source without taking anything: what it offers, a sample, a trial."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from exchange.interfaces.models import Table

from . import mapping, records, writers
from .enums import TRIAL, SourceKind
from .errors import BadValue
from .models import Source
from .readers import Began, Item, Reader, databases, files, mqtt, opened, rest


def offered(source: Source) -> list[str]:
    """Tables of a database, files of a folder; Unreachable if it does not answer."""
    if source.kind == SourceKind.DATABASE:
        return databases.tables(source)
    if source.kind == SourceKind.REST:
        return rest.ask(source)
    if source.kind == SourceKind.MQTT:
        mqtt.MqttReader(source, {"pick": {}}, frozenset()).close()
        return []
    with closing(files.drop_of(source)) as drop:
        return list(drop.names("*"))


@dataclass
class Sample:
    """Columns and the first rows of a source."""

    columns: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def sample(source: Source, pick: Mapping[str, Any], count: int = TRIAL) -> Sample:
    """The first rows that a source would give."""
    with opened(source, {"pick": pick, "limit": count}) as reader:
        return _sampled(reader, count)


def _sampled(reader: Reader, count: int) -> Sample:
    found = Sample()
    for item in islice(_rows(reader, found), count):
        found.items.append(item)
        if not found.columns:
            found.columns = list(item.row)
    return found


def _rows(reader: Reader, found: Sample) -> Iterator[Item]:
    for event in reader.items({}):
        if isinstance(event, Began) and event.columns is not None:
            found.columns = found.columns or event.columns
        elif isinstance(event, Item):
            yield event


@dataclass
class Trial:
    """A row, what would become of it, and what is wrong with it."""

    item: Item
    wanted: bool
    record: dict[str, Any]
    faults: list[mapping.Fault]


def trial(
    source: Source, definition: Mapping[str, Any], table: Table
) -> tuple[list[str], list[Trial]]:
    """Columns of the source, and its first rows through the mapping."""
    mapper = mapping.Mapper(definition, table)
    with opened(source, {**definition, "limit": TRIAL}) as reader:
        found = _sampled(reader, TRIAL)
    mapper.check_columns(found.columns)
    return found.columns, [_tried(mapper, item) for item in found.items]


def trial_outward(
    source: Source, definition: Mapping[str, Any], table: Table
) -> tuple[list[str], list[Trial]]:
    """Columns that would be written, and the first records as they would go out."""
    sender = mapping.Outward(definition)
    found = islice(records.items(table, 0, settled=False), TRIAL)
    tried = [_tried(sender, item) for item in found]
    if source.kind == SourceKind.DATABASE:
        with closing(writers.databases.DatabaseWriter(source, definition)) as writer:
            writer.check(sender.columns)
            _fit(writer, tried)
    return sender.columns, tried


def _fit(writer: writers.databases.DatabaseWriter, tried: list[Trial]) -> None:
    """What the columns of the target cannot hold."""
    for one in tried:
        refused = writer.unfit(writers.Letter(one.item, one.record))
        if refused is not None and not one.faults:
            fault = mapping.Fault(refused.field, refused.code, refused.reason)
            one.faults.append(fault)


def target_columns(source: Source, definition: Mapping[str, Any]) -> list[str]:
    """The columns that the target has; none where it takes any."""
    if source.kind != SourceKind.DATABASE:
        return []
    with closing(writers.databases.DatabaseWriter(source, definition)) as writer:
        return writer.columns()


def _tried(mapper: mapping.Transform, item: Item) -> Trial:
    if item.fault:
        return Trial(item, True, {}, [mapping.Fault("", "format", item.fault)])
    try:
        wanted = mapper.wants(item.row)
    except BadValue as error:
        fault = mapping.Fault("", error.code, str(error.message))
        return Trial(item, True, {}, [fault])
    made = mapper.map(item.row)
    return Trial(item, wanted, made.record, made.faults)
