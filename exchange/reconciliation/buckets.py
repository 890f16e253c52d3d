"""Arithmetic of digests; pure functions.  [protocol, section 8]

A digest is a count and the sum of record hashes modulo 2^256. Records fall into
4 096 buckets by the hash of their identifier; 32 buckets stand in one chunk, so that
a group of any size is one read and one write of at most 128 short rows.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

BUCKETS = 4_096
PER_CHUNK = 32
CHUNKS = BUCKETS // PER_CHUNK
MODULUS = 1 << 256
_COUNT, _SUM = 8, 32
_WIDTH = _COUNT + _SUM
EMPTY = bytes(_WIDTH * PER_CHUNK)


def bucket_of(uid: UUID | str) -> int:
    """The bucket of a record: the first three hex digits of SHA-256(uid)."""
    start = hashlib.sha256(str(uid).encode()).digest()[:2]
    return int.from_bytes(start) >> 4


def name_of(bucket: int) -> str:
    """Three hex digits."""
    return f"{bucket:03x}"


@dataclass(frozen=True, slots=True)
class Digest:
    """How many records, and the sum of their hashes."""

    count: int = 0
    total: int = 0

    @property
    def hex(self) -> str:
        return f"{self.total:064x}"

    def __add__(self, other: "Digest") -> "Digest":
        total = (self.total + other.total) % MODULUS
        return Digest(self.count + other.count, total)

    def without(self, other: "Digest") -> "Digest":
        """What is left when these records are taken out."""
        total = (self.total - other.total) % MODULUS
        return Digest(self.count - other.count, total)


ZERO = Digest()


class Tally:
    """Changes of digests, bucket by bucket, gathered over a group of records."""

    def __init__(self) -> None:
        self.changes: dict[int, list[int]] = {}

    def change(self, uid: UUID | str, before: str, after: str) -> int:
        """A record's hash was `before` (empty: none) and is now `after`; its bucket."""
        bucket = bucket_of(uid)
        found = self.changes.setdefault(bucket, [0, 0])
        found[0] += bool(after) - bool(before)
        found[1] += int(after or "0", 16) - int(before or "0", 16)
        return bucket

    @property
    def chunks(self) -> set[int]:
        """Numbers of the chunks that change."""
        return {bucket // PER_CHUNK for bucket in self.changes}

    def onto(self, data: Mapping[int, bytes]) -> dict[int, bytes]:
        """The changed chunks, from what they were."""
        made = {number: bytearray(data.get(number, EMPTY)) for number in self.chunks}
        for bucket, (count, sum_) in self.changes.items():
            chunk = made[bucket // PER_CHUNK]
            start = bucket % PER_CHUNK * _WIDTH
            middle, end = start + _COUNT, start + _WIDTH
            new = int.from_bytes(chunk[start:middle]) + count
            chunk[start:middle] = new.to_bytes(_COUNT)
            total = (int.from_bytes(chunk[middle:end]) + sum_) % MODULUS
            chunk[middle:end] = total.to_bytes(_SUM)
        return {number: bytes(chunk) for number, chunk in made.items()}


def digests(data: bytes) -> list[Digest]:
    """The digests of one chunk, in the order of its buckets."""
    return [
        Digest(
            int.from_bytes(data[start : start + _COUNT]),
            int.from_bytes(data[start + _COUNT : start + _WIDTH]),
        )
        for start in range(0, len(data), _WIDTH)
    ]


def added(parts: Iterable[Digest]) -> Digest:
    """Several digests as one."""
    found = ZERO
    for part in parts:
        found = found + part
    return found
