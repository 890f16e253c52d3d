"""There and back: records in a file, taken by the same door, answered by a receipt."""

import json

import pytest

from exchange.delivery.models import (
    Batch,
    BlobGrant,
    BlobTransfer,
    LedgerRow,
    Parcel,
    Peer,
    ProblemRecord,
    RejectedRecord,
)
from exchange.delivery.services import pump, sending
from exchange.packages.models import Package, Problem
from exchange.packages.services import intake, taking
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict, DomainError
from platform_core.datasets.registry import Dataset
from platform_core.datasets.services import publish
from platform_core.files import services as files
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.exchange.conftest import OWN, announced, reading
from tests.exchange.neighbour import record

from . import carrier

PDF = b"%PDF-1.7 a drawing\n%%EOF\n"


def order(one, **changes):
    made = announced(receivers=[one.code], **changes)
    publish("test.order", made)
    return made


def peer(one):
    return Peer.objects.get(code=one.code)


def counts(package):
    return package.applied, package.unchanged, package.rejected


def orders():
    return Parcel.objects.filter(group__interface="test.order")


def without_keys(one):
    """Only orders wait, not what is announced about platforms."""
    pump.collect()
    Parcel.objects.exclude(group__interface="test.order").delete()


@pytest.mark.function("DX-23", at=["packages:make", "packages:bring"])
def test_records_go_out_and_their_receipt_comes_back(city, shelf, make, bring):
    good, bad, late = order(city), order(city, value=3), order(city, value=4)
    without_keys(city)
    made, content = make(peer(city))
    assert (made.state, made.groups, made.records) == ("ready", 1, 3)
    manifest, parts = carrier.read(city, content)
    ((group,),) = carrier.groups(parts)
    city.check_seal(group)
    assert [one["uid"] for one in group["records"]] == [
        str(one.uid) for one in (good, bad, late)
    ]
    assert manifest["interfaces"] == [
        {"interface": "test.order", "version": 1, "groups": 1, "records": 3}
    ]
    assert orders().get().state == "queued"
    assert Batch.objects.get().state == "carried"

    refused = {"uid": str(bad.uid), "revision": 1, "code": "range", "field": "value"}
    result = {"applied": 2, "unchanged": 0, "rejected": [refused | {"message": "no"}]}
    back = carrier.receipt(city, content, [{"results": [result]}])
    brought = bring(carrier.packed(back))
    assert (brought.package.kind, brought.package.state) == ("receipt", "done")
    assert orders().get().state == "delivered"
    problem = ProblemRecord.objects.get()
    assert (problem.uid, problem.code, problem.state) == (bad.uid, "range", "open")
    made.refresh_from_db()
    assert (made.state, *counts(made)) == ("answered", 2, 0, 1)
    row = Problem.objects.get(package=made)
    assert (row.interface, row.origin, row.code) == ("test.order", OWN, "range")
    assert Batch.objects.get().state == "done"


@pytest.mark.function("DX-23", at="packages:take")
def test_records_come_in_are_tried_taken_and_answered(city, shelf, bring, take):
    good, bad = record(**reading()), record(**reading(unit="kg"))
    parts = carrier.package(city, OWN, [city.group("test.reading", good, bad)])
    brought = bring(carrier.packed(parts))
    package = brought.package
    assert (package.state, *counts(package)) == ("tried", 1, 0, 1)
    assert package.problems.get().code == "code_list"
    assert not LedgerRow.objects.exists()
    assert not RejectedRecord.objects.exists()

    take(package)
    assert (package.state, *counts(package)) == ("done", 1, 0, 1)
    assert LedgerRow.objects.get().uid.hex == good["uid"].replace("-", "")
    assert RejectedRecord.objects.get().code == "code_list"
    problem = package.problems.get()
    assert (problem.uid, problem.field) == (bad["uid"], "unit")

    receipt = package.receipts.get()
    assert (receipt.direction, receipt.kind, receipt.state) == (
        "out",
        "receipt",
        "ready",
    )
    manifest, answers = carrier.read(city, receipt.path.read_bytes())
    assert manifest["answers"] == json.loads(parts["manifest.json"])["package"]
    (answer,) = [json.loads(text) for text in answers.values()]
    (result,) = answer["results"]
    assert (result["applied"], result["unchanged"]) == (1, 0)
    (refused,) = result["rejected"]
    assert (refused["uid"], refused["code"]) == (bad["uid"], "code_list")


