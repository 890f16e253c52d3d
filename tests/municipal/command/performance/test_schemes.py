"""Schemes and the timetable by version: drafts, problems, publishing."""

import copy
from datetime import date, timedelta

import pytest

from municipal.command.performance import counting, documents, timetables
from municipal.command.performance.models import Scheme, Timetable
from municipal.command.performance.services import scheming
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


def shipped(code="perf_department"):
    return Scheme.objects.get(code=code, version=1)


def lighter(body):
    """The same with other weights."""
    changed = copy.deepcopy(body)
    changed["indicators"][1]["weight"] = "40"
    changed["indicators"][2]["weight"] = "20"
    return changed


def test_what_is_shipped_can_be_used_for_all_kinds():
    for scheme in Scheme.objects.all():
        assert scheming.problems_of(scheme) == [], scheme.code
        assert scheme.names()
    kinds = {kind for scheme in Scheme.objects.all() for kind in scheme.kinds}
    for kind in kinds:
        assert kind in scheming.in_force(kind, date(2026, 10, 31)).kinds
    assert len(kinds) == 11
    assert timetables.problems(timetables.current().body) == []


def test_shipping_again_changes_nothing():
    before = list(Scheme.objects.values("pk", "body", "status"))
    scheming.ship()
    assert list(Scheme.objects.values("pk", "body", "status")) == before
    assert Timetable.objects.count() == 1


def test_the_weights_of_the_standard():
    weights = {
        scheme.code: [row["weight"] for row in scheme.body["indicators"]]
        for scheme in Scheme.objects.all()
    }
    assert weights["perf_area"] == ["10", "20", "30", "40"]
    assert weights["perf_department"][:4] == ["10", "30", "30", "30"]
    assert weights["perf_supervisor"] == ["40", "20", "20", "20"]
    assert weights["perf_acceptor"] == ["25", "40", "35"]
    assert weights["perf_duty_leader"] == ["25", "40", "35"]
    assert weights["perf_dispatcher"] == ["20", "40", "40"]


def test_a_draft_is_changed_and_put_in_force_from_a_day_on(manager):
    old = shipped()
    draft = scheming.create_draft(scheme=old, by=manager)
    with pytest.raises(Conflict):
        scheming.create_draft(scheme=old, by=manager)
    scheming.save_draft(draft=draft, body=lighter(old.body), note="重结案", by=manager)
    today = clock.today()
    scheming.publish(draft=draft, effective_from=today, by=manager)
    draft.refresh_from_db()
    old.refresh_from_db()
    assert (draft.version, draft.status, old.status) == (2, "published", "retired")
    assert scheming.in_force("unit", today) == draft
    assert scheming.in_force("unit", today - timedelta(days=1)) == old
    types = set(AuditEntry.objects.values_list("type", flat=True))
    assert {"scheme.drafted", "scheme.edited", "scheme.published"} <= types
    with pytest.raises(Conflict):
        scheming.save_draft(draft=draft, body=old.body, by=manager)


def test_a_version_for_later_waits_and_then_follows(manager):
    old = shipped()
    draft = scheming.create_draft(scheme=old, by=manager)
    later = clock.today() + timedelta(days=30)
    scheming.publish(draft=draft, effective_from=later, by=manager)
    old.refresh_from_db()
    assert old.status == "published"
    assert scheming.in_force("unit", clock.today()) == old
    assert scheming.in_force("unit", later) == draft
    with clock.at(clock.now() + timedelta(days=31)):
        assert scheming.retire_due() == 1
    old.refresh_from_db()
    assert old.status == "retired"
    other = scheming.create_draft(scheme=old, by=manager)
    with pytest.raises(Conflict):
        scheming.publish(draft=other, effective_from=later, by=manager)


def test_weights_that_do_not_come_to_100_are_kept_but_not_published(manager):
    draft = scheming.create_draft(scheme=shipped(), by=manager)
    body = copy.deepcopy(draft.body)
    body["indicators"][0]["weight"] = "11"
    scheming.save_draft(draft=draft, body=body, by=manager)
    with pytest.raises(DomainError, match="101"):
        scheming.publish(draft=draft, effective_from=clock.today(), by=manager)
    scheming.discard(draft=draft, by=manager)
    assert not Scheme.objects.filter(status="draft", code="perf_department").exists()
    with pytest.raises(Conflict):
        scheming.discard(draft=draft, by=manager)


def test_an_area_cannot_be_evaluated_by_counts_it_has_not(manager):
    draft = scheming.create_draft(scheme=shipped("perf_area"), by=manager)
    body = copy.deepcopy(draft.body)
    body["indicators"][2]["above"] = "intime_assist_num"
    draft = scheming.save_draft(draft=draft, body=body, by=manager)
    assert any("intime_assist_num" in text for text in scheming.problems_of(draft))


def test_rates_of_the_dictionary_fit_their_objects():
    for kind in ("unit", "district"):
        found = scheming.rates([kind])
        assert "CR10" in {row["code"] for row in found}
        for row in found:
            formula = documents.formula(row["above"])
            assert all(name in counting.names([kind]) for _sign, name in formula)
    assert "CR05" not in {row["code"] for row in scheming.rates(["unit"])}


def test_no_scheme_before_the_first_one():
    with pytest.raises(DomainError):
        scheming.in_force("unit", date(1999, 1, 1))


def test_the_timetable_changes_by_version(manager):
    body = {**timetables.current().body, "publicity_days": 5}
    scheming.change_timetable(body=body, note="放宽", by=manager)
    assert timetables.days().publicity_days == 5
    assert timetables.current().version == 2
    assert Timetable.objects.filter(status="published").count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"publicity_days": 0},
        {"appeal_days": "5"},
        {"runs": [{"kind": "planet", "period": "month"}]},
        {"runs": [{"kind": "unit", "period": "free"}]},
    ],
)
def test_a_timetable_that_makes_no_sense_is_refused(manager, change):
    body = {**timetables.current().body, **change}
    with pytest.raises(DomainError):
        scheming.change_timetable(body=body, by=manager)
    assert timetables.current().version == 1
