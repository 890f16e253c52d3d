"""One node of the bench of the exchange; given what it has to do."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.db import connection  # noqa: E402  after the set-up
from django.db.models import Sum  # noqa: E402

from benchmarks import pair  # noqa: E402
from benchmarks.exchange import HOLDER, SOURCE  # noqa: E402
from exchange.delivery import keys  # noqa: E402
from exchange.delivery.models import Batch, Peer  # noqa: E402
from exchange.delivery.services import housekeeping, pump, sending  # noqa: E402
from exchange.feeds.models import Application, Subscription  # noqa: E402
from exchange.feeds.services import pulling  # noqa: E402
from exchange.interfaces.models import Row, Table, TableVersion  # noqa: E402
from exchange.interfaces.sampling import sample  # noqa: E402
from platform_core.common.models import own_node  # noqa: E402
from platform_core.datasets.models import OutboxEntry  # noqa: E402
from platform_core.regions.models import Node  # noqa: E402

SIZE = 1_000
PATIENCE = 30


def other() -> str:
    """The node at the other end."""
    return HOLDER if own_node() == SOURCE else SOURCE


def home() -> Path:
    return Path(os.environ["BENCH_HOME"])


def key() -> None:
    """Leave the node's public key for the other one."""
    own = keys.own_key()
    (home() / f"{own.keyid}.pub").write_text(own.public_key)


def version() -> TableVersion:
    """The steps of cases: of the tables that go up, the one with the most records."""
    found = Table.objects.select_related("current").get(code="cm_case_step")
    assert found.current is not None
    return found.current


def connect(way: str) -> None:
    """Know the other node, its key and address; for pulling subscribe to it."""
    code = other()
    Node.objects.filter(code=SOURCE).update(parent_code=HOLDER)
    keys.trust(code, 1, (home() / f"{code}#1.pub").read_text())
    peer = Peer.objects.create(
        code=code,
        name=code,
        tier=pair.TIERS[code],
        relation="parent" if code == HOLDER else "child",
        state="enabled",
        url=f"http://127.0.0.1:{os.environ['BENCH_PORT']}",
    )
    if way == "pull":
        kind = Subscription if own_node() == SOURCE else Application
        found = version()
        kind.objects.create(
            peer=peer,
            interface=found.table.interface,
            version=found.number,
            mode="pull",
            state="active",
        )


FILL = """
INSERT INTO datasets_outboxentry (interface, version, uid, revision, op, occurred_at,
  data, to_parent, recipients, created_at, carrier)
SELECT %s, %s, gen_random_uuid(), 1, 'upsert', now(),
  %s::jsonb || jsonb_build_object('bench_number', n, 'bench_text',
    left(repeat(md5(n::text), 40), %s)),
  %s, '[]'::jsonb, now(), %s
FROM generate_series(1, %s) AS n
"""


def fill(way: str, size: int) -> None:
    """So many changes of 1 KB wait, as if announced and committed."""
    found = version()
    record = sample(found)
    room = SIZE - len(json.dumps(record, ensure_ascii=False).encode()) - 200
    push = way == "push"
    with connection.cursor() as cursor:
        about = (found.table.interface, found.number, json.dumps(record), max(room, 0))
        cursor.execute(FILL, [*about, push, None if push else 0, size])
        cursor.execute("VACUUM ANALYZE datasets_outboxentry")


def resident() -> float:
    """Megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cost() -> list[float]:
    """Processor seconds of this process and of its database session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return [time.process_time(), pair.spent(cursor.fetchone()[0])]


def since(before: list[float]) -> list[float]:
    return [now - then for now, then in zip(cost(), before, strict=True)]


def collect() -> None:
    """Give positions and seal until nothing is left, as the worker's task does."""
    housekeeping.kick = lambda: None
    half = 0.0
    waiting = OutboxEntry.objects.filter(position__isnull=True)
    middle = waiting.count() // 2
    rounds, before = 0, cost()
    while any(pump.collect_some()):
        rounds += 1
        if rounds * 1000 >= middle and not half:
            half = resident()
    print(json.dumps({"memory": [half, resident()], "cost": since(before)}))


def push(size: int) -> None:
    """Send until the other end has answered for everything."""
    peer = Peer.objects.get(code=other())
    done = Batch.objects.filter(peer=peer, state="done")

    def step() -> int:
        sending.send_to_peer(peer.pk)
        return done.aggregate(found=Sum("records"))["found"] or 0

    drain(step, size)


def pull(size: int) -> None:
    """Fetch until everything is here."""
    row = Application.objects.get()

    def step() -> int:
        Application.objects.update(next_try_at=row.next_try_at)
        pulling.pull(row.pk)
        return Application.objects.get().pulled

    drain(step, size)
    assert Row.objects.count() == size


def drain(step: Callable[[], int], size: int) -> None:
    """Take steps until all is done; the seconds and the memory."""
    begun, half, done, spent = time.perf_counter(), 0.0, 0, cost()
    moved = begun
    while done < size:
        before, done = done, step()
        half = half or (resident() if done >= size / 2 else 0.0)
        if done > before:
            moved = time.perf_counter()
        elif time.perf_counter() - moved > PATIENCE:
            raise SystemExit(f"stuck at {done} of {size}")
        else:
            time.sleep(0.05)
    seconds = time.perf_counter() - begun
    told = {"seconds": seconds, "memory": [half, resident()], "cost": since(spent)}
    print(json.dumps(told))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["key"]:
            key()
        case ["connect", way]:
            connect(way)
        case ["fill", way, size]:
            fill(way, int(size))
        case ["collect"]:
            collect()
        case ["push", size]:
            push(int(size))
        case ["pull", size]:
            pull(int(size))
