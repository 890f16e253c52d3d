"""Limits of stages and warnings of a process, changed by a form."""

import pytest
from django.urls import reverse

from platform_core.audit.models import AuditEntry
from platform_core.processes import selectors, services
from platform_core.processes.models import ProcessDefinition
from tests.factories.accounts import UserFactory

CODE = "command.case"


@pytest.fixture
def admin(db, client):
    user = UserFactory(roles=["sys_admin"])
    client.force_login(user)
    return user


@pytest.fixture
def draft(admin):
    return services.create_draft(code=CODE, by=admin)


def values(client, url):
    """What the form holds when it is opened."""
    form = client.get(url).context["form"]
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value is not None}


def test_an_administrator_changes_limits_and_warnings(client, admin, draft):
    url = reverse("maintenance:process-limits", args=[draft.pk])
    given = values(client, url)
    last = 1 + max(int(name[6:]) for name in given if name.startswith("clock-"))
    given |= {
        "value-accept": "20",
        "unit-accept": "work_hour",
        f"clock-{last}": "accept",
        f"percent-{last}": "150",
        f"role-{last}": "bureau_leader",
        f"level-{last}": "urgent",
        "clock-0": "",
    }
    assert client.post(url, given).status_code == 302
    before = len(selectors.definition(CODE).escalations)
    draft.refresh_from_db()
    services.publish_draft(draft=draft, by=admin)
    found = selectors.definition(CODE)
    limit = found.clocks["accept"]
    assert (limit.value, limit.unit) == (20, "work_hour")
    assert "handling" not in found.clocks
    assert len(found.escalations) == before
    item = found.escalations[-1]
    assert (item.clock, item.share, item.role) == ("accept", 1.5, "bureau_leader")
    assert AuditEntry.objects.filter(type="definition.edited").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"value-accept": "-1"},
        {"unit-accept": "fortnight"},
        {"percent-0": ""},
        {"role-0": ""},
        {"percent-0": "0"},
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    client, admin, draft, wrong
):
    url = reverse("maintenance:process-limits", args=[draft.pk])
    answer = client.post(url, values(client, url) | wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == set(wrong)
    body = draft.body
    draft.refresh_from_db()
    assert draft.body == body


def test_a_version_in_force_and_a_broken_draft_are_not_changed(client, admin, draft):
    present = ProcessDefinition.objects.get(code=CODE, status="published")
    url = reverse("maintenance:process-limits", args=[present.pk])
    assert client.post(url, values(client, url)).status_code == 409
    services.save_draft(draft=draft, body={"states": []}, title="x", by=admin)
    broken = reverse("maintenance:process-limits", args=[draft.pk])
    assert client.get(broken).status_code == 400
    client.force_login(UserFactory(roles=["dispatcher"]))
    assert client.get(url).status_code == 403