def test_the_answer_is_the_one_that_the_line_would_give(
    client, city, connect, shelf, bring, take
):
    """The same groups by HTTP from one city, in a package from another."""
    other = connect("M37080001")
    data = (reading(), reading(unit="kg"), reading(note="poison"), {"value": 1})
    answers = []
    for one in (city, other):
        division = {"division": one.code[1:7]}
        records = [record(**(each | division)) for each in data[:3]]
        group = one.group("test.reading", *records, record(**data[3]))
        strange = one.group("test.nothing", record(**reading()))
        if one is city:
            answers.append(one.deliver(client, OWN, group, strange)["results"])
        else:
            parts = carrier.package(one, OWN, [group, strange])
            package = take(bring(carrier.packed(parts)).package)
            answers.append(package.parts.get().answer["results"])
    plain = [
        [
            (
                result["applied"],
                result.get("code"),
                [(row["code"], row["field"]) for row in result["rejected"]],
            )
            for result in results
        ]
        for results in answers
    ]
    assert plain[0] == plain[1]
    assert plain[0][1][1] == "unknown_interface"


def test_the_same_package_twice_changes_nothing(city, shelf, bring, take):
    group = city.group("test.reading", record(**reading()))
    content = carrier.packed(carrier.package(city, OWN, [group]))
    first = bring(content)
    assert not first.known
    again = bring(content)
    assert again.known
    assert again.package == first.package
    take(again.package)
    calls = len(shelf.calls)
    third = bring(content)
    assert third.known
    assert third.package.state == "done"
    with pytest.raises(Conflict, match="already|已经"):
        take(third.package)
    assert len(shelf.calls) == calls
    assert Package.objects.filter(direction="in").count() == 1
    assert AuditEntry.objects.filter(type="package.brought_again").count() == 2


def test_records_in_a_second_package_are_unchanged(city, shelf, bring, take):
    group = city.group("test.reading", record(**reading()))
    for expected in ((1, 0, 0), (0, 1, 0)):
        parts = carrier.package(city, OWN, [group])
        package = bring(carrier.packed(parts)).package
        assert counts(package) == expected
        assert counts(take(package)) == expected
    assert len(LedgerRow.objects.all()) == 1


def test_a_receipt_twice_changes_nothing(city, shelf, make, bring):
    order(city)
    without_keys(city)
    made, content = make(peer(city))
    result = {"applied": 1, "unchanged": 0, "rejected": []}
    answers = [{"results": [result]}]
    first = carrier.packed(carrier.receipt(city, content, answers))
    bring(first)
    finished = orders().get().finished_at
    assert bring(first).known
    # Another receipt for the same package, with another answer.
    other = [{"results": [{"applied": 0, "unchanged": 0, "rejected": []}]}]
    bring(carrier.packed(carrier.receipt(city, content, other)))
    made.refresh_from_db()
    assert counts(made) == (1, 0, 0)
    assert orders().get().finished_at == finished


def test_what_the_line_brought_meanwhile_stays(city, shelf, make, bring):
    one = order(city)
    without_keys(city)
    _made, content = make(peer(city))
    sending.send_to_peer(peer(city).pk)
    assert orders().get().state == "delivered"
    refused = {"uid": str(one.uid), "revision": 1, "code": "range", "message": "no"}
    result = {"applied": 0, "unchanged": 0, "rejected": [refused]}
    bring(carrier.packed(carrier.receipt(city, content, [{"results": [result]}])))
    assert orders().get().rejected == 0
    assert not ProblemRecord.objects.exists()


def test_a_reference_on_its_way_is_queued_again(city, shelf, make, bring):
    one = order(city)
    without_keys(city)
    _made, content = make(peer(city))
    waits = {"uid": str(one.uid), "revision": 1, "code": "reference_missing"}
    result = {"applied": 0, "unchanged": 0, "rejected": [waits | {"message": "x"}]}
    bring(carrier.packed(carrier.receipt(city, content, [{"results": [result]}])))
    parcel = orders().get()
    assert (parcel.state, parcel.retries, parcel.batch) == ("queued", 1, None)
    second, again = make(peer(city))
    assert second.records == 1
    assert carrier.read(city, again)


