"""What the foreign platform reports, and what the province says to it."""

import random
from uuid import uuid4

import pytest

from tests.journeys.desk import eventually, rows

from .conftest import FIGURES, PROVINCE, STATUS, arrived, feedback, figure, local, title

pytestmark = pytest.mark.journey
DIVISION = "371002"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BROUGHT = "select state, received from delivery_blobtransfer where sha256 = ?"


def dated(period, value=1, **more):
    return figure(DIVISION, value, data={"period": period}, **more)


def test_duplicates_and_any_order_end_the_same(weihai, read):
    first = dated("2025-01")
    revisions = [
        dated("2025-01", value=number, uid=first["uid"], revision=number)
        for number in range(1, 6)
    ]
    shuffled = [*revisions, *revisions[:3]]
    random.Random(7).shuffle(shuffled)
    counts = [weihai.publish(FIGURES, one) for one in shuffled]
    again = weihai.publish(FIGURES, *revisions)
    assert (again["applied"], again["unchanged"]) == (0, 5)
    assert sum(one["applied"] + one["unchanged"] for one in counts) == 8
    assert read(PROVINCE, first) == (5, 5)


def test_the_same_batch_gets_the_same_answer(weihai, read):
    one, batch = dated("2025-02", 3), str(uuid4())
    group = weihai.node.group(FIGURES, one)
    answers = [weihai.deliver(group, batch=batch, packed=True) for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0][0]["applied"] == 1
    weihai.node.shelf("offered", FIGURES, weihai.node.code).put(one)
    assert read(PROVINCE, one) == (3, 1)


def test_a_bad_record_is_named_and_the_rest_goes_on(weihai, read, offices):
    good = [dated("2025-03"), dated("2025-04")]
    bad = dated("2025-05")
    bad["data"]["indicator"] = "no.such"
    shapeless = dated("2025-06")
    del shapeless["data"]["unit"]
    strange = dated("2025-07")
    strange["data"]["division"] = "370202"
    result = weihai.publish(FIGURES, good[0], bad, shapeless, strange, good[1])
    assert result["applied"] == 2
    named = {one["uid"]: (one["code"], one["field"]) for one in result["rejected"]}
    assert named == {
        bad["uid"]: ("code_list", "indicator"),
        shapeless["uid"]: ("required", "unit"),
        strange["uid"]: ("out_of_scope", "division"),
    }
    admin = offices("admin")
    page = admin.page(f"/exchange/status/rejected/?q={bad['uid']}")
    assert "no.such" in page
    better = dated("2025-05", 8, uid=bad["uid"], revision=2)
    assert weihai.publish(FIGURES, better)["applied"] == 1
    assert read(PROVINCE, better) == (8, 2)


def test_a_withdrawn_figure_counts_no_longer(weihai, read):
    one = dated("2025-08", 6)
    weihai.publish(FIGURES, one)
    gone = one | {"op": "withdraw", "revision": 2}
    assert weihai.publish(FIGURES, gone)["applied"] == 1
    assert read(PROVINCE, one) is None


def test_a_task_is_answered_with_a_file(weihai, issue, desk, database):
    node, clerk = weihai.node, desk(PROVINCE, "clerk")
    upload = clerk.upload("plan.pdf", PDF)
    task = arrived(weihai, issue(node.code, title(), attachments=[upload]))
    assert task["data"]["receiver"] == node.code
    (file,) = task["data"]["attachments"]
    assert weihai.fetch(file["sha256"], file["size"]) == PDF

    def state():
        found = rows(clerk.get("assignments", q=task["data"]["title"]))
        return {row["uid"]: row["state"] for row in found}[task["uid"]]

    assert state() == "issued"
    assert weihai.publish("supervision.feedback", feedback(task, "received"))["applied"]
    assert state() == "received"
    answer = PDF + b"\n% " + node.code.encode()
    sha256 = node.keep(answer)
    done = feedback(task, "submitted", content="完成", result="全部整改", percent=100)
    about = {"name": "result.pdf", "media_type": "application/pdf"}
    done["data"]["attachments"] = [about | {"size": len(answer), "sha256": sha256}]
    assert weihai.publish("supervision.feedback", done)["applied"]
    assert state() == "submitted"
    whole = [("done", len(answer))]
    eventually(lambda: database(PROVINCE, BROUGHT, sha256) == whole)


def test_only_the_receiver_may_report_on_a_task(weihai, rizhao, issue):
    task = arrived(rizhao, issue(rizhao.node.code, title()))
    stranger = feedback(task, "received")
    (rejected,) = weihai.publish("supervision.feedback", stranger)["rejected"]
    assert (rejected["code"], rejected["uid"]) == ("not_origin", stranger["uid"])
    own = rizhao.publish("supervision.feedback", feedback(task, "received"))
    assert own["applied"] == 1


def test_a_record_of_ours_that_is_refused_there_is_a_problem_here(
    weihai, issue, offices
):
    name = title()
    weihai.node.objects = lambda record: (
        "开春前不收" if record["data"].get("title") == name else ""
    )
    issue(weihai.node.code, name)
    admin = offices("admin")
    path = "/exchange/status/problems/?state=open"
    assert eventually(lambda: "开春前不收" in admin.page(path))
    weihai.node.objects = None
    span = {"start": f"{local(-5):%Y-%m-%dT%H:%M}", "end": f"{local(5):%Y-%m-%dT%H:%M}"}
    admin.submit(f"{STATUS}{weihai.node.code}/resend/", **span)
    arrived(weihai, name)
    assert eventually(lambda: "开春前不收" not in admin.page(path))
