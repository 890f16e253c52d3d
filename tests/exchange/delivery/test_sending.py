"""Out of the outbox to the peers: in order, sealed, again and again until taken."""

from datetime import timedelta

import pytest

from exchange.delivery import codings, network
from exchange.delivery.models import Batch, Call, Group, Outage, Parcel, Peer
from exchange.delivery.models import ProblemRecord as Problem
from exchange.delivery.services import heartbeats, line, nodes, pump, sending
from platform_core.common import clock
from platform_core.common.errors import DomainError, PeerUnavailable
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from platform_core.regions.models import Node
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record

ONE, DOWN = "test.reading", "test.order"


def run(at=None):
    """What the pump and the senders do in one round."""
    with clock.at(at or clock.now()):
        pump.collect()
        for peer_id in pump.due_peers():
            sending.send_to_peer(peer_id)


def later(seconds):
    return clock.now() + timedelta(seconds=seconds)


def order(*receivers, **changes):
    one = announced(receivers=list(receivers), **changes)
    publish(DOWN, one)
    return one


def sent(one, interface=DOWN):
    return [entry for group in one.groups(interface) for entry in group["records"]]


def peer(one):
    return Peer.objects.get(code=one.code)


def test_a_change_reaches_its_receivers_under_our_seal(city, shelf):
    one = order(city.code, value=7)
    run()
    (group,) = city.groups(DOWN)
    city.check_seal(group)
    assert (group["origin"], group["route"]) == (OWN, [OWN])
    assert [entry["uid"] for entry in group["records"]] == [str(one.uid)]
    assert group["records"][0]["data"]["value"] == 7
    parcel = Parcel.objects.get(group__interface=DOWN)
    assert (parcel.state, parcel.applied) == ("delivered", 1)
    before = len(city.received)
    run()
    assert len(city.received) == before


