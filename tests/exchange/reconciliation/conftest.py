"""Our platform at one end, and at the other end another one of the same code.

The other end's tables are those of this process, so it is played by a neighbour that
keeps digests of its own, written from the protocol alone.
"""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs
from uuid import UUID

import httpx
import pytest
import rfc8785

from exchange.delivery.models import Peer
from exchange.delivery.services import pump, sending
from exchange.reconciliation.datasets import as_data
from exchange.reconciliation.services import certifying
from platform_core.common import clock
from platform_core.datasets.services import publish
from tests.exchange.conftest import announced

INTERFACE = "test.order"


def bucket(uid):
    return hashlib.sha256(str(uid).encode()).hexdigest()[:3]


def record_hash(origin, record):
    wanted = {name: record[name] for name in ("data", "op", "revision", "uid")}
    return hashlib.sha256(rfc8785.dumps(wanted | {"origin": origin})).hexdigest()


def summed(hashes):
    total = sum(int(text, 16) for text in hashes) % 2**256
    return {"count": len(hashes), "digest": f"{total:064x}"}


class Holder:
    """Takes what we send, and says by digests what it has."""

    def __init__(self, one):
        self.one = one
        self.rows = {}
        self.certificates = []
        self.signs = True
        self.asked = []
        self.down = False
        self.refuses = set()

    def answer(self, request):
        if self.down:
            raise httpx.ConnectError("connection refused")
        path = request.url.path.removeprefix("/exchange/v1/")
        if path.endswith("/digest"):
            self.one.check(request)
            query = parse_qs(request.url.query.decode())
            self.asked.append(query)
            code = path.split("/")[1]
            given = {name: value[0] for name, value in query.items()}
            return httpx.Response(200, json=self.digest(code, **given))
        answer = Neighbourly.answer(self.one, request)
        if path == "deliveries":
            for group in self.one.received[-1][1]["groups"]:
                self.take(group)
        return answer

    def take(self, group):
        if group["interface"] == "reconciliation.certificate":
            self.certificates += [one["data"] for one in group["records"]]
        for record in group["records"]:
            key = (group["interface"], group["origin"], record["uid"])
            known = self.rows.get(key, (0, ""))
            if record["revision"] > known[0] and record["uid"] not in self.refuses:
                text = record_hash(group["origin"], record)
                self.rows[key] = (record["revision"], text)

    def digest(self, code, origin, depth, bucket=""):
        mine = {
            uid: row
            for (interface, node, uid), row in self.rows.items()
            if (interface, node) == (code, origin)
        }
        if depth == "0":
            return self.whole(code, origin, [row[1] for row in mine.values()])
        if depth == "2":
            return [
                {"uid": uid, "revision": row[0], "hash": row[1]}
                for uid, row in mine.items()
                if bucket_of(uid) == bucket
            ]
        found = {}
        for uid, row in mine.items():
            found.setdefault(bucket_of(uid), []).append(row[1])
        names = [f"{number:03x}" for number in range(4096)]
        return [{"bucket": name} | summed(found.get(name, [])) for name in names]

    def whole(self, code, origin, hashes):
        said = summed(hashes)
        answer = said | {"as_of_position": 0}
        if not self.signs:
            return answer
        statement = said | {
            "interface": code,
            "origin": origin,
            "node": self.one.code,
            "peer": "P37000001",
            "role": "holder",
            "at": clock.now().isoformat(),
        }
        value = self.one.private.sign(rfc8785.dumps(statement))
        seal = {"alg": "ed25519", "keyid": self.one.keyid}
        seal["value"] = base64.b64encode(value).decode()
        return answer | {"statement": statement, "seal": seal}


bucket_of = bucket


class Neighbourly:
    """The neighbour's own way of answering, kept before it is replaced."""

    answer = None


@pytest.fixture
def holder(city, shelf, monkeypatch):
    """The city as somebody who holds our orders."""
    made = Holder(city)
    Neighbourly.answer = type(city).answer
    monkeypatch.setattr(city, "answer", made.answer)
    return made


def order(city, **changes):
    one = announced(receivers=[city.code], **changes)
    publish(INTERFACE, one)
    return one


def later(seconds=120):
    return clock.now() + timedelta(seconds=seconds)


def deliver(at=None):
    """The pump and the senders until everything has left."""
    with clock.at(at or clock.now()):
        pump.collect()
        for peer_id in pump.due_peers():
            sending.send_to_peer(peer_id)


def key(one, interface=INTERFACE):
    return (interface, "P37000001", str(getattr(one, "uid", one)))


@pytest.fixture
def rounds(city):
    """Compare, heal, deliver, compare again; the certificates of one interface."""

    def run(count=2, start=120, interface=INTERFACE):
        peer = Peer.objects.get(code=city.code)
        with clock.at(later(start)):
            numbers = certifying.open_for(peer.pk)
        for number in range(count):
            moment = later(start + number * 200)
            with clock.at(moment):
                made = [certifying.work_on(one) for one in numbers]
            deliver(moment + timedelta(seconds=5))
        (found,) = [one for one in made if one.interface == interface]
        found.refresh_from_db()
        return found

    return run


def planted(rows, one, text=None, revision=None, interface=INTERFACE):
    """Change one row at the other end."""
    known = rows[key(one, interface)]
    changed = (revision or known[0], text or known[1])
    rows[key(one, interface)] = changed
    return UUID(str(one.uid))


@pytest.fixture
def equal_ends(city, holder):
    """Some orders that both ends have, one of them withdrawn."""
    made = [order(city, value=n) for n in range(20)]
    made[0].revision = 2
    publish(INTERFACE, made[0], op="withdraw")
    deliver()
    assert len([k for k in holder.rows if k[0] == INTERFACE]) == 20
    return made


@pytest.fixture
def certificate(client, city, holder, equal_ends, rounds):
    """What our platform made about its orders."""
    return as_data(rounds(1))
