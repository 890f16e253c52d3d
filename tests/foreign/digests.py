"""Hashes, buckets and digests of section 8."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import rfc8785

Record = dict[str, Any]
BUCKETS = [f"{number:03x}" for number in range(4_096)]


def record_hash(origin: str, record: Record) -> str:
    wanted = {name: record[name] for name in ("data", "op", "revision", "uid")}
    return hashlib.sha256(rfc8785.dumps(wanted | {"origin": origin})).hexdigest()


def bucket_of(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()[:3]


def summed(hashes: list[str]) -> dict[str, Any]:
    total = sum(int(text, 16) for text in hashes) % (1 << 256)
    return {"count": len(hashes), "digest": f"{total:064x}"}


@dataclass
class Shelf:
    """The latest revision of each record of one interface and origin."""

    interface: str
    origin: str
    records: dict[str, Record] = field(default_factory=dict)
    # The group of somebody else that brought a record here.
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, record: Record, group: dict[str, Any] | None = None) -> bool:
        """Keep a record; False where its revision is no news."""
        known = self.records.get(record["uid"])
        if known is not None and known["revision"] >= record["revision"]:
            return False
        self.records[record["uid"]] = record
        if group is not None:
            self.groups[record["uid"]] = group
        return True

    def row(self, uid: str) -> tuple[int, str]:
        """Revision and hash of a record; 0 and nothing where there is none."""
        found = self.records.get(uid)
        return (
            (found["revision"], record_hash(self.origin, found)) if found else (0, "")
        )

    def whole(self) -> dict[str, Any]:
        return summed([self.row(uid)[1] for uid in self.records])

    def buckets(self) -> list[dict[str, Any]]:
        found: dict[str, list[str]] = {}
        for uid in self.records:
            found.setdefault(bucket_of(uid), []).append(self.row(uid)[1])
        return [{"bucket": name, **summed(found.get(name, []))} for name in BUCKETS]

    def rows(self, bucket: str) -> list[dict[str, Any]]:
        return [
            {"uid": uid, "revision": self.row(uid)[0], "hash": self.row(uid)[1]}
            for uid in sorted(self.records)
            if bucket_of(uid) == bucket
        ]
