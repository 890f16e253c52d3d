"""Planted differences of all kinds are found and healed; certificates prove it."""

import base64
import json

import pytest
from django.urls import reverse
from rfc8785 import dumps

from exchange.delivery.models import Peer, ProblemRecord
from exchange.feeds.models import Subscription
from exchange.feeds.services import serving
from exchange.reconciliation.models import Certificate
from exchange.reconciliation.services import certifying
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from platform_core.notices.models import Notice
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record, verify
from tests.factories.accounts import UserFactory

from .conftest import (
    INTERFACE,
    Holder,
    Neighbourly,
    deliver,
    key,
    later,
    order,
    planted,
)

pytestmark = pytest.mark.usefixtures("noon")


def sent(city):
    return [r for group in city.groups(INTERFACE) for r in group["records"]]


def test_equal_ends_get_an_equal_certificate(city, holder, equal_ends, rounds):
    before = len(sent(city))
    found = rounds(1)
    assert (found.state, found.found, found.healed) == ("equal", 0, 0)
    assert found.count == found.holder_count == 20
    assert found.countersigned
    assert len(sent(city)) == before
    (data,) = [one for one in holder.certificates if one["interface"] == INTERFACE]
    assert data["state"] == "equal"
    one, two = data["source_says"], data["holder_says"]
    assert one["statement"]["digest"] == two["statement"]["digest"]
    for said in (one, two):
        seal, statement = said["seal"], said["statement"]
        public = city.public if statement["node"] == city.code else None
        public = public or city.trusted[seal["keyid"]]
        verify(seal["alg"], public, seal["value"], dumps(statement))


def test_all_kinds_of_differences_are_found_and_healed(
    city, holder, equal_ends, rounds
):
    lost, old, flipped, ahead, kept_back = equal_ends[1:6]
    del holder.rows[key(lost)]
    planted(holder.rows, flipped, text="ab" * 32)
    planted(holder.rows, ahead, revision=7, text="cd" * 32)
    old.revision = 2
    publish(INTERFACE, old)
    kept_back.revision = 2
    publish(INTERFACE, kept_back, op="withdraw")
    deliver()
    holder.rows[key(old)] = (1, "01" * 32)
    holder.rows[key(kept_back)] = (1, "02" * 32)
    count = len(sent(city))
    found = rounds(2)
    kinds = {one["uid"]: one["kind"] for one in found.details}
    assert kinds == {
        str(lost.uid): "missing",
        str(old.uid): "old",
        str(flipped.uid): "changed",
        str(ahead.uid): "ahead",
        str(kept_back.uid): "old",
    }
    assert (found.state, found.found, found.healed) == ("equal", 5, 5)
    again = sent(city)[count:]
    assert {one["uid"] for one in again} == set(kinds)
    assert {one["uid"]: one["revision"] for one in again}[str(ahead.uid)] == 8
    withdrawn = [one for one in again if one["uid"] == str(kept_back.uid)]
    assert [one["op"] for one in withdrawn] == ["withdraw"]
    assert not Notice.objects.filter(kind="reconciliation").exists()


def test_a_higher_revision_stays_with_the_record(city, holder, equal_ends, rounds):
    """The origin goes on above what the other end claimed to have."""
    ahead = equal_ends[3]
    planted(holder.rows, ahead, revision=7, text="cd" * 32)
    rounds(2)
    entries = OutboxEntry.objects.filter(uid=ahead.uid).order_by("revision")
    assert list(entries.values_list("revision", flat=True)) == [1, 8]
    first, last = entries
    assert (first.data, first.op) == (last.data, last.op)


def test_what_is_on_its_way_is_no_difference(city, holder, equal_ends, rounds):
    Peer.objects.update(next_try_at=later(3600))
    late = [order(city) for _ in range(3)]
    deliver()
    assert key(late[0]) not in holder.rows
    found = rounds(1)
    assert (found.state, found.found, found.finished_at) == ("unreached", 0, None)
    Peer.objects.update(next_try_at=clock.now())
    deliver(later(400))
    with clock.at(later(500)):
        done = certifying.work_on(found.pk)
    assert (done.state, done.found) == ("equal", 0)


def test_what_does_not_heal_in_one_round_raises_an_alarm(
    city, holder, equal_ends, rounds
):
    admin = UserFactory(roles=["sys_admin"])
    lost = equal_ends[4]
    del holder.rows[key(lost)]
    holder.refuses.add(str(lost.uid))
    found = rounds(2)
    assert (found.state, found.found, found.healed) == ("different", 1, 0)
    notice = Notice.objects.get(recipient=admin, kind="reconciliation")
    assert notice.level == "warning"
    assert notice.link == found.get_absolute_url()
    assert AuditEntry.objects.filter(type="exchange.difference_stays").count() == 1
    assert holder.certificates[-1]["state"] == "different"