def test_a_delivery_that_was_refused_whole_is_set_aside(city, shelf, make, bring):
    one = order(city)
    without_keys(city)
    made, content = make(peer(city))
    error = {"code": "format", "message": "not readable", "fields": {}}
    bring(carrier.packed(carrier.receipt(city, content, [{"error": error}])))
    assert orders().get().state == "set_aside"
    assert ProblemRecord.objects.get().uid == one.uid
    made.refresh_from_db()
    assert counts(made) == (0, 0, 1)


def test_a_receipt_for_what_was_never_made_here(city, connect, shelf, make, bring):
    order(city)
    without_keys(city)
    _made, content = make(peer(city))
    other = connect("M37080001")
    result = {"applied": 1, "unchanged": 0, "rejected": []}
    parts = carrier.receipt(other, content, [{"results": [result]}])
    with pytest.raises(DomainError) as caught:
        bring(carrier.packed(parts))
    assert caught.value.code == "reference_missing"
    assert orders().get().state == "queued"


@pytest.fixture
def loose(shelf, monkeypatch):
    """The test contracts let files through."""
    plain = Dataset.data

    def data(dataset, obj):
        if not dataset.code.startswith("test."):
            return plain(dataset, obj)
        return reading(division="370000") | {"files": obj.files}

    monkeypatch.setattr(Dataset, "problem", lambda dataset, data: None)
    monkeypatch.setattr(Dataset, "data", data)
    return shelf


def named(content):
    facts = {"name": "a.pdf", "media_type": "application/pdf"}
    return facts | {"size": len(content), "sha256": carrier.sha256(content)}


def test_attachments_come_along_and_no_others(city, loose, bring, take):
    stray = b"%PDF-1.7 of nobody"
    group = city.group("test.reading", record(**reading(), files=[named(PDF)]))
    parts = carrier.package(city, OWN, [group], files=[PDF, stray])
    package = take(bring(carrier.packed(parts)).package)
    assert (package.state, package.files) == ("done", 2)
    assert files.content(carrier.sha256(PDF)) == PDF
    assert BlobTransfer.objects.get().state == "done"
    assert files.held([carrier.sha256(stray)]) == set()


def test_attachments_go_along_as_far_as_they_are_here(city, loose, make):
    files.keep(PDF)
    later = announced(receivers=[city.code], files=[named(PDF), named(PDF + b"2")])
    publish("test.order", later)
    without_keys(city)
    made, content = make(peer(city))
    _manifest, parts = carrier.read(city, content)
    assert parts[f"blobs/{carrier.sha256(PDF)}"] == PDF
    assert (made.files, made.missing) == (1, 1)
    assert BlobGrant.objects.filter(peer__code=city.code).count() == 2
    bare, content = make(peer(city), files=False)
    assert bare.files == 0
    assert not [name for name in carrier.unpacked(content) if "blobs" in name]


def test_a_job_that_died_goes_on(city, shelf, bring, take, monkeypatch, operator):
    """The second delivery breaks the worker; what the first brought stays."""
    first = city.group("test.reading", record(**reading()))
    second = city.group("test.reading", record(**reading(value=2)))
    parts = carrier.package(city, OWN, [first], [second])
    package = bring(carrier.packed(parts)).package
    real, broken = intake.receiving.receive, []

    def breaks(peer, payload, **facts):
        if payload["groups"][0]["records"][0]["data"]["value"] == 2 and not broken:
            broken.append(True)
            raise RuntimeError("power cut")
        return real(peer, payload, **facts)

    monkeypatch.setattr(intake.receiving, "receive", breaks)
    take(package)
    assert (package.state, package.code) == ("failed", "internal")
    assert len(LedgerRow.objects.all()) == 1
    taking.again(package=package, by=operator)
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    package.refresh_from_db()
    assert (package.state, *counts(package)) == ("done", 2, 0, 0)
    assert len(shelf.rows) == 2
