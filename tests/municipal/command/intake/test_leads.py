"""Leads of other channels: taken once, reviewed by a person."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from municipal.command.intake import services
from municipal.command.intake.enums import LeadState
from municipal.command.intake.models import Lead
from municipal.command.models import Case, CaseSource
from platform_core.common.errors import Conflict, DomainError
from platform_core.files import services as files
from tests.factories import command as factory
from tests.factories.accounts import UserFactory
from tests.factories.command import CLASS, LAT, LON, STEP

LEADS = "/api/v1/leads"
BODY = {
    "source": "14",
    "external_id": "ai-1",
    "text": "疑似暴露垃圾",
    "lon": LON + STEP / 2,
    "lat": LAT + STEP / 2,
    "class_kind": "matter",
    "class_code": CLASS,
}


@pytest.fixture
def city(db):
    return factory.district()


@pytest.fixture
def sender(city):
    account = UserFactory(roles=("interface",))
    client = APIClient()
    token = AuthToken.objects.create(account)[1]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    client.account = account
    return client


@pytest.mark.function("CC-13", at="intake_api:leads")
def test_a_lead_is_taken_once_however_often_it_is_sent(sender):
    first = sender.post(LEADS, BODY, format="json")
    second = sender.post(LEADS, BODY, format="json")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["uid"] == second.json()["uid"]
    assert Lead.objects.get().state == LeadState.NEW
    assert Case.objects.count() == 0


@pytest.mark.parametrize("source", sorted(f"{n:02}" for n in (*range(3, 19), 21, 22)))
def test_every_channel_can_send(sender, source):
    answer = sender.post(LEADS, {**BODY, "source": source}, format="json")
    assert (answer.status_code, answer.json()["source"]) == (201, source)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": "77"}, "source"),
        ({"text": ""}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"lon": "east"}, "lon"),
        ({"link": "javascript:1"}, "link"),
    ],
)
def test_a_wrong_lead_is_refused(sender, wrong, field):
    answer = sender.post(LEADS, {**BODY, **wrong}, format="json")
    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Lead.objects.exists()


@pytest.mark.function(
    "CC-13", at=["intake:leads", "intake:lead-register", "intake:lead-refuse"]
)
def test_a_person_makes_a_case_of_a_lead(client, sender, city):
    picture = factory.picture(sender.account)
    body = {**BODY, "attachments": [str(picture.uid)]}
    assert sender.post(LEADS, body, format="json").status_code == 201
    lead = Lead.objects.get()
    client.force_login(city.acceptor)
    assert BODY["text"] in client.get(reverse("intake:leads")).content.decode()
    assert client.get(lead.get_absolute_url()).status_code == 200
    url = reverse("intake:lead-register", args=[lead.uid])
    form = client.get(url).context["form"]
    assert form["problem"].value() == f"matter:{CLASS}"
    given = {
        name: form[name].value() or ""
        for name in ("source", "problem", "description", "lon", "lat")
    }
    assert client.post(url, given).status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.decided_by) == (LeadState.REGISTERED, city.acceptor)
    assert lead.case.source_id == "14"
    assert files.of(lead.case).count() == 1
    late = client.post(url, given)
    assert late.status_code in {409, 422}
    assert Case.objects.count() == 1


def test_a_lead_is_registered_on_a_page_with_the_map(client, city, sender):
    body = {**BODY, "link": "https://news.example/1", "reporter": "网友"}
    sender.post(LEADS, body, format="json")
    lead = Lead.objects.get()
    client.force_login(city.acceptor)
    page = client.get(lead.get_absolute_url()).content.decode()
    url = reverse("intake:lead-register", args=[lead.uid])
    assert f'href="{url}"' in page  # a dialog has neither the map nor the search
    assert '<a href="https://news.example/1"' in page
    assert "网友" in page
    services.refuse_lead(lead=lead, by=city.acceptor, reason="不属实")
    assert url not in client.get(lead.get_absolute_url()).content.decode()


def test_refusing_needs_a_reason_and_happens_once(city):
    source = CaseSource.objects.get(code="09")
    lead, _ = services.take_lead(source=source, external_id="1", text="x", by=None)
    with pytest.raises(DomainError):
        services.refuse_lead(lead=lead, by=city.acceptor, reason="  ")
    services.refuse_lead(lead=lead, by=city.acceptor, reason="不属实")
    with pytest.raises(Conflict, match=str(city.acceptor)):
        services.refuse_lead(lead=lead, by=city.duty_leader, reason="again")
    lead.refresh_from_db()
    assert (lead.state, lead.reason) == (LeadState.REFUSED, "不属实")


def test_who_does_not_review_may_not_register(client, city, sender):
    sender.post(LEADS, BODY, format="json")
    client.force_login(city.dept_handler)
    lead = Lead.objects.get()
    for name in ("lead", "lead-register", "lead-refuse"):
        url = reverse(f"intake:{name}", args=[lead.uid])
        assert client.get(url).status_code == 403


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("reference_again")
def test_the_same_lead_sent_at_once_is_one_lead():
    source = CaseSource.objects.get(code="09")

    def send(_: int) -> bool:
        try:
            return services.take_lead(
                source=source, external_id="same", text="x", by=None
            )[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(send, range(40)))
    assert sum(made) == 1
    assert Lead.objects.count() == 1
