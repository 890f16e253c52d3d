"""Both ends prove that they agree, and heal where they do not."""

import json
from uuid import UUID

import pytest

from tests.journeys.desk import eventually

from .conftest import FIGURES, PROVINCE, arrived, figure, local, title
from .digests import BUCKETS, bucket_of
from .node import CERTIFICATE

pytestmark = pytest.mark.journey
TASKS = "supervision.task"
COMPARE = "/exchange/certificates/compare/"
# The night's work, some minutes on: what was offered just now may be on its way.
NIGHT = """
import time
from datetime import timedelta
from exchange.delivery.models import Parcel, Peer
from exchange.delivery.services import heartbeats, pump, sending
from exchange.reconciliation.services import certifying
from platform_core.common import clock

def drain():
    pump.collect()
    queued = Parcel.objects.filter(peer=peer, state="queued")
    for _ in range(50):
        sending.send_to_peer(peer.pk)
        if not queued.exists():
            break
        time.sleep(0.2)

peer = Peer.objects.get(code="{code}")
heartbeats.send_heartbeat(peer.pk)
begun = clock.now()
for number, seconds in enumerate((70, 170)):
    with clock.at(begun + timedelta(seconds=seconds)):
        if not number:
            found = certifying.open_for(peer.pk)
        for one in found:
            certifying.work_on(one)
        drain()
moments = dict.fromkeys(("next_try_at", "contact_at", "lease_until"), begun)
Peer.objects.filter(pk=peer.pk).update(**moments)
"""


def dated(period, value, **more):
    return figure("371082", value, data={"period": period}, **more)


def agree(client, shelf):
    """Both ends say the same from the top down."""
    about = (shelf.interface, shelf.origin)
    top = client.digest(*about, 0)
    assert {name: top[name] for name in ("count", "digest")} == shelf.whole()
    client.node.check_seal(top["seal"], PROVINCE, top["statement"])
    assert client.digest(*about, 1) == shelf.buckets()
    used = {bucket_of(uid) for uid in shelf.records}
    unused = next(name for name in BUCKETS if name not in used)
    for bucket in (*sorted(used)[:3], unused):
        assert client.digest(*about, 2, bucket=bucket) == shelf.rows(bucket)


def test_digests_of_own_and_of_relayed_records(weihai, below):
    node = weihai.node
    weihai.publish(FIGURES, dated("2024-01", 1), dated("2024-02", 2))
    agree(weihai, node.shelf("offered", FIGURES, node.code))
    county = below("371082")
    weihai.announce(county)
    weihai.relay(county.group(FIGURES, dated("2024-03", 3)))
    agree(weihai, node.shelf("offered", FIGURES, county.code))


def test_the_source_heals_what_the_holder_has_otherwise(weihai, offices):
    node = weihai.node
    shelf = node.shelf("offered", FIGURES, node.code)
    kept, old, changed = (dated(f"2024-0{n}", n) for n in (4, 5, 6))
    weihai.publish(FIGURES, kept, old, changed)
    lost = dated("2024-07", 7)
    shelf.put(lost)
    shelf.put(dated("2024-05", 50, uid=old["uid"], revision=3))
    shelf.records[changed["uid"]] = dated("2024-06", 60, uid=changed["uid"])
    wrong = [(lost["uid"], 0), (old["uid"], 1), (changed["uid"], 1)]
    assert sorted(weihai.differences(shelf)) == sorted(wrong)
    assert weihai.heal(shelf) == 3
    assert shelf.records[changed["uid"]]["revision"] == 2
    agree(weihai, shelf)
    made = weihai.certify(shelf, f"{local():%Y-%m-%d}", healed=3)
    assert (made["applied"], made["data"]["state"]) == (1, "equal")
    page = offices("admin").page(f"/exchange/certificates/?q={node.code}")
    assert FIGURES in page


def test_an_altered_certificate_is_refused(weihai):
    node = weihai.node
    shelf = node.shelf("offered", FIGURES, node.code)
    weihai.publish(FIGURES, dated("2024-08", 8))
    theirs = weihai.digest(FIGURES, node.code, 0)
    theirs["statement"]["count"] += 1
    weihai.digest = lambda *about: theirs
    try:
        made = weihai.certify(shelf, f"{local():%Y-%m-%d}", healed=0)
    finally:
        del weihai.digest
    assert [one["code"] for one in made["rejected"]] == ["bad_seal"]


def certificates(client, state, found=0):
    """Certificates of our tasks that the foreign holder has received."""
    shelf = client.node.shelf("held", CERTIFICATE, PROVINCE)
    wanted = {"interface": TASKS, "state": state, "found": found}
    every = [one["data"] for one in list(shelf.records.values())]
    return [one for one in every if wanted.items() <= one.items()]


def test_the_holder_countersigns_and_anybody_can_verify(
    weihai, issue, offices, federation, tmp_path
):
    node, admin = weihai.node, offices("admin")
    task = arrived(weihai, issue(node.code, title()))
    peer = admin.option(COMPARE, node.code)
    admin.submit(COMPARE, peer=peer)
    (equal,) = eventually(lambda: certificates(weihai, "equal"))
    assert equal["source_says"]["statement"]["peer"] == node.code

    del node.shelf("held", TASKS, PROVINCE).records[task["uid"]]
    province = federation.nodes[PROVINCE]
    province.manage("shell", "-v", "0", "-c", NIGHT.format(code=node.code))
    assert arrived(weihai, task["data"]["title"])["revision"] == task["revision"]
    assert [code for code, _ in node.heartbeats][-1] == PROVINCE
    (healed,) = eventually(lambda: certificates(weihai, "equal", found=1))
    assert healed["healed"] == 1
    assert [UUID(one["uid"]) for one in healed["details"]] == [UUID(task["uid"])]
    assert healed["holder_says"]["seal"]["keyid"] == node.keyid()

    keys = [
        {"keyid": keyid, "alg": known.public.alg, "public_key": known.public.value}
        for keyid, known in node.known.items()
    ]
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    (tmp_path / "certificate.json").write_text(json.dumps(healed))
    files = (tmp_path / "certificate.json", "--keys", tmp_path / "keys.json")
    said = province.manage("verify_certificate", *map(str, files))
    assert "The certificate is good" in said
    assert f"{node.code} holder" in said
