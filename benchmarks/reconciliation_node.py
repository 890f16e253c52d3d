"""One node of the bench of reconciliation; given what it has to do."""

import io
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import django

django.setup()

import psycopg2  # noqa: E402  Django had to be set up first
from django.db import connection, transaction  # noqa: E402
from rest_framework import serializers  # noqa: E402

from benchmarks.pair import TIERS  # noqa: E402
from benchmarks.reconciliation import HOLDER, SOURCE  # noqa: E402
from exchange.delivery import keys, seals  # noqa: E402
from exchange.delivery.hooks import Mark, Offer, Taken  # noqa: E402
from exchange.delivery.models import Peer  # noqa: E402
from exchange.delivery.services import housekeeping, pump, sending  # noqa: E402
from exchange.reconciliation.buckets import bucket_of  # noqa: E402
from exchange.reconciliation.models import Scope  # noqa: E402
from exchange.reconciliation.services import (  # noqa: E402
    comparing,
    healing,
    keeping,
    rebuilding,
)
from platform_core import wsgi  # noqa: E402
from platform_core.common import clock  # noqa: E402
from platform_core.datasets.registry import Dataset, Outcome, register  # noqa: E402
from platform_core.regions.models import Node  # noqa: E402

PLANTED = 100


class Numbered(serializers.Serializer):
    """A contract that both nodes know."""

    n = serializers.IntegerField()


register(
    Dataset(
        code="bench.record",
        version=1,
        name="Bench",
        direction="down",
        model=Node,
        serializer=Numbered,
        apply=lambda record: Outcome.APPLIED,
        recipients=lambda obj: [HOLDER],
    )
)
application = wsgi.application


def key() -> None:
    """Leave the node's public key for the other one."""

    own = keys.own_key()
    (home() / f"{own.keyid}.pub").write_text(own.public_key)


def home() -> Path:
    return Path(os.environ["BENCH_HOME"])


def connect(other: str, relation: str) -> None:
    """Know the other node, its key and address."""

    text = (home() / f"{other}#1.pub").read_text()
    keys.trust(other, 1, text)
    Peer.objects.create(
        code=other,
        name=other,
        tier=TIERS[other],
        relation=relation,
        state="enabled",
        url=f"http://127.0.0.1:{os.environ['BENCH_PORT']}",
    )


def rows(size: int) -> Iterator[tuple[int, UUID, str]]:
    """Number, identifier and hash of every record."""

    random = Random(1)
    for number in range(size):
        uid = UUID(int=random.getrandbits(128), version=4)
        record = {"uid": str(uid), "revision": 2, "op": "upsert"}
        record["data"] = {"n": number}
        yield number, uid, seals.record_hash(SOURCE, record)


MOMENT = "2026-11-20 08:00:00+08"
OUTBOX = (
    "COPY datasets_outboxentry (interface, version, uid, revision, op, occurred_at, "
    "data, to_parent, recipients, created_at, position, carrier) FROM STDIN"
)
OFFERED = (
    "COPY reconciliation_offered (scope_id, uid, bucket, revision, hash, offered_at) "
    "FROM STDIN"
)
LEDGER = (
    "COPY delivery_ledgerrow (origin, interface, uid, revision, op, hash, sender, "
    "received_at) FROM STDIN"
)


def fill(size: int) -> None:
    """The same records at both ends, but for the planted differences."""

    connect(HOLDER, "child")
    facts = {"interface": "bench.record", "origin": SOURCE}
    scope = Scope.objects.create(audience=HOLDER, position=size, **facts)
    planted = set(Random(2).sample(range(size), PLANTED))
    url = os.environ["BENCH_OTHER"].replace("postgres://", "postgresql://")
    other = psycopg2.connect(url)
    connection.ensure_connection()
    outbox, offered, ledger = io.StringIO(), io.StringIO(), io.StringIO()
    for number, uid, text in rows(size):
        outbox.write(
            f"bench.record\t1\t{uid}\t2\tupsert\t{MOMENT}\t"
            f'{{"n": {number}}}\tf\t["{HOLDER}"]\t{MOMENT}\t{number + 1}\t0\n'
        )
        offered.write(f"{scope.pk}\t{uid}\t{bucket_of(uid)}\t2\t{text}\t{MOMENT}\n")
        ledger.write(held(number, uid, text, planted))
        if number % 50_000 == 49_999 or number == size - 1:
            for cursor, sql, file in (
                (connection.connection.cursor(), OUTBOX, outbox),
                (connection.connection.cursor(), OFFERED, offered),
                (other.cursor(), LEDGER, ledger),
            ):
                file.seek(0)
                cursor.copy_expert(sql, file)
            outbox, offered, ledger = io.StringIO(), io.StringIO(), io.StringIO()
    other.commit()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO common_sequence (name, value) VALUES ('outbox.position', %s)",
            [size],
        )
        cursor.execute("ANALYZE")
    rebuilding.rebuild(scope)


def held(number: int, uid: UUID, text: str, planted: set[int]) -> str:
    """A row of the holder's ledger: missing, old, changed or ahead where planted."""
    kind = number % 4 if number in planted else None
    if kind == 0:
        return ""
    revision = {1: 1, 3: 9}.get(kind, 2)
    if kind is not None:
        text = text[::-1]
    return (
        f"{SOURCE}\tbench.record\t{uid}\t{revision}\tupsert\t{text}\t{SOURCE}\t"
        f"{MOMENT}\n"
    )


def load() -> None:
    """The holder's digests, from its ledger."""

    connect(SOURCE, "parent")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for _scope in rebuilding.rebuild_held():
        pass


def compare() -> None:
    """From the first question to equal ends; the seconds come last."""

    housekeeping.kick = lambda: None
    peer = Peer.objects.get(code=HOLDER)
    about = (peer, "bench.record", SOURCE)
    begun = time.perf_counter()
    first = comparing.compare(*about)
    looked = time.perf_counter()
    assert len(first.found) == PLANTED, len(first.found)
    healing.heal(*about, first.found)
    pump.collect()
    sending.send_to_peer(peer.pk)
    healed = time.perf_counter()
    with clock.at(clock.now() + timedelta(seconds=61)):
        second = comparing.compare(*about)
    done = time.perf_counter()
    assert second.equal, second.found
    print(f"found {len(first.found)} of {PLANTED} in {looked - begun:.1f} s")
    print(f"healed in {healed - looked:.1f} s, equal after {done - healed:.1f} s")
    keeping_cost()
    print(done - begun)


def keeping_cost() -> None:
    """What keeping digests adds to a group of 1 000 records."""

    groups = [
        [Mark(uuid4(), 1, f"{number:064x}") for number in range(1_000)]
        for _ in range(10)
    ]
    begun = time.perf_counter()
    for marks in groups:
        with transaction.atomic():
            keeping.note_offer(Offer(HOLDER, "bench.other", SOURCE, marks))
    offers = time.perf_counter() - begun
    begun = time.perf_counter()
    for marks in groups:
        changes = [(mark.uid, "", mark.hash) for mark in marks]
        with transaction.atomic():
            keeping.note_taken(Taken("bench.other", HOLDER, changes))
    taken = time.perf_counter() - begun
    print(f"keeping: {10_000 / offers:.0f} offered/s, {10_000 / taken:.0f} taken/s")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fill", size]:
            fill(int(size))
        case [step]:
            {"key": key, "load": load, "compare": compare}[step]()
