"""Three platforms: what a relay cannot heal itself, the origin announces again."""

from uuid import UUID, uuid4

import pytest

from exchange.delivery.models import Group, Parcel, Peer, ProblemRecord
from exchange.delivery.services import pump
from exchange.interfaces.models import Row
from exchange.interfaces.services import announce, land
from exchange.reconciliation.enums import MAX_REVISION, REPAIR, Kind
from exchange.reconciliation.models import Certificate, RepairRequest
from exchange.reconciliation.selectors import toward
from exchange.reconciliation.services import certifying, comparing, healing, raising
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.datasets.models import OutboxEntry
from platform_core.datasets.services import publish
from platform_core.notices.models import Notice
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import Neighbour, record
from tests.factories.accounts import UserFactory
from tests.factories.interfaces import TableFactory

from .conftest import INTERFACE, Holder, Neighbourly, deliver, later, order

READING = "test.reading"
pytestmark = pytest.mark.usefixtures("noon")


class Origin:
    """The city: sends readings, and announces again what it is asked for."""

    def __init__(self, client, city):
        self.client, self.city, self.records = client, city, {}

    def send(self, *records):
        self.records |= {one["uid"]: one for one in records}
        group = self.city.group(READING, *records)
        (result,) = self.city.deliver(self.client, OWN, group)["results"]
        assert (result["applied"], result["rejected"]) == (len(records), [])
        return group

    def requests(self):
        found = self.city.groups(REPAIR)
        for group in found:
            self.city.check_seal(group)
        return [one["data"] for group in found for one in group["records"]]

    def answer(self):
        for data in self.requests():
            assert (data["receiver"], data["record_origin"]) == (self.city.code,) * 2
            for one in data["wanted"]:
                known = self.records[one["uid"]]
                if known["revision"] <= one["above"]:
                    self.send(known | {"revision": one["above"] + 1})


@pytest.fixture
def origin(client, city, shelf):
    return Origin(client, city)


@pytest.fixture
def above(nation, city, shelf, monkeypatch):
    """The nation, which holds what we pass on."""
    made = Holder(nation)
    Neighbourly.answer = type(nation).answer
    monkeypatch.setattr(nation, "answer", made.answer)
    nation.trusted[city.keyid] = city.public
    return made


@pytest.fixture
def night(nation, city, origin):
    """Compare with the nation, heal, let the city answer, compare again."""

    def run(start=120, answered=True):
        with clock.at(later(start)):
            numbers = certifying.open_for(Peer.objects.get(code=nation.code).pk)
            for number in numbers:
                certifying.work_on(number)
        deliver(later(start + 10))
        with clock.at(later(start + 20)):
            if answered:
                origin.answer()
        deliver(later(start + 30))
        with clock.at(later(start + 200)):
            for number in numbers:
                certifying.work_on(number)
        return Certificate.objects.get(interface=READING, record_origin=city.code)

    return run


@pytest.fixture
def relayed(origin, above):
    """Some readings of the city that all three have."""
    made = [record(**reading(value=n)) for n in range(5)]
    origin.send(*made)
    deliver()
    assert {place(one) for one in made} <= set(above.rows)
    return made


def place(one, node="M37020001"):
    return (READING, node, one["uid"])


def repairs(certificate):
    return {one["uid"]: (one["kind"], one["repair"]) for one in certificate.details}


def test_other_content_under_the_same_revision_is_asked_for(
    above, origin, relayed, night
):
    one = relayed[2]
    above.rows[place(one)] = (1, "ab" * 32)
    found = night()
    assert origin.requests() == [
        {
            "receiver": "M37020001",
            "interface": READING,
            "record_origin": "M37020001",
            "wanted": [{"uid": one["uid"], "above": 1}],
        }
    ]
    assert above.rows[place(one)][0] == 2
    assert (found.state, found.found, found.healed) == ("equal", 1, 1)
    assert repairs(found) == {one["uid"]: ("changed", "asked")}
    assert not Notice.objects.filter(kind="reconciliation").exists()
    assert AuditEntry.objects.filter(type="exchange.repair_asked").count() == 1