def test_a_record_that_only_the_other_end_knows_is_named(
    city, holder, equal_ends, rounds
):
    strange = "0192f0c4-0000-7000-8000-00000000000a"
    holder.rows[INTERFACE, OWN, strange] = (1, "ee" * 32)
    found = rounds(2)
    assert [(one["uid"], one["kind"]) for one in found.details] == [(strange, "extra")]
    assert found.state == "different"


def test_refused_records_explain_a_difference(city, holder, equal_ends, rounds):
    bad = order(city)
    reason = {"uid": str(bad.uid), "revision": 1, "code": "range", "message": "no"}
    city.results = [[{"applied": 0, "unchanged": 0, "rejected": [reason]}]]
    holder.refuses.add(str(bad.uid))
    deliver()
    assert ProblemRecord.objects.get().state == "open"
    count = len(sent(city))
    found = rounds(1)
    assert (found.state, found.found) == ("explained", 1)
    assert len(sent(city)) == count
    assert not Notice.objects.filter(kind="reconciliation").exists()


def test_a_peer_that_is_down_is_asked_again(city, holder, equal_ends, rounds):
    holder.down = True
    found = rounds(1)
    assert (found.state, found.finished_at) == ("unreached", None)
    assert found.error
    with clock.at(later(300)):
        assert found.pk not in certifying.due()
    holder.down = False
    with clock.at(later(900)):
        assert found.pk in certifying.due()
        assert certifying.work_on(found.pk).state == "equal"
        assert found.pk not in certifying.due()


def test_two_workers_do_not_do_the_same(city, holder, equal_ends, rounds):
    holder.down = True
    found = rounds(1)
    asked = len(holder.asked)
    holder.down = False
    stale = Certificate.objects.get(pk=found.pk)
    Certificate.objects.filter(pk=found.pk).update(due_at=later(5))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Certificate, "objects", Wrapped(Certificate.objects, stale))
        certifying.work_on(found.pk)
    assert len(holder.asked) == asked


class Wrapped:
    """A manager whose first answer is old."""

    def __init__(self, inner, stale):
        self.inner, self.stale = inner, stale

    def get(self, pk):
        return self.stale

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_a_statement_under_a_wrong_signature_is_refused(
    city, holder, equal_ends, rounds, monkeypatch
):
    whole = holder.whole

    def lying(code, origin, hashes):
        made = whole(code, origin, hashes)
        made["statement"]["at"] = clock.now().replace(year=2020).isoformat()
        return made

    monkeypatch.setattr(holder, "whole", lying)
    found = rounds(1)
    assert (found.state, found.source_says) == ("unreached", {})


def test_a_holder_that_does_not_sign_is_compared_all_the_same(
    city, holder, equal_ends, rounds
):
    holder.signs = False
    found = rounds(1)
    assert (found.state, found.countersigned) == ("equal", False)


def test_the_same_day_again_is_a_new_revision(city, holder, equal_ends, rounds):
    first = rounds(1)
    lost = equal_ends[2]
    del holder.rows[key(lost)]
    second = rounds(2, start=1000)
    assert (first.pk, first.revision) == (second.pk, 1)
    assert (second.revision, second.state, second.healed) == (2, "equal", 1)


def test_a_reduced_subscription_is_healed_in_its_own_form(client, city, holder, rounds):
    Subscription.objects.create(
        peer=Peer.objects.get(code=city.code),
        interface=INTERFACE,
        mode="push",
        state="active",
        fields=["division", "unit", "value"],
        masks=["unit"],
    )
    made = [announced(receivers=[], note="secret") for _ in range(5)]
    for one in made:
        publish(INTERFACE, one)
    deliver()
    serving.push_all()
    deliver()
    assert key(made[0]) in holder.rows
    del holder.rows[key(made[0])]
    found = rounds(2)
    assert (found.state, found.count, found.healed) == ("equal", 5, 1)
    assert "note" not in sent(city)[-1]["data"]