def test_positions_are_gapless_and_given_after_the_commit(city, shelf):
    for _ in range(3):
        order(city.code)
    assert not OutboxEntry.objects.filter(position__isnull=False).exists()
    run()
    order(city.code)
    run()
    found = OutboxEntry.objects.order_by("position")
    positions = list(found.values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_a_late_commit_is_not_skipped(city, shelf):
    """An entry with a lower number that appears later gets the next position."""
    late = order(city.code)
    hidden = OutboxEntry.objects.get(uid=late.uid)
    number = hidden.pk
    hidden.delete()
    order(city.code)
    run()
    highest = OutboxEntry.objects.latest("position").position
    hidden.pk, hidden.position = number, None
    hidden.save(force_insert=True)
    run()
    hidden.refresh_from_db()
    assert hidden.position == highest + 1
    assert str(late.uid) in {entry["uid"] for entry in sent(city)}


def test_each_receiver_has_its_own_queue(connect, city, shelf):
    other = connect("M37080001")
    order(city.code)
    order(city.code, other.code)
    other.down = True
    run()
    assert len(sent(city)) == 2
    assert not other.received
    other.down = False
    run(later(2))
    assert len(sent(other)) == 1


def test_changes_for_a_parent_wait_until_there_is_one(own, wire, request, shelf):
    publish(ONE, announced())
    run()
    entry = OutboxEntry.objects.get()
    assert (entry.position, entry.carrier) == (1, None)
    nation = request.getfixturevalue("nation")
    run()
    assert len(sent(nation, ONE)) == 1
    entry.refresh_from_db()
    assert entry.carrier == Group.objects.get().pk


def test_a_receiver_yet_to_join_keeps_its_queue(own, connect, shelf):
    order("M37080001")
    run()
    assert Peer.objects.get().state == "draft"
    late = connect("M37080001")
    run()
    assert len(sent(late)) == 1


def test_groups_respect_the_limits(city, shelf, monkeypatch):
    monkeypatch.setattr(pump, "MAX_RECORDS", 4)
    monkeypatch.setattr(sending, "MAX_RECORDS", 4)
    for _ in range(10):
        order(city.code)
    run()
    batches = [body for path, body in city.received if path == "deliveries"]
    sizes = [sum(len(g["records"]) for g in body["groups"]) for body in batches]
    assert max(sizes) <= 4
    assert len(sent(city)) == 10
    monkeypatch.setattr(pump, "GROUP_BYTES", 300)
    for _ in range(3):
        order(city.code)
    run()
    assert [len(g["records"]) for g in city.groups(DOWN)][-3:] == [1, 1, 1]


def test_an_unreachable_peer_is_tried_ever_more_slowly(city, shelf):
    order(city.code)
    city.down = True
    moment, pauses = clock.now(), []
    for _ in range(13):
        run(moment)
        state = peer(city)
        pauses.append((state.next_try_at - moment).total_seconds())
        moment = state.next_try_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert peer(city).last_error
    assert Batch.objects.count() == 1
    run(moment - timedelta(seconds=1))
    assert Batch.objects.get().attempts == 13
    city.down = False
    run(moment)
    state = peer(city)
    assert (state.failures, state.last_error) == (0, "")
    assert len(sent(city)) == 1


def test_the_same_batch_is_repeated_until_it_is_answered(city, shelf):
    order(city.code)
    city.status = 503
    run()
    order(city.code)
    city.status = 200
    run(later(2))
    first, second, third = [b for path, b in city.received if path == "deliveries"]
    assert first == second
    assert third["batch"] != first["batch"]


def test_a_signed_request_of_the_peer_ends_the_waiting(client, city, shelf):
    """The peer is back: what waits for it leaves within seconds."""
    order(city.code)
    run()
    Peer.objects.update(failures=12, next_try_at=later(900))
    order(city.code)
    run()
    assert len(sent(city)) == 1
    city.request(client, "GET", "interfaces")
    run()
    assert len(sent(city)) == 2


def test_retry_after_is_respected(city, shelf, monkeypatch):
    order(city.code)
    city.status = 429
    answer = city.answer

    def slow(request):
        made = answer(request)
        made.headers["Retry-After"] = "30"
        return made

    monkeypatch.setattr(city, "answer", slow)
    run()
    assert (peer(city).next_try_at - clock.now()).total_seconds() > 25


def test_a_rejected_record_becomes_a_problem_and_is_resolved(city, shelf):
    one, fine = order(city.code), order(city.code)
    reason = {"uid": str(one.uid), "revision": 1, "code": "code_list"}
    reason |= {"field": "unit", "message": "no such unit"}
    run_with(city, {"applied": 1, "unchanged": 0, "rejected": [reason]})
    problem = Problem.objects.get()
    assert (problem.uid, problem.code, problem.state) == (one.uid, "code_list", "open")
    assert fine.uid != problem.uid
    one.revision = 2
    publish(DOWN, one)
    run()
    problem.refresh_from_db()
    assert (problem.state, problem.resolved_at is None) == ("resolved", False)


def run_with(one, *results, at=None):
    """One round in which the neighbour answers its next delivery like this."""
    run_nodes = Parcel.objects.filter(state="queued").exclude(group__interface=DOWN)
    run_nodes.delete()
    pump.collect()
    Parcel.objects.filter(state="queued").exclude(group__interface=DOWN).delete()
    one.results = [list(results)]
    run(at)


def test_a_missing_reference_is_retried_three_times(city, shelf):
    one = order(city.code)
    missing = {"uid": str(one.uid), "revision": 1, "code": "reference_missing"}
    answer = {"applied": 0, "unchanged": 0, "rejected": [missing]}
    moment = later(1)
    for pause in (1, 5, 30):
        run_with(city, answer, at=moment)
        parcel = Parcel.objects.get()
        assert parcel.state == "queued"
        assert (parcel.due_at - moment).total_seconds() == pause
        assert not Problem.objects.exists()
        moment = parcel.due_at
    run_with(city, answer, at=moment)
    assert Problem.objects.get().code == "reference_missing"
    assert Parcel.objects.get().state == "delivered"
    assert len(city.groups(DOWN)) == 4


def test_tries_that_a_busy_peer_put_off_are_not_among_the_three(city, shelf):
    """A newcomer that still learns the interfaces says busy, then misses a key."""
    order(city.code)
    nothing = {"applied": 0, "unchanged": 0, "rejected": []}
    moment = later(1)
    for code in (*["busy"] * 4, *["bad_seal"] * 3):
        run_with(city, nothing | {"code": code, "message": "later"}, at=moment)
        moment = Parcel.objects.get().due_at
    assert Parcel.objects.get().state == "queued"
    run_with(city, nothing | {"code": "bad_seal", "message": "never"}, at=moment)
    assert Parcel.objects.get().state == "set_aside"


def test_a_group_under_a_key_not_known_yet_is_sent_until_it_is(city, shelf):
    order(city.code)
    refusal = {"applied": 0, "unchanged": 0, "rejected": []}
    refusal |= {"code": "bad_seal", "message": "key unknown", "retry": True}
    moment = later(1)
    for _ in range(8):
        run_with(city, refusal, at=moment)
        moment = Parcel.objects.get().due_at
    assert not Problem.objects.exists()
    run(moment)
    assert Parcel.objects.get().state == "delivered"


def test_a_refused_group_is_set_aside_and_the_queue_goes_on(city, shelf):
    one = order(city.code)
    refusal = {"applied": 0, "unchanged": 0, "rejected": []}
    refusal |= {"code": "unknown_interface", "message": "what is that"}
    run_with(city, refusal)
    assert Parcel.objects.get().state == "set_aside"
    assert Problem.objects.get().uid == one.uid
    order(city.code)
    run()
    assert Parcel.objects.filter(state="delivered").count() == 1


def test_a_delivery_refused_as_a_whole_is_sent_in_parts(city, shelf, monkeypatch):
    """One poisonous group among two: the other one arrives."""
    bad = order(city.code, note="poison")
    pump.collect()
    good = order(city.code)
    pump.collect()
    taken = []

    def answer(client, requests):
        body = codings.decode(
            requests[0].content, requests[0].headers.get("Content-Encoding", ""), 10**6
        )
        if str(bad.uid).encode() in body:
            error = {"code": "format", "message": "bad", "fields": {}}
            return ended(network.httpx.Response(400, json=error))
        taken.append(body)
        groups = body.count(b'"interface"')
        result = {"applied": 1, "unchanged": 0, "rejected": []}
        answer = {"results": [result] * groups}
        return ended(network.httpx.Response(200, json=answer))

    def ended(response):
        response.elapsed = timedelta()
        return response

    monkeypatch.setattr(network, "_first_known", answer)
    run()
    assert any(str(good.uid).encode() in body for body in taken)
    assert Problem.objects.get().uid == bad.uid
    assert not Parcel.objects.filter(state="queued").exists()
    assert peer(city).failures == 0


def test_only_one_sender_works_for_a_peer(city, shelf):
    order(city.code)
    pump.collect()
    state = peer(city)
    Peer.objects.filter(pk=state.pk).update(lease_until=later(60))
    assert pump.due_peers() == []
    assert sending.send_to_peer(state.pk) == 0
    assert not city.received
    run(later(61))
    assert len(sent(city)) == 1


def test_pausing_loses_nothing(city, shelf):
    Peer.objects.update(state="suspended")
    order(city.code)
    run()
    assert not city.received
    Peer.objects.update(state="enabled")
    run()
    assert len(sent(city)) == 1


def test_records_of_a_child_are_relayed_with_their_seal(client, city, nation, shelf):
    group = city.group(ONE, record(**reading()))
    for _ in range(2):
        city.deliver(client, OWN, group)
    nation.trusted[city.keyid] = city.public
    run()
    (relayed,) = nation.groups(ONE)
    assert relayed["route"] == [city.code, OWN]
    assert {**relayed, "route": group["route"]} == group
    nation.check_seal(relayed)
    assert not city.groups(ONE)


def test_records_of_the_parent_are_relayed_to_children(client, city, nation, shelf):
    group = nation.group("test.order", record(**reading(division="370000")))
    nation.deliver(client, OWN, group)
    run()
    (relayed,) = city.groups("test.order")
    assert relayed["route"] == [nation.code, OWN]
    assert not nation.groups("test.order")


def test_what_children_sent_before_the_parent_joined_is_kept(
    client, city, shelf, request
):
    city.deliver(client, OWN, city.group(ONE, record(**reading())))
    assert Group.objects.filter(origin=city.code).count() == 1
    nation = request.getfixturevalue("nation")
    nodes.backfill(peer(nation))
    run()
    assert not nation.groups(ONE)
    run(later(6))
    (group,) = nation.groups(ONE)
    assert group["route"] == [city.code, OWN]


def test_heartbeats_go_to_every_peer_and_show_what_waits(city, shelf):
    order(city.code)
    pump.collect()
    for peer_id in heartbeats.peers_to_greet():
        assert heartbeats.send_heartbeat(peer_id)
    path, beat = city.received[-1]
    assert path == "heartbeats"
    assert beat["outbox_pending"] >= 1
    assert "test.order:1" in beat["interfaces"]
    assert peer(city).contact_at is not None
    city.down = True
    assert not heartbeats.send_heartbeat(peer(city).pk)
    assert Call.objects.filter(ok=False, kind="heartbeat").count() == 1


def test_three_missed_heartbeats_are_an_outage(client, city):
    city.request(client, "GET", "interfaces")
    with clock.at(later(170)):
        assert line.find_outages() == 0
    with clock.at(later(200)):
        assert line.find_outages() == 1
        assert line.find_outages() == 0
        city.request(client, "GET", "interfaces")
        assert Outage.objects.get().ended_at is not None


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:9", "http://[::1]/", "http://10.1.2.3"]
)
def test_private_addresses_are_called_only_where_allowed(own, settings, text):
    settings.EXCHANGE_ALLOW_PRIVATE = False
    with pytest.raises(PeerUnavailable):
        network.call(text, "GET", "health")
    with pytest.raises(DomainError):
        network.check_url("file:///etc/passwd")


def test_redirects_are_not_followed():
    assert network.client().follow_redirects is False
    network.client().close()
    network.client.cache_clear()


def test_the_national_platform_keeps_nothing_for_a_parent(own, as_node, shelf):
    as_node("N10000001")
    publish(ONE, announced(origin="N10000001"))
    assert pump.collect() == 0
    assert OutboxEntry.objects.get().position == 1
    assert not Node.objects.filter(parent_code="N10000001").exists()