def test_a_higher_revision_than_the_relay_ever_saw(above, origin, relayed, night):
    one = relayed[0]
    above.rows[place(one)] = (7, "cd" * 32)
    found = night()
    assert above.rows[place(one)][0] == 8
    assert (found.state, repairs(found)) == ("equal", {one["uid"]: ("ahead", "asked")})


def test_the_group_is_no_longer_kept(above, origin, relayed, night):
    lost, kept = relayed[1], relayed[3]
    Group.objects.filter(interface=READING).delete()
    del above.rows[place(lost)]
    found = night()
    assert above.rows[place(lost)][0] == 2
    assert above.rows[place(kept)][0] == 1
    assert (found.state, repairs(found)) == (
        "equal",
        {lost["uid"]: ("missing", "asked")},
    )


def test_a_damaged_group_is_not_sent_but_asked_for(
    above, nation, origin, relayed, night
):
    (group,) = Group.objects.filter(interface=READING)
    group.records = group.records.replace('"value":4', '"value":5')
    group.save()
    del above.rows[place(relayed[0])]
    before = len(nation.groups(READING))
    found = night()
    assert (found.state, repairs(found)[relayed[0]["uid"]][1]) == ("equal", "asked")
    (onward,) = nation.groups(READING)[before:]
    nation.check_seal(onward)


def test_a_group_that_is_no_list_any_more_is_asked_for(above, origin, relayed, night):
    Group.objects.filter(interface=READING).update(records="[{")
    del above.rows[place(relayed[0])]
    assert night().state == "equal"


def test_a_seal_that_was_refused_is_no_explanation(
    above, nation, origin, relayed, night
):
    """The key of the city came late: the sound group goes again by itself."""
    lost = relayed[4]
    del above.rows[place(lost)]
    parcel = Parcel.objects.get(peer__code=nation.code, group__interface=READING)
    for code, one in (("bad_seal", lost), ("range", relayed[0])):
        ProblemRecord.objects.create(
            peer=parcel.peer,
            parcel=parcel,
            interface=READING,
            origin="M37020001",
            uid=one["uid"],
            revision=1,
            code=code,
        )
    found = night()
    assert (found.state, repairs(found)) == (
        "equal",
        {lost["uid"]: ("missing", "sent")},
    )
    assert not origin.requests()
    assert not ProblemRecord.objects.filter(code="bad_seal", state="open").exists()


def test_a_group_never_sent_there_goes_now(above, nation, relayed, night):
    """The parcel was lost with its queue, the group was not."""
    Parcel.objects.filter(peer__code=nation.code, group__interface=READING).delete()
    del above.rows[place(relayed[0])]
    found = night()
    assert (found.state, repairs(found)[relayed[0]["uid"]][1]) == ("equal", "sent")


def test_what_the_relay_never_offered_is_asked_for(above, origin, relayed, night):
    """The nation got it from the city directly; the relay lost it on the way."""
    strange = record(**reading(value=9))
    origin.records[strange["uid"]] = strange
    above.rows[place(strange)] = (1, "ee" * 32)
    found = night()
    assert above.rows[place(strange)][0] == 2
    assert (found.state, repairs(found)) == (
        "equal",
        {strange["uid"]: ("extra", "asked")},
    )


def test_an_origin_that_does_not_answer_leaves_an_alarm_with_the_names(
    above, relayed, night
):
    admin = UserFactory(roles=["sys_admin"])
    for one in relayed:
        above.rows[place(one)] = (1, "ab" * 32)
    strange = record(**reading())
    above.rows[place(strange)] = (1, "ab" * 32)
    found = night(answered=False)
    assert (found.state, found.found, found.healed) == ("different", 6, 0)
    assert {repair for _kind, repair in repairs(found).values()} == {"asked"}
    body = Notice.objects.get(recipient=admin, kind="reconciliation").body
    named = [line.split(" · ")[0] for line in body.splitlines()[1:]]
    assert named[-1] == "…"
    assert set(named[:5]) <= {one["uid"] for one in [*relayed, strange]}
    entry = AuditEntry.objects.get(type="exchange.difference_stays")
    assert len(entry.data["records"]) == 6