def test_relayed_records_are_sent_again_under_their_own_seal(
    client, city, nation, shelf, monkeypatch
):
    """The nation lost a city's record: the province sends the city's group again."""
    above = Holder(nation)
    Neighbourly.answer = type(nation).answer
    monkeypatch.setattr(nation, "answer", above.answer)
    nation.trusted[city.keyid] = city.public
    group = city.group("test.reading", record(**reading()), record(**reading()))
    city.deliver(client, OWN, group)
    deliver()
    uid = group["records"][0]["uid"]
    place = ("test.reading", city.code, uid)
    wanted = above.rows.pop(place)
    peer = Peer.objects.get(code=nation.code)
    with clock.at(later()):
        numbers = certifying.open_for(peer.pk)
        for number in numbers:
            certifying.work_on(number)
    deliver(later(130))
    assert above.rows[place] == wanted
    relayed = nation.groups("test.reading")[-1]
    nation.check_seal(relayed)
    assert relayed["route"] == [city.code, OWN]
    with clock.at(later(400)):
        for number in numbers:
            certifying.work_on(number)
    row = Certificate.objects.get(interface="test.reading", record_origin=city.code)
    assert (row.state, row.healed) == ("equal", 1)


# Certificates that others made -------------------------------------------------


def from_city(client, city):
    """A certificate of the city about readings that we hold."""
    city.deliver(client, OWN, city.group("test.reading", record(**reading())))
    path = f"interfaces/test.reading/digest?origin={city.code}"
    said = city.request(client, "GET", path).json()
    statement = said["statement"] | {"node": city.code, "peer": OWN, "role": "source"}
    value = base64.b64encode(city.private.sign(dumps(statement))).decode()
    seal = {"alg": "ed25519", "keyid": city.keyid, "value": value}
    return {
        "day": clock.today().isoformat(),
        "interface": "test.reading",
        "record_origin": city.code,
        "source": city.code,
        "holder": OWN,
        "state": "equal",
        "found": 0,
        "healed": 0,
        "details": [],
        "finished_at": clock.now().isoformat(),
        "source_says": {"statement": statement, "seal": seal},
        "holder_says": {"statement": said["statement"], "seal": said["seal"]},
    }


def send(client, city, data):
    group = city.group("reconciliation.certificate", record(**data))
    (result,) = city.deliver(client, OWN, group)["results"]
    return result


def test_a_certificate_of_the_other_end_is_kept(client, city, shelf):
    assert send(client, city, from_city(client, city))["applied"] == 1
    row = Certificate.objects.get()
    assert (row.source, row.holder, row.state, row.count) == (
        city.code,
        OWN,
        "equal",
        1,
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("holder",), "M37080001"),
        (("state",), "different"),
        (("interface",), "test.order"),
        (("record_origin",), "M37080001"),
        (("day",), "2026-01-01"),
        (("source_says", "statement", "count"), 7),
        (("holder_says", "statement", "count"), 7),
        (("holder_says", "statement", "at"), "2026-01-01T00:00:00+08:00"),
        (("holder_says", "seal", "value"), "AAAA"),
        (("source_says", "seal"), None),
        (("source_says", "statement", "digest"), "f" * 64),
    ],
)
def test_an_altered_certificate_is_refused(client, city, shelf, path, value):
    data = from_city(client, city)
    place = data
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert len(send(client, city, data)["rejected"]) == 1
    assert not Certificate.objects.exists()


# Pages -------------------------------------------------------------------------


def test_the_pages(client, certificate):
    row = Certificate.objects.get(interface=INTERFACE)
    client.force_login(UserFactory(roles=["sys_admin"]))
    listed = client.get(reverse("reconciliation:certificate-list"))
    assert INTERFACE in listed.content.decode()
    page = client.get(row.get_absolute_url()).content.decode()
    assert certificate["source_says"]["statement"]["digest"] in page
    file = client.get(reverse("reconciliation:certificate-file", args=[row.uid]))
    assert json.loads(file.content) == certificate
    assert "attachment" in file["Content-Disposition"]
    client.force_login(UserFactory())
    for url in (
        reverse("reconciliation:certificate-list"),
        row.get_absolute_url(),
        reverse("reconciliation:certificate-file", args=[row.uid]),
    ):
        assert client.get(url).status_code == 403


def test_comparing_now(client, city, holder, equal_ends):
    del holder.rows[key(equal_ends[1])]
    peer = Peer.objects.get(code=city.code)
    client.force_login(UserFactory(roles=["sys_admin"]))
    with clock.at(later()):
        answer = client.post(reverse("reconciliation:compare"), {"peer": peer.pk})
    assert answer.status_code == 302
    row = Certificate.objects.get(interface=INTERFACE)
    assert (row.state, row.found) == ("healing", 1)
    client.force_login(UserFactory(roles=["bureau_leader"]))
    assert client.post(reverse("reconciliation:compare")).status_code == 403
    page = client.get(row.get_absolute_url()).content.decode()
    assert str(equal_ends[1].uid) in page
