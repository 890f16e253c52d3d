"""The foreign platform asks the province for data, and two people agree."""

from collections.abc import Iterator

import pytest

from tests.journeys.desk import eventually

from .client import Client
from .conftest import FIGURES, PROVINCE, figure
from .digests import Shelf

pytestmark = pytest.mark.journey
TASKS = "supervision.task"


@pytest.fixture
def subscribe(weihai, offices) -> Iterator:
    """Apply, let both approve on their pages; cancelled when the test is over."""
    made: list[str] = []

    def agreed(interface: str, mode: str) -> str:
        found = weihai.subscribe(interface, mode)
        assert found["state"] == "applied"
        made.append(found["id"])
        page = f"/exchange/feeds/{found['id']}"
        offices("leader").submit(f"{page}/own-data/")
        state = weihai.call("GET", f"subscriptions/{found['id']}")["state"]
        assert state == "owner_approved"
        offices("admin").submit(f"{page}/approve/")
        state = weihai.call("GET", f"subscriptions/{found['id']}")["state"]
        assert state == "active"
        return found["id"]

    yield agreed
    for uid in made:
        said = weihai.call("DELETE", f"subscriptions/{uid}")
        assert said["state"] == "cancelled"


def feed(client: Client, limit: int) -> list[dict]:
    return list(client.pages(TASKS, limit))


def test_a_feed_is_read_to_its_end(weihai, subscribe):
    path = f"interfaces/{TASKS}/changes"
    assert weihai.refused("GET", path) == (403, "not_subscribed")
    subscribe(TASKS, "pull")
    pages = feed(weihai, 3)
    assert len(pages) > 2
    results = [one for page in pages for one in page["results"]]
    # Every seal was checked, and every record against its schema.
    assert not any(one["rejected"] or "code" in one for one in results)
    groups = [group for page in pages for group in page["records"]]
    assert {group["origin"] for group in groups} == {PROVINCE}
    assert all(len(group["records"]) <= 3 for group in groups)
    shelf: Shelf = weihai.node.shelf("held", TASKS, PROVINCE)
    uids = [one["uid"] for group in groups for one in group["records"]]
    assert set(uids) <= set(shelf.records)
    again = [one for page in feed(weihai, 500) for one in page["results"]]
    assert sum(one["applied"] for one in again) == 0
    assert sum(one["unchanged"] for one in again) == len(uids)
    cursor = pages[0]["next_cursor"]
    later = weihai.call("GET", f"{path}?cursor={cursor}&limit=1000")
    rest = [one["uid"] for group in later["records"] for one in group["records"]]
    assert rest == uids[3:]


def test_the_terms_stay_while_a_subscription_lives(weihai, subscribe):
    uid = subscribe(TASKS, "pull")
    assert weihai.subscribe(TASKS, "pull")["id"] == uid
    other = {"interface": TASKS, "version": 1, "mode": "push", "purpose": "more"}
    assert weihai.refused("POST", "subscriptions", other) == (409, "busy")
    strange = weihai.refused("GET", f"interfaces/{TASKS}/changes?cursor=x!")
    assert strange == (400, "format")


def test_what_a_sister_reports_is_sent_on_with_her_seal(weihai, rizhao, subscribe):
    subscribe(FIGURES, "push")
    eventually(lambda: rizhao.node.keyid() in weihai.node.known)
    one = figure("371103", 12, data={"period": "2025-09"})
    rizhao.publish(FIGURES, one)
    shelf = weihai.node.shelf("held", FIGURES, rizhao.node.code)
    eventually(lambda: one["uid"] in shelf.records)
    group = shelf.groups[one["uid"]]
    assert group["route"] == [rizhao.node.code, PROVINCE]
    assert group["seal"]["keyid"] == rizhao.node.keyid()
    assert shelf.records[one["uid"]] == one
