"""Flows, runs and rejected rows over HTTP."""

import pytest

from exchange.connectors.models import Reject, Run
from platform_core.accounts.models import User
from tests.factories.accounts import UserFactory

from .conftest import one

BASE = "/api/v1/connectors"


@pytest.fixture
def flow(folder, file_source, make_flow):
    (folder / "a.csv").write_text("编号,数量\nP1,3\nP2,三", encoding="utf-8")
    fields = [one("code", "编号"), one("count", "数量")]
    return make_flow(file_source, {"pattern": "*.csv"}, fields)


@pytest.fixture
def may(client, monkeypatch):
    """Sign in somebody whose role holds these permissions only."""
    held = {}
    monkeypatch.setattr(
        User, "role_permissions", property(lambda user: held.get(user.pk, set()))
    )

    def sign_in(*codes):
        user = UserFactory(roles=[])
        held[user.pk] = {f"connectors.{code}" for code in codes}
        client.force_login(user)
        return client

    return sign_in


def post(client, path, **data):
    return client.post(f"{BASE}/{path}", data, content_type="application/json")


@pytest.mark.function("DX-44", at="connector-flow-list")
def test_flow_is_found_and_run(flow, may, landed, django_capture_on_commit_callbacks):
    api = may("view_flow", "run_flow")
    found = api.get(f"{BASE}/flows", {"direction": "in"}).json()["results"]
    assert [(one["name"], one["table"]) for one in found] == [("管线", "test_pipe")]
    assert api.get(f"{BASE}/flows", {"direction": "out"}).json()["results"] == []
    told = api.get(f"{BASE}/flows/{flow.uid}").json()
    assert told["definition"]["pick"] == {"pattern": "*.csv"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(api, f"flows/{flow.uid}/run")
    assert answer.status_code == 202
    run = api.get(f"{BASE}/runs/{answer.json()['uid']}").json()
    assert (run["state"], run["landed"], run["rejected"]) == ("done", 1, 1)
    assert run["log"]
    assert set(landed()) == {"P1"}
    runs = api.get(f"{BASE}/runs", {"state": "done"}).json()["results"]
    assert [one["uid"] for one in runs] == [run["uid"]]


def test_reject_is_corrected_or_given_up(flow, run, may, landed):
    run(flow)
    run(flow)
    api = may("view_flow", "fix_reject")
    listed = api.get(f"{BASE}/rejects", {"state": "open"}).json()["results"]
    first, second = (one["id"] for one in listed)
    assert listed[0]["raw"] == {"编号": "P2", "数量": "三"}
    wrong = post(api, f"rejects/{first}/resend", changed={"数量": "四"})
    assert wrong.status_code == 400
    assert "count" in wrong.json()["fields"]
    done = post(api, f"rejects/{first}/resend", changed={"数量": "3"}).json()
    assert done["state"] == "fixed"
    assert landed()["P2"]["count"] == 3
    assert post(api, f"rejects/{second}/drop", reason="旧").json()["state"] == "dropped"
    assert post(api, f"rejects/{second}/drop", reason="旧").status_code == 409


def test_run_is_paused_and_goes_on(flow, may):
    open_one = Run.objects.create(flow=flow, version=flow.current, trigger="person")
    api = may("view_flow", "run_flow")
    assert post(api, f"flows/{flow.uid}/run").status_code == 409
    assert post(api, f"runs/{open_one.uid}/pause").json()["state"] == "paused"
    assert post(api, f"runs/{open_one.uid}/resume").json()["state"] == "waiting"


def test_nobody_else_may(flow, run, may, client):
    run(flow)
    reject, made = Reject.objects.get(), Run.objects.get()
    assert client.get(f"{BASE}/flows").status_code in (401, 403)
    stranger = may()
    for path in ("flows", "runs", "rejects", f"flows/{flow.uid}", f"runs/{made.uid}"):
        assert stranger.get(f"{BASE}/{path}").status_code == 403
    reader = may("view_flow")
    assert post(reader, f"flows/{flow.uid}/run").status_code == 403
    assert post(reader, f"runs/{made.uid}/resume").status_code == 403
    assert post(reader, f"rejects/{reject.pk}/resend").status_code == 403
    assert post(reader, f"rejects/{reject.pk}/drop", reason="x").status_code == 403


def test_they_stand_in_the_document(client, operator):
    client.force_login(operator)
    paths = client.get("/api/schema", {"format": "json"}).json()["paths"]
    assert {
        f"{BASE}/flows",
        f"{BASE}/flows/{{uid}}",
        f"{BASE}/flows/{{uid}}/run",
        f"{BASE}/runs",
        f"{BASE}/runs/{{uid}}",
        f"{BASE}/runs/{{uid}}/pause",
        f"{BASE}/runs/{{uid}}/resume",
        f"{BASE}/rejects",
        f"{BASE}/rejects/{{id}}",
        f"{BASE}/rejects/{{id}}/resend",
        f"{BASE}/rejects/{{id}}/drop",
    } <= set(paths)
