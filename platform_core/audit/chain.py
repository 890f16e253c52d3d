"""The hash of an audit row and the walk that finds the first bad one; pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Protocol

from .models import ZERO_HASH, AuditEntry

CONTENT = (
    "node",
    "type",
    "actor_id",
    "actor_name",
    "object_type",
    "object_id",
    "object_label",
    "data",
)


class End(Protocol):
    """What is kept of the chain's end."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not fit, and what seems to have happened."""

    kind: str
    seq: int
    pk: int | None
    text: str


def canonical(entry: AuditEntry, seq: int, previous_hash: str) -> bytes:
    """The bytes that are hashed: content, number and the hash before."""
    body: dict[str, Any] = {name: getattr(entry, name) for name in CONTENT}
    body["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    body["seq"] = seq
    body["previous_hash"] = previous_hash
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()


def digest(entry: AuditEntry, seq: int, previous_hash: str) -> str:
    """SHA-256 of the canonical form, as hexadecimal digits."""
    return hashlib.sha256(canonical(entry, seq, previous_hash)).hexdigest()


def first_fault(entries: Iterable[AuditEntry], end: End) -> tuple[int, Fault | None]:
    """Walk the sealed rows in order; how many fit, and the first that does not."""
    hash_before, count = ZERO_HASH, 0
    for entry in entries:
        fault = _fault_at(entry, count + 1, hash_before)
        if fault is not None:
            return count, fault
        count, hash_before = count + 1, entry.hash
    return count, _fault_at_end(count, hash_before, end)


def _fault_at(entry: AuditEntry, expected: int, hash_before: str) -> Fault | None:
    assert entry.seq is not None
    if entry.seq != expected:
        text = f"row {expected} is missing; the next one is {entry.seq}"
        return Fault("missing", expected, None, text)
    if digest(entry, entry.seq, entry.previous_hash) != entry.hash:
        return Fault("altered", expected, entry.pk, "content does not fit its seal")
    if entry.previous_hash != hash_before:
        text = "sealed after another row than the one before it"
        return Fault("out_of_order", expected, entry.pk, text)
    return None


def _fault_at_end(count: int, hash_before: str, end: End) -> Fault | None:
    if count < end.seq:
        text = f"the log ends at row {count}, {end.seq} were sealed"
        return Fault("truncated", count + 1, None, text)
    if count > end.seq or hash_before != end.hash:
        text = f"the log ends with row {count}, which is not the kept end of the chain"
        return Fault("forked", count, None, text)
    return None