def test_without_a_line_to_the_origin_nobody_is_asked(
    client, city, above, relayed, night
):
    admin = UserFactory(roles=["sys_admin"])
    Peer.objects.filter(code=city.code).update(state="disabled")
    above.rows[place(relayed[0])] = (1, "ab" * 32)
    found = night(answered=False)
    assert (found.state, repairs(found)) == (
        "different",
        {relayed[0]["uid"]: ("changed", "")},
    )
    assert not RepairRequest.objects.exists()
    body = Notice.objects.get(recipient=admin, kind="reconciliation").body
    assert f"{relayed[0]['uid']} · " in body
    client.force_login(admin)
    assert relayed[0]["uid"] in client.get(found.get_absolute_url()).content.decode()


def test_the_way_to_an_origin(city, nation, connect, own):
    district = connect("C37020201")
    assert toward(city.code).code == city.code
    assert toward(district.code).code == district.code
    assert toward("C37020301").code == city.code
    assert toward("M37080001") is None
    assert toward("N10000001").code == nation.code
    assert toward("P11000001").code == nation.code
    direct = Neighbour("N10000002")
    facts = {"tier": "national", "relation": "parent", "state": "enabled"}
    Peer.objects.create(code=direct.code, **facts)
    assert toward("P11000001").code == nation.code
    assert toward(direct.code).code == direct.code


# Being asked -------------------------------------------------------------------


def asked(client, one, records, *, origin=OWN, interface=INTERFACE, receiver=OWN):
    """The result of a request that a neighbour sends us."""
    data = {
        "receiver": receiver,
        "interface": interface,
        "record_origin": origin,
        "wanted": [{"uid": str(uid), "above": floor} for uid, floor in records],
        # What is none of the contract is left out.
        "origin": OWN,
        "pk": 1,
    }
    (result,) = one.deliver(client, OWN, one.group(REPAIR, record(**data)))["results"]
    return result


def code_of(result):
    (rejected,) = result["rejected"]
    return rejected["code"]


def revisions(uid):
    rows = OutboxEntry.objects.filter(uid=uid).order_by("revision")
    return list(rows.values_list("revision", flat=True))


def test_we_announce_own_records_above_what_is_wanted(client, city, shelf):
    one, newer, other = order(city), order(city), order(city)
    newer.revision = 4
    publish(INTERFACE, newer)
    deliver()
    wanted = [(one.uid, 6), (newer.uid, 3), (uuid4(), 1)]
    assert asked(client, city, wanted)["applied"] == 1
    assert revisions(one.uid) == [1, 7]
    assert revisions(newer.uid) == [1, 4]
    assert revisions(other.uid) == [1]
    deliver()
    sent = [r for group in city.groups(INTERFACE) for r in group["records"]]
    assert (sent[-1]["uid"], sent[-1]["revision"]) == (str(one.uid), 7)
    assert AuditEntry.objects.get(type="exchange.repair_answered").data["records"] == 1
    kept = RepairRequest.objects.get()
    assert (kept.origin, kept.receiver, len(kept.wanted)) == (city.code, OWN, 3)


def test_only_who_was_offered_a_record_may_ask(client, city, connect, shelf):
    other = connect("M37080001")
    one = order(city)
    deliver()
    assert code_of(asked(client, other, [(one.uid, 1)])) == "out_of_scope"
    assert code_of(asked(client, city, [(uuid4(), 1)])) == "out_of_scope"
    to_other = asked(client, city, [(one.uid, 1)], receiver=other.code)
    assert code_of(to_other) == "out_of_scope"
    assert revisions(one.uid) == [1]
    assert not RepairRequest.objects.exists()


