"""Surveys: planned, shared out, walked, and what comes of them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.models import Campaign, CampaignFinding, Proposal
from municipal.command.basedata.surveys import selectors, services
from municipal.command.models import Case, Component
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from tests.factories.command import LAT, LON, STEP

from .conftest import CLASS


def planned(keeper, inspectors, **given):
    values = {
        "name": "井盖普查",
        "kind": "census",
        "division_code": "370202",
        "class_codes": [CLASS],
        "starts_on": clock.today(),
        "ends_on": clock.today() + timedelta(days=30),
        "inspectors": inspectors,
        "by": keeper,
    }
    return services.plan(**{**values, **given})


@pytest.fixture
def survey(keeper, inspector):
    return services.begin(planned(keeper, [inspector]), by=keeper)


@pytest.mark.function("CC-05", at="basedata:campaign-add")
def test_a_survey_is_planned_by_the_page_and_shared_out(
    client, keeper, inspector, city
):
    client.force_login(keeper)
    url = reverse("basedata:campaign-add")
    assert client.get(url).status_code == 200
    people = [inspector.pk, city.other_supervisor.pk]
    assert '<select name="inspectors"' not in client.get(url).content.decode()
    given = {
        "name": "专项调查",
        "kind": "special",
        "division_code": "370202001",
        "starts_on": "2026-11-01",
        "ends_on": "2026-10-01",
        "inspectors": people,
        "class_codes": ["01001"],
    }
    assert client.post(url, given).status_code == 422
    answer = client.post(url, {**given, "ends_on": "2026-11-30"})
    assert answer.status_code == 302
    campaign = Campaign.objects.get()
    grids = campaign.grids.values_list("inspector", flat=True)
    assert list(grids) == [inspector.pk] * 4
    assert "01001 供水井盖" in client.get(answer.url).content.decode()
    assert client.post(f"{answer.url}begin/").status_code == 302
    assert "0 / 4" in client.get(reverse("basedata:campaign-list")).content.decode()
    assert client.post(f"{answer.url}finish/").status_code == 302
    campaign.refresh_from_db()
    assert campaign.state == "closed"


def test_grids_nobody_patrols_are_shared_out_evenly(keeper, city, inspector):
    city.duty_grid.supervisors.clear()
    campaign = planned(keeper, [inspector, city.other_supervisor])
    owners = list(campaign.grids.values_list("inspector", flat=True))
    assert owners == [inspector.pk] * 2 + [city.other_supervisor.pk] * 2


@pytest.mark.parametrize(
    "given",
    [
        {"inspectors": []},
        {"division_code": "370203"},
        {"ends_on": clock.today() - timedelta(days=1)},
    ],
)
def test_a_survey_needs_people_grids_and_days(keeper, inspector, given):
    with pytest.raises(DomainError):
        planned(keeper, **{"inspectors": [inspector], **given})
    assert not Campaign.objects.exists()


@pytest.mark.function("CC-05", at="field_surveys:grid")
def test_walking_a_grid_on_the_phone(client, survey, make, inspector, keeper):
    rows = [make(serial) for serial in (1, 2, 3)]
    other = make(4, class_code="01037", code="37020201037000001")
    grid = survey.grids.first()
    client.force_login(inspector)
    home = client.get(reverse("field_surveys:list")).content.decode()
    assert grid.grid_code in home
    url = reverse("field_surveys:grid", args=[grid.pk])
    text = client.get(url).content.decode()
    assert rows[0].code in text
    assert other.code not in text
    for row, given in (
        (rows[0], {"finding": "unchanged"}),
        (rows[1], {"finding": "changed", "status": "damaged", "note": "破损"}),
        (rows[2], {"finding": "case", "note": "井盖松动"}),
    ):
        page = reverse("field_surveys:finding", args=[grid.pk, row.code])
        assert client.get(page).status_code == 200
        assert client.post(page, given).status_code == 302
    missing = reverse("field_surveys:missing", args=[grid.pk])
    assert client.get(missing).status_code == 200
    given = {"class_code": CLASS, "status": "intact"}
    place = {"lon": LON + STEP / 2, "lat": LAT + STEP / 2}
    assert client.post(missing, {**given, "lon": 10, "lat": 20}).status_code == 422
    assert client.post(missing, {**given, **place}).status_code == 302
    assert client.post(url).status_code == 302
    grid.refresh_from_db()
    assert grid.done_at is not None
    case = Case.objects.get()
    assert (case.component_code, case.source_id) == (rows[2].code, "17")
    assert set(Proposal.objects.values_list("change", "origin")) == {
        ("state", "census"),
        ("add", "census"),
    }
    for proposal in Proposal.objects.all():
        changes.publish(proposal, by=keeper)
    assert Component.objects.filter(class_code=CLASS).count() == 4
    client.force_login(keeper)
    text = client.get(survey.get_absolute_url()).content.decode()
    assert "1 / 4" in text
    found = selectors.findings(survey)
    assert list(found.values()) == [1, 1, 1, 1]


def test_a_finding_sent_twice_is_noted_once(survey, make, inspector):
    grid, row, uid = survey.grids.first(), make(1), uuid4()
    for _number in range(2):
        services.note_finding(
            grid,
            finding="changed",
            component=row,
            values={"status": "lost"},
            by=inspector,
            uid=uid,
        )
    assert CampaignFinding.objects.count() == Proposal.objects.count() == 1


def test_only_the_inspector_of_the_grid_notes_and_only_meanwhile(
    survey, make, inspector, keeper, city
):
    grid, row = survey.grids.first(), make(1)
    given = {"finding": "unchanged", "component": row}
    with pytest.raises(Forbidden):
        services.note_finding(grid, by=city.other_supervisor, **given)
    with pytest.raises(DomainError):
        services.note_finding(grid, by=inspector, finding="unchanged")
    services.finish(survey, by=keeper)
    with pytest.raises(Conflict):
        services.note_finding(grid, by=inspector, **given)
    with pytest.raises(Conflict):
        services.begin(survey, by=keeper)


def test_others_do_not_see_a_survey(client, survey, city, inspector):
    grid = survey.grids.first()
    client.force_login(city.other_supervisor)
    assert client.get(survey.get_absolute_url()).status_code == 404
    url = reverse("field_surveys:grid", args=[grid.pk])
    assert client.get(url).status_code == 404
    client.force_login(inspector)
    assert client.get(survey.get_absolute_url()).status_code == 200
