"""Offered tables are contracts: seen, subscribed to, pulled and received."""

from uuid import uuid4

import pytest

from exchange.delivery.services import pump
from exchange.feeds.models import Subscription
from exchange.feeds.services import subscriptions
from exchange.interfaces import selectors
from exchange.interfaces.models import Row
from exchange.interfaces.services import announce, land, tables
from platform_core.audit.models import AuditEntry
from platform_core.common.clock import today
from platform_core.datasets.models import OutboxEntry
from tests.exchange.conftest import OWN
from tests.exchange.neighbour import record
from tests.factories.accounts import UserFactory
from tests.factories.interfaces import TableFactory

INTERFACE = "standard.t_task"


@pytest.fixture
def table(own):
    made = TableFactory(code="t_task")
    made.current.fields.filter(code="score").update(personal=True)
    return made


@pytest.fixture
def city(connect):
    return connect("M37020001")


def subscribed(client, one):
    wish = {
        "interface": INTERFACE,
        "version": 1,
        "mode": "pull",
        "divisions": [],
        "fields": None,
        "purpose": "figures",
    }
    answer = one.request(client, "POST", "subscriptions", wish)
    assert answer.status_code == 201, answer.content
    row = Subscription.objects.get(uid=answer.json()["id"])
    subscriptions.approve_as_owner(subscription=row, by=UserFactory())
    subscriptions.approve_as_manager(subscription=row, by=UserFactory())
    return row


def deliver(client, city, interface, records):
    group = city.group(interface, *records)
    body = {"batch": str(uuid4()), "receiver": OWN, "groups": [group]}
    answer = city.request(client, "POST", "deliveries", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def own_rows(table, *rows):
    batch = land(table=table, rows=rows, source="here")
    return announce(table=table, rows=batch.rows.all())


def test_offered_tables_stand_in_the_catalogue(client, table, city):
    listed = city.request(client, "GET", "interfaces").json()
    found = next(one for one in listed if one["code"] == INTERFACE)
    assert (found["direction"], found["state"]) == ("up", "published")
    schema = city.request(client, "GET", f"interfaces/{INTERFACE}/schema").json()
    assert schema["required"] == ["task_no", "title"]
    tables.withdraw(version=table.current, by=None, reason="x")
    codes = [one["code"] for one in city.request(client, "GET", "interfaces").json()]
    assert INTERFACE not in codes


@pytest.mark.function("DX-02", at="interfaces:table-list")
def test_a_subscriber_pulls_rows_without_personal_data(client, table, city):
    subscribed(client, city)
    unfit = own_rows(
        table, {"task_no": "R1", "title": "x", "score": 5}, {"task_no": "R2"}
    )
    assert [one.reason for one in unfit] != []
    assert len(unfit) == 1
    pump.collect()
    page = city.request(client, "GET", f"interfaces/{INTERFACE}/changes").json()
    records = [one for group in page["records"] for one in group["records"]]
    assert [one["data"] for one in records] == [{"task_no": "R1", "title": "x"}]
    assert Row.objects.get(key="R1").content["score"] == 5


def test_a_reported_table_goes_up_by_itself(table):
    tables.describe(table=table, by=None, reported=True)
    own_rows(table, {"task_no": "R1", "title": "x"})
    assert OutboxEntry.objects.get(interface=INTERFACE).to_parent
    tables.describe(table=table, by=None, reported=False)
    own_rows(table, {"task_no": "R1", "title": "y"})
    later = OutboxEntry.objects.filter(interface=INTERFACE).order_by("-pk").first()
    assert (later.to_parent, later.revision) == (False, 2)


def test_rows_of_a_local_table_stay_here(table):
    tables.describe(table=table, by=None, direction="local")
    table.refresh_from_db()
    own_rows(table, {"task_no": "R1", "title": "x"})
    assert not OutboxEntry.objects.filter(interface=INTERFACE).exists()


def test_records_of_others_land_under_their_own_revision(client, table, city):
    one = record(task_no="R1", title="x")
    answer = deliver(client, city, INTERFACE, [one])
    assert answer["results"][0]["applied"] == 1
    row = selectors.rows(table).get()
    assert (row.origin, row.revision, row.key) == ("M37020001", 1, "R1")
    assert (row.batch.kind, row.batch.count) == ("exchange", 1)
    newer = one | {"revision": 3, "data": {"task_no": "R1", "title": "y"}}
    deliver(client, city, INTERFACE, [newer])
    assert selectors.rows(table).get().content["title"] == "y"
    gone = one | {"revision": 4, "op": "withdraw"}
    deliver(client, city, INTERFACE, [gone])
    assert not selectors.rows(table).exists()
    assert Row.objects.filter(table=table).count() == 3


def test_what_does_not_fit_is_refused(client, table, city):
    one = record(title="without a number")
    answer = deliver(client, city, INTERFACE, [one])
    assert answer["results"][0]["rejected"][0]["field"] == "task_no"
    assert not Row.objects.exists()


@pytest.mark.function("DX-14", at="interfaces:deprecate")
def test_subscribers_hear_of_the_end(client, table, city):
    row = subscribed(client, city)
    tables.deprecate(
        version=table.current, by=None, ends_on=today(), reason="merged into another"
    )
    said = city.request(client, "GET", f"subscriptions/{row.uid}").json()
    assert said["reason"] == "merged into another"
    assert said["valid_to"].startswith(today().isoformat())
    assert AuditEntry.objects.filter(type="exchange.subscription_ending").exists()