def test_a_request_that_another_one_made_is_refused(client, city, shelf):
    one = order(city)
    deliver()
    county = Neighbour("C37020201")
    key = {"serial": 1, "alg": county.alg, "public_key": county.public}
    facts = {
        "code": county.code,
        "tier": "county",
        "division": "370202",
        "name": "市南区",
        "state": "active",
        "keys": [key | {"valid_from": "2026-01-01T00:00:00+08:00"}],
    }
    city.deliver(client, OWN, city.group("exchange.node", record(**facts)))
    data = {"receiver": OWN, "interface": INTERFACE, "record_origin": OWN}
    data["wanted"] = [{"uid": str(one.uid), "above": 1}]
    group = county.group(REPAIR, record(**data), route=[county.code, city.code])
    (result,) = city.deliver(client, OWN, group)["results"]
    assert code_of(result) == "out_of_scope"


def test_the_highest_revision_cannot_be_raised(client, city, shelf):
    one = order(city)
    deliver()
    result = asked(client, city, [(one.uid, MAX_REVISION)])
    assert code_of(result) == "reference_missing"
    assert revisions(one.uid) == [1]


def test_for_records_of_others_we_ask_on(client, city, nation, origin, above, relayed):
    wanted = [(relayed[0]["uid"], 3), (relayed[1]["uid"], 1)]
    about = {"origin": city.code, "interface": READING}
    assert asked(client, nation, wanted, **about)["applied"] == 1
    deliver()
    (onward,) = origin.requests()
    assert {(one["uid"], one["above"]) for one in onward["wanted"]} == set(wanted)
    origin.answer()
    deliver()
    assert [above.rows[place(one)][0] for one in relayed] == [4, 2, 1, 1, 1]
    # The same again: what is wanted has been offered meanwhile.
    assert asked(client, nation, wanted, **about)["applied"] == 1
    deliver()
    assert len(origin.requests()) == 1


def test_requests_are_no_records_to_compare(client, city, nation, shelf):
    one = order(city)
    deliver()
    asked(client, city, [(one.uid, 1)])
    with clock.at(later()):
        certifying.open_for(Peer.objects.get(code=city.code).pk)
    compared = set(Certificate.objects.values_list("interface", flat=True))
    assert INTERFACE in compared
    assert REPAIR not in compared


# Raising -----------------------------------------------------------------------


def test_only_the_newest_of_several_kept_revisions_is_raised(own):
    table = TableFactory(code="t_task")
    for title in ("one", "two"):
        land(table=table, rows=[{"task_no": "1", "title": title}], source="here")
        announce(table=table, rows=Row.objects.filter(current=True))
    pump.collect()
    uid = Row.objects.filter(current=True).get().uid
    assert raising.above(table.interface, {uid: 5}) == {uid}
    rows = Row.objects.filter(uid=uid).order_by("revision")
    assert list(rows.values_list("revision", "current")) == [(1, False), (6, True)]
    last = OutboxEntry.objects.order_by("pk").last()
    assert (last.revision, last.data["title"]) == (6, "two")


def test_a_record_that_is_ahead_of_its_announcement_stays_so(own):
    table = TableFactory(code="t_task")
    land(table=table, rows=[{"task_no": "1", "title": "one"}], source="here")
    announce(table=table, rows=Row.objects.all())
    Row.objects.update(revision=9)
    uid = Row.objects.get().uid
    raising.above(table.interface, {uid: 3})
    assert Row.objects.get().revision == 9


def test_an_own_record_in_another_form_than_it_was_offered_is_raised(city, shelf):
    """What was announced was changed behind our back: the other end lost it."""
    one = announced(receivers=[city.code])
    publish(INTERFACE, one)
    deliver()
    OutboxEntry.objects.filter(uid=one.uid).update(data=reading(value=8))
    peer = Peer.objects.get(code=city.code)
    found = comparing.Difference(UUID(str(one.uid)), Kind.MISSING, 1, 0)
    done = healing.heal(peer, INTERFACE, OWN, [found])
    assert done == {one.uid: "raised"}
    assert revisions(one.uid) == [1, 2]
