"""The class dictionary is extended and versioned; one edition follows another."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from municipal.command.basedata.classes import editions, services
from municipal.command.basedata.models import ClassRevision, CodeMove, EditionMove
from municipal.command.models import Component
from platform_core.audit.models import AuditEntry
from platform_core.classification import selectors as catalogue
from platform_core.classification.loaders import load_classes
from platform_core.classification.models import ProblemClass
from platform_core.classification.services import set_default_edition
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.geo.cells import cell
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, lead, report

RULE = {
    "number": "1",
    "grade": "",
    "filing_condition": "占用盲道",
    "closing_condition": "恢复通行",
    "limit_value": 4,
    "limit_unit": "work_hour",
    "department_type": "城管执法",
}
VALUES = {"name": "占用盲道", "geometry": "", "is_active": True, "conditions": [RULE]}


@pytest.fixture
def admin(city):
    return UserFactory(roles=["sys_admin"])


def extend(admin, edition="2026", major="06", day=None, **change):
    return services.add_class(
        by=admin,
        edition=edition,
        kind="matter",
        major=major,
        values={**VALUES, **change},
        effective_on=day or clock.today(),
    )


@pytest.mark.function("CC-42", at="basedata:class-add")
def test_extended_classes_are_coded_downwards(admin):
    assert extend(admin).code == "06999"
    assert extend(admin, name="又一个").code == "06998"
    first = extend(admin, edition="2013", major="01")
    assert first.code[:2] == "01"
    used = ProblemClass.objects.filter(edition="2013", kind="matter", major_code="01")
    assert first.code == max(used.values_list("code", flat=True))
    found = catalogue.problem_class("matter", "06999")
    assert catalogue.condition(found, "1").limit_value == 4
    load_classes()
    assert ProblemClass.objects.get(edition="2026", code="06999").name == "占用盲道"


@pytest.mark.function("CC-42", at="basedata:class-revision")
def test_a_version_takes_effect_on_its_day(admin, monkeypatch):
    day = clock.today() + timedelta(days=3)
    made = extend(admin, day=day)
    assert catalogue.problem_class("matter", made.code) is None
    assert services.apply_due() == 0
    monkeypatch.setattr(services.clock, "today", lambda: day)
    assert services.apply_due() == 1
    assert services.apply_due() == 0
    assert catalogue.problem_class("matter", made.code).name == "占用盲道"


@pytest.mark.function("CC-42", at=["basedata:class-revise", "basedata:class-restore"])
def test_own_limits_over_the_standards_with_history(admin):
    row = ProblemClass.objects.get(edition="2026", kind="matter", code="06010")
    values = services.values_of(row)
    before = values["conditions"][0]["limit_value"]
    values["conditions"][0]["limit_value"] = before + 5
    made = services.revise_class(
        row=row, by=admin, values=values, effective_on=clock.today()
    )
    rule = row.conditions.order_by("number", "grade").first()
    assert (rule.limit_value, rule.is_own) == (before + 5, True)
    load_classes()
    rule.refresh_from_db()
    assert rule.limit_value == before + 5
    services.restore(revision=made, by=admin)
    rule.refresh_from_db()
    assert rule.limit_value == before
    assert ClassRevision.objects.filter(code="06010").count() == 2
    types = AuditEntry.objects.filter(type="classification.version_made")
    assert types.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"conditions": [RULE, RULE]},
        {"conditions": [{**RULE, "limit_value": 0}]},
        {"conditions": [{**RULE, "limit_unit": "moon"}]},
    ],
)
def test_wrong_classes_are_refused(admin, change):
    with pytest.raises(DomainError):
        extend(admin, **change)
    assert not ClassRevision.objects.exists()
    with pytest.raises(DomainError):
        extend(admin, major="77")


@pytest.mark.function("CC-42", at=["basedata:class-add", "basedata:class-revisions"])
def test_the_pages_of_classes(client, admin, city):
    client.force_login(admin)
    url = reverse("basedata:class-add")
    form = {"edition": "2026", "kind": "matter", "major": "06", "name": "占用盲道"}
    form |= {"effective_on": f"{clock.today()}", "is_active": "on"}
    form |= {f"rule0_{name}": value for name, value in RULE.items()}
    broken = client.post(url, {**form, "rule0_limit_value": ""})
    assert broken.status_code == 422
    assert client.post(url, form).status_code == 302
    made = ClassRevision.objects.get()
    assert "占用盲道" in client.get(made.get_absolute_url()).content.decode()
    row = ProblemClass.objects.get(edition="2026", code="06999")
    revise = reverse("basedata:class-revise", args=[row.pk])
    assert "占用盲道" in client.get(revise).content.decode()
    assert client.post(revise, {**form, "is_active": ""}).status_code == 302
    row.refresh_from_db()
    assert not row.is_active
    for name in ("class-revisions", "classes", "edition-moves", "changed-codes"):
        assert client.get(reverse(f"basedata:{name}")).status_code == 200
    client.force_login(city.acceptor)
    assert client.get(url).status_code == 403


@pytest.mark.function("CC-42", at="basedata:class-add")
def test_major_classes_are_those_of_the_chosen_edition(client, admin):
    client.force_login(admin)
    url = reverse("basedata:class-add")
    headers = {"HX-Request": "true", "HX-Target": "id_major"}

    def offered(**chosen):
        answer = client.get(url, chosen, headers=headers).content.decode()
        assert "<form" not in answer
        return re.findall(r"<option[^>]*>(.*?)</option>", answer)

    def known(edition, kind):
        rows = catalogue.tree(edition, kind)
        return [f"{row.code} {row.label}" for row in rows]

    assert offered() == known(catalogue.default_edition(), "component")
    for edition in ("2013", "2026"):
        for kind in ("component", "matter"):
            assert offered(edition=edition, kind=kind) == known(edition, kind)
    assert known("2013", "matter") != known("2026", "matter")
    other = {row.code for row in catalogue.tree("2026", "matter")} - {
        row.code for row in catalogue.tree("2013", "component")
    }
    form = {"edition": "2013", "kind": "component", "major": max(other), "name": "新"}
    form |= {"effective_on": f"{clock.today()}", "is_active": "on"}
    form |= {f"rule0_{name}": value for name, value in RULE.items()}
    answer = client.post(url, form)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"major"}


def component(serial, code="0101", **given):
    return Component.objects.create(
        code=f"370202{code}{serial:06d}",
        edition="2013",
        class_code=code,
        class_name="上水井盖",
        lon=LON,
        lat=LAT,
        cell=cell(LON, LAT),
        grid_code="370202001001001",
        surveyed_on="2026-07-01",
        **given,
    )


def without_plain_counterpart():
    """A class of 2013 that has none in 2026."""
    rows = ProblemClass.objects.filter(edition="2013", kind="component")
    return next(
        row
        for row in rows
        if catalogue.crosswalk(row, "2026", as_component=True) is None
    )


@pytest.mark.function(
    "CC-42",
    at=["basedata:edition-move", "basedata:edition-run", "basedata:edition-undo"],
)
def test_the_edition_changes_after_a_dry_run_and_back(client, admin, city):
    set_default_edition(edition="2013", by=admin)
    lost = without_plain_counterpart()
    first, second = component(1), component(2)
    other = component(1, lost.code)
    opened = report(city, class_kind="component", class_code="0101")
    type(opened).objects.filter(pk=opened.pk).update(component_code=first.code)
    closed = lead(city, "closed", class_kind="component", class_code="0101")
    type(closed).objects.filter(pk=closed.pk).update(component_code=second.code)
    client.force_login(admin)
    client.post(reverse("basedata:edition-add"), {"title": "换版"})
    move = EditionMove.objects.get()
    page = client.get(move.get_absolute_url()).content.decode()
    assert "01001" in page
    assert "对应情况" in page
    assert "通话结果" not in page
    lines = {line.code: line for line in editions.dry_run(move)}
    assert (lines["0101"].status, lines["0101"].components) == ("same", 2)
    assert (lines["0101"].cases, lines[lost.code].status) == (1, "missing")
    run = reverse("basedata:edition-run", args=[move.pk])
    assert client.post(run).status_code in {409, 422}
    first.refresh_from_db()
    assert first.edition == "2013"
    decide = reverse("basedata:edition-decide", args=[move.pk])
    client.post(decide, {lost.code: "keep"})
    client.post(run)
    jobs.run(Job.objects.latest("pk").pk)
    for row in (first, second, other, opened, closed):
        row.refresh_from_db()
    assert (first.code, first.edition) == ("37020201001000001", "2026")
    assert other.edition == "2013"
    assert opened.component_code == first.code
    assert closed.component_code == "3702020101000002"
    assert catalogue.default_edition() == "2026"
    assert editions.component_code("3702020101000001") == first.code
    page = client.get(move.get_absolute_url())
    told = dict(page.context["summary"])
    assert (told["换了编码的部件"], told["换了编码的在办案件"]) == (2, 1)
    assert "换版预演" not in page.content.decode()
    codes = client.get(reverse("basedata:changed-codes"), {"q": "3702020101000001"})
    assert first.code in codes.content.decode()
    assert "<td>component</td>" not in codes.content.decode()
    client.post(reverse("basedata:edition-undo", args=[move.pk]))
    jobs.run(Job.objects.latest("pk").pk)
    for row in (first, opened):
        row.refresh_from_db()
    assert (first.code, first.class_code) == ("3702020101000001", "0101")
    assert opened.component_code == first.code
    assert catalogue.default_edition() == "2013"


def test_nothing_to_decide_offers_no_decision(client, admin):
    set_default_edition(edition="2013", by=admin)
    component(1)
    client.force_login(admin)
    client.post(reverse("basedata:edition-add"), {"title": "换版"})
    move = EditionMove.objects.get()
    page = client.get(move.get_absolute_url()).content.decode()
    assert reverse("basedata:edition-run", args=[move.pk]) in page
    assert reverse("basedata:edition-decide", args=[move.pk]) not in page


def test_the_job_goes_on_where_it_stood(admin, monkeypatch):
    for serial in range(1, 6):
        component(serial)
    move = editions.prepare(by=admin, title="换版")
    job = editions.carry_out(move=move, by=admin)
    monkeypatch.setattr(editions, "CHUNK", 2)
    real, calls = editions._recode, []

    def failing(*args):
        calls.append(args)
        if len(calls) == 4:
            raise DomainError("line down")
        return real(*args)

    monkeypatch.setattr(editions, "_recode", failing)
    assert jobs.run(job.pk).state == "failed"
    assert Component.objects.filter(edition="2026").count() == 2
    jobs.retry(job, by=admin)
    assert jobs.run(job.pk).state == "done"
    assert Component.objects.filter(edition="2026").count() == 5
    assert CodeMove.objects.count() == 5
    with pytest.raises(DomainError):
        editions.carry_out(move=move, by=admin)
