"""Pairs between the thresholds: decided by people, remembered by runs."""

import pytest

from exchange.aggregation.fusion.models import Master, Pair
from exchange.aggregation.fusion.services import deciding
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict
from tests.factories.accounts import UserFactory

from .conftest import listed, mapped
from .test_running import GCJ

pytestmark = pytest.mark.function("DA-03", at=("fusion:pair-list", "fusion:pair"))


@pytest.fixture
def unsure(landed, run, known):
    """One pair at the same place with names that are somewhat alike."""
    landed(
        listed("A1", "中山路公厕", phone="0532-7"), mapped("B1", "中山公园洗手间", GCJ)
    )
    run()
    return Pair.objects.get()


def test_a_pair_says_how_its_score_comes_about(unsure):
    name, near = unsure.parts
    assert (name["rule"], near["rule"]) == ("name", "near")
    assert near["alike"] == pytest.approx(1, abs=0.001)
    assert unsure.score == pytest.approx((2 * name["alike"] + 3 * near["alike"]) / 5)
    assert name["gave"] + near["gave"] == pytest.approx(unsure.score, abs=0.001)
    assert 0.65 <= unsure.score < 0.85
    assert unsure.facts["left"]["values"].get("phone", "***") == "***"
    assert "0532-7" not in str(unsure.facts)


def test_what_was_accepted_stays_together(unsure, run, steward):
    assert Master.objects.current().count() == 2
    deciding.accept(pair=unsure, by=steward, note="现场看过")
    done = run()
    assert (done.merged, done.unsure) == (1, 0)
    (one,) = Master.objects.current()
    link = one.members.first().link
    assert link["decided"] is True
    assert run().changed == 0
    entry = AuditEntry.objects.get(type="fusion.pair_decided")
    assert entry.data["note"] == "现场看过"
    assert entry.actor_id == steward.pk

    deciding.reopen(pair=Pair.objects.get(), by=steward, note="看错了")
    done = run()
    assert Master.objects.current().count() == 2
    assert (done.unsure, Pair.objects.get().state) == (1, "open")


def test_what_was_rejected_stays_apart(landed, run, known, steward, current):
    landed(listed("A1"), mapped("B1", "中山公园洗手间", GCJ))
    run()
    deciding.reject(pair=Pair.objects.get(), by=steward)
    # Even when the rows become quite alike.
    landed(mapped("B1", "中山路公厕", GCJ))
    done = run()
    assert (done.masters, done.unsure) == (2, 0)
    assert Pair.objects.get().state == "different"


def test_two_people_do_not_decide_one_pair(unsure, steward):
    deciding.accept(pair=unsure, by=steward)
    with pytest.raises(Conflict):
        deciding.reject(pair=unsure, by=steward)


def test_pairs_that_are_no_longer_found_are_gone(unsure, landed, run):
    landed(mapped("B1", "极地馆", (120.5, 36.3)))
    run()
    assert Pair.objects.get().state == "gone"
    landed(mapped("B1", "中山公园洗手间", GCJ))
    run()
    assert Pair.objects.get().state == "open"


def test_a_source_has_a_thing_only_once(landed, run, known, current):
    landed(listed("A1"), mapped("B1", at=GCJ), mapped("B2", at=GCJ))
    done = run()
    # One of the map's rows is joined, the other one is a question for people.
    assert done.masters == 2
    pair = Pair.objects.get()
    assert pair.conflict
    assert pair.score > 0.85


def test_reviewers_work_on_pages(client, unsure, run, steward):
    client.force_login(steward)
    url = "/exchange/fusion/pairs/"
    assert "中山公园洗手间" in client.get(url).content.decode()
    page = client.get(unsure.get_absolute_url()).content.decode()
    assert "环卫台账" in page
    assert "便民地图" in page
    assert "0532-7" not in page
    assert f"{unsure.score:.3f}" in page
    given = {"bulk": "reject", "selected": [unsure.pk], "confirmed": "1"}
    client.post(url, given)
    unsure.refresh_from_db()
    assert (unsure.state, unsure.by) == ("different", steward)
    assert "中山公园洗手间" not in client.get(url).content.decode()
    assert "中山公园洗手间" in client.get(f"{url}?state=different").content.decode()
    client.post(f"{unsure.get_absolute_url()}reopen/", {"note": "再看"})
    client.post(f"{unsure.get_absolute_url()}accept/", {"note": ""})
    unsure.refresh_from_db()
    assert unsure.state == "same"


def test_decisions_come_over_http(client, unsure, steward):
    client.force_login(steward)
    url = f"/api/v1/fusion/pairs/{unsure.uid}/decision"
    wrong = client.post(url, {"decision": "perhaps"}, "application/json")
    assert wrong.status_code == 400
    answer = client.post(
        url, {"decision": "same", "note": "同一处"}, "application/json"
    )
    assert answer.json()["state"] == "same"
    again = client.post(url, {"decision": "same"}, "application/json")
    assert again.status_code == 409
    listed_ = client.get("/api/v1/fusion/pairs?state=same").json()
    assert len(listed_["results"]) == 1


def test_others_may_not(client, unsure):
    client.force_login(UserFactory(roles=["data_sender"]))
    assert client.get("/exchange/fusion/pairs/").status_code == 403
    assert client.post(f"{unsure.get_absolute_url()}accept/").status_code == 403
    url = f"/api/v1/fusion/pairs/{unsure.uid}/decision"
    answer = client.post(url, {"decision": "same"}, "application/json")
    assert answer.status_code == 403
