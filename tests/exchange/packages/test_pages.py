"""The operator's way through the pages, and who may go it."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exchange.delivery.models import Batch, LedgerRow, Parcel, Peer
from exchange.delivery.services import policies, pump
from exchange.packages.models import Package
from exchange.packages.services import keeping
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.datasets.services import publish
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record
from tests.factories.accounts import UserFactory

from . import carrier


@pytest.fixture
def page(client, operator):
    client.force_login(operator)
    return client


def url(name, /, *args, **query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"packages:{name}", args=args) + (f"?{text}" if text else "")


@pytest.fixture
def waiting(city, shelf):
    """Two orders wait for the city, and nothing else."""
    for value in (1, 2):
        publish("test.order", announced(receivers=[city.code], value=value))
    pump.collect()
    Parcel.objects.exclude(group__interface="test.order").delete()
    return Peer.objects.get(code=city.code)


def upload(parts, name="package.zip"):
    content = carrier.packed(parts)
    return SimpleUploadedFile(name, content, content_type="application/zip")


def parts(city, *records):
    return carrier.package(city, OWN, [city.group("test.reading", *records)])


def text(answer):
    return answer.content.decode()


@pytest.mark.function("DX-23", at=["packages:package-list", "packages:file"])
def test_a_package_is_made_after_a_preview(page, waiting, background):
    form = {"peer": waiting.pk, "span": "waiting", "attachments": "on"}
    first = page.post(url("make"), form)
    assert first.status_code == 200
    assert 'name="confirmed"' in text(first)
    assert not Package.objects.exists()
    with background():
        answer = page.post(url("make"), form | {"confirmed": "1"})
    package = Package.objects.get()
    assert answer["Location"] == package.get_absolute_url()
    shown = text(page.get(answer["Location"]))
    assert package.sha256 in shown
    assert "test.order" in shown
    file = page.get(url("file", package.uid))
    content = b"".join(file.streaming_content)
    assert carrier.sha256(content) == package.sha256
    assert package.name in file["Content-Disposition"]
    entry = AuditEntry.objects.get(type="package.downloaded")
    assert entry.data["sha256"] == package.sha256


def test_nothing_to_carry_makes_no_package(page, waiting):
    form = {"peer": waiting.pk, "span": "waiting", "interfaces": ["exchange.node"]}
    shown = page.post(url("make"), form)
    assert 'name="confirmed"' not in text(shown)
    refused = page.post(url("make"), form | {"confirmed": "1"})
    assert refused.status_code == 422
    assert not Package.objects.exists()


def test_what_goes_in_by_time_and_by_batch(page, waiting, background):
    wrong = page.post(url("make"), {"peer": waiting.pk, "span": "period"})
    assert wrong.status_code == 422
    now = clock.now()
    span = {"start": now - timedelta(hours=2), "end": now - timedelta(hours=1)}
    given = {name: f"{at:%Y-%m-%d %H:%M:%S}" for name, at in span.items()}
    form = {"peer": waiting.pk, "span": "period"}
    assert 'name="confirmed"' not in text(page.post(url("make"), form | given))
    batch = Batch.objects.create(peer=waiting, state="done")
    Parcel.objects.filter(peer=waiting).update(batch=batch, state="delivered")
    form = {"peer": waiting.pk, "span": "batch", "batch": batch.uid}
    assert 'name="confirmed"' in text(page.post(url("make"), form))
    strange = form | {"batch": "00000000-0000-0000-0000-000000000000"}
    assert page.post(url("make"), strange).status_code == 422
    with background():
        page.post(url("make"), form | {"confirmed": "1"})
    assert Package.objects.get().records == 2


def test_the_rules_of_the_connection_hold(page, waiting, operator):
    policies.change(peer=waiting, by=operator, interfaces=["test.other"])
    shown = page.post(url("make"), {"peer": waiting.pk, "span": "waiting"})
    assert 'name="confirmed"' not in text(shown)


def test_a_package_is_brought_tried_and_taken(page, city, shelf, background):
    good, bad = record(**reading()), record(**reading(unit="kg"))
    with background():
        answer = page.post(url("bring"), {"file": upload(parts(city, good, bad))})
    package = Package.objects.get()
    assert answer["Location"] == package.get_absolute_url()
    shown = text(page.get(answer["Location"]))
    assert "code_list" in shown
    assert bad["uid"] in shown
    assert not LedgerRow.objects.exists()
    with background():
        assert page.post(url("take", package.uid)).status_code == 302
    assert set(shelf.rows) == {good["uid"]}
    receipt = package.receipts.get()
    assert receipt.get_absolute_url() in text(page.get(package.get_absolute_url()))
    assert b"".join(page.get(url("file", receipt.uid)).streaming_content)
    assert page.get(url("file", package.uid)).status_code == 403


def test_why_a_file_was_refused_stands_beside_the_field(page, city, shelf):
    other = parts(city, record(**reading()))
    other["deliveries/00001.jsonl"] += b"\n"
    answer = page.post(url("bring"), {"file": upload(other)})
    assert answer.status_code == 422
    assert "deliveries/00001.jsonl" in text(answer)
    assert not Package.objects.exists()


def test_bringing_it_again_says_so(page, city, shelf, background):
    content = parts(city, record(**reading()))
    with background():
        page.post(url("bring"), {"file": upload(content)})
    answer = page.post(url("bring"), {"file": upload(content)}, follow=True)
    assert "以前已导入" in text(answer)
    assert Package.objects.count() == 1


def test_lists_search_filter_and_export(page, city, waiting, shelf, bring, make):
    made, _content = make(waiting)
    bad = record(**reading(unit="kg"))
    brought = bring(carrier.packed(parts(city, bad))).package
    shown = text(page.get(url("package-list")))
    assert str(made.number) in shown
    assert str(brought.number) in shown
    for query in ({"direction": "in"}, {"state": "tried"}, {"q": brought.number}):
        shown = text(page.get(url("package-list", **query)))
        assert str(brought.number) in shown
        assert str(made.number) not in shown
    shown = text(page.get(url("package-list", peer="M37020001", kind="receipt")))
    assert str(made.number) not in shown
    answer = page.get(url("package-list", export="csv"))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 3
    shown = text(page.get(url("problem-list", package=brought.uid)))
    assert bad["uid"] in shown
    assert bad["uid"] not in text(page.get(url("problem-list", package=made.uid)))
    answer = page.get(url("problem-list", export="csv", code="code_list"))
    assert bad["uid"] in b"".join(answer.streaming_content).decode()
    assert AuditEntry.objects.filter(type="package.problems_exported").exists()


def test_the_list_costs_the_same_for_any_number(
    page, waiting, make, django_assert_max_num_queries
):
    for _ in range(3):
        make(waiting)
    page.get(url("package-list"))
    with django_assert_max_num_queries(14):
        page.get(url("package-list"))


def test_a_lost_package_is_given_up_and_its_records_wait(page, waiting, make):
    made, _content = make(waiting)
    assert page.post(url("discard", made.uid)).status_code == 302
    made.refresh_from_db()
    assert made.state == "discarded"
    assert not made.path.exists()
    assert page.get(url("file", made.uid)).status_code == 403
    assert Batch.objects.get().state == "dissolved"
    assert set(Parcel.objects.values_list("state", "batch")) == {("queued", None)}
    again, _content = make(waiting)
    assert again.records == 2


def test_what_was_given_up_may_be_brought_once_more(page, city, shelf, bring, take):
    content = carrier.packed(parts(city, record(**reading())))
    package = bring(content).package
    page.post(url("discard", package.uid))
    brought = bring(content)
    assert brought.known
    assert brought.package.state == "tried"
    assert take(brought.package).applied == 1


def test_files_are_kept_for_a_while_only(page, waiting, make):
    made, _content = make(waiting)
    assert keeping.clean() == 0
    with clock.at(clock.now() + timedelta(days=91)):
        assert keeping.clean() == 1
    made.refresh_from_db()
    assert not made.path.exists()
    assert page.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["package-list", "problem-list", "make", "bring"])
def test_pages_need_their_permission(client, own, name):
    """An administrator has it by the role."""
    assert client.get(url(name)).status_code == 302
    client.force_login(UserFactory())
    assert client.get(url(name)).status_code == 403
    client.force_login(UserFactory(roles=["sys_admin"]))
    assert client.get(url(name)).status_code == 200


def test_who_only_looks_on_changes_nothing(client, waiting, make, allowed):
    made, _content = make(waiting)
    client.force_login(allowed("view_package"))
    assert client.get(made.get_absolute_url()).status_code == 200
    for name in ("discard", "again", "take"):
        assert client.post(url(name, made.uid)).status_code == 403
    assert client.get(url("file", made.uid)).status_code == 403
    client.force_login(allowed("view_package", "make_package"))
    assert b"".join(client.get(url("file", made.uid)).streaming_content)
