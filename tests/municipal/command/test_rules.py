"""What a city decides: rules by version, graded areas, and that they are obeyed."""

import pytest
from django.urls import reverse

from municipal.command import grades, rules, selectors, services
from municipal.command.models import CaseRules, GradedArea
from municipal.command.services import ruling
from platform_core.audit.models import AuditEntry
from platform_core.classification import services as classification
from platform_core.classification.models import FilingCondition
from platform_core.common.errors import Conflict, DomainError, TransitionNotAllowed
from tests.factories.accounts import UserFactory
from tests.factories.command import act, lead, report, rule


@pytest.fixture
def admin(city):
    return UserFactory(roles=["sys_admin"])


def test_the_shipped_rules_are_those_of_the_standard(city):
    known = rules.current()
    assert (known.return_most, known.extension_most) == (2, 2)
    assert (known.return_value, known.return_unit) == (2, "work_hour")
    assert (known.yellow_from, known.red_from) == (0.5, 1)
    assert (known.suspend_days, known.defer_days) == (365, 30)
    assert known.version == CaseRules.objects.get(status="published").version


def test_a_draft_is_published_and_the_former_rules_stay_as_history(city, admin):
    former = CaseRules.objects.get(status="published")
    draft = ruling.create_draft(by=admin)
    ruling.save_draft(draft=draft, body=draft.body | {"return_most": 1}, by=admin)
    assert rules.current().return_most == 2
    ruling.publish(draft=draft, by=admin)
    assert rules.current().return_most == 1
    former.refresh_from_db()
    assert former.status == "retired"
    assert former.body["return_most"] == 2
    edited = AuditEntry.objects.get(type="rules.edited")
    assert edited.data["changed"] == {"return_most": [2, 1]}
    assert AuditEntry.objects.filter(type="rules.published", actor_id=admin.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"yellow_from": 0},
        {"red_from": 1.5},
        {"yellow_from": 0.9, "red_from": 0.8},
        {"return_most": -1},
        {"return_unit": "fortnight"},
        {"rework_clock": "sometimes"},
        {"unknown_rule": 1},
    ],
)
def test_rules_that_make_no_sense_are_refused_by_name(city, admin, wrong):
    draft = ruling.create_draft(by=admin)
    with pytest.raises(DomainError) as caught:
        ruling.save_draft(draft=draft, body=draft.body | wrong, by=admin)
    assert set(caught.value.fields) & {*wrong, "body"}
    draft.refresh_from_db()
    assert draft.body == rules.current().to_body()


def test_one_draft_at_a_time_and_none_is_published_twice(city, admin):
    draft = ruling.create_draft(by=admin)
    with pytest.raises(Conflict):
        ruling.create_draft(by=admin)
    ruling.publish(draft=draft, by=admin)
    with pytest.raises(Conflict):
        ruling.publish(draft=draft, by=admin)
    with pytest.raises(Conflict):
        ruling.discard(draft=draft, by=admin)
    ruling.discard(draft=ruling.create_draft(by=admin), by=admin)
    assert not CaseRules.objects.filter(status="draft").exists()


def test_returns_and_extensions_go_by_the_rules(city):
    rule(return_most=1, extension_most=1, extension_share=0.5)
    case = lead(city, "returned")
    case = act(city, case, "refuse_return", by="dispatcher")
    assert case.process.steps.last().data["final"] is True
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "return", by="dept_handler")
    assert caught.value.fields["reason"] == "return_limit"
    case = lead(city, "handling")
    with pytest.raises(DomainError) as caught:
        act(city, case, "apply_extend", by="dept_handler", value=case.limit_value)
    assert "value" in caught.value.fields
    case = act(city, case, "apply_extend", by="dept_handler")
    assert case.extension_asked == case.limit_value / 2
    case = act(city, case, "approve_extend", by="dispatcher")
    with pytest.raises(TransitionNotAllowed) as caught:
        act(city, case, "apply_extend", by="dept_handler")
    assert caught.value.fields["reason"] == "extend_limit"


@pytest.mark.parametrize(
    ("verification", "note", "accepted"),
    [
        ("free", "", True),
        ("reason", "", False),
        ("reason", "来电人已发照片", True),
        ("always", "来电人已发照片", False),
    ],
)
@pytest.mark.function("CC-14", at="command:case-act")
def test_public_reports_are_verified_as_the_rules_say(
    city, verification, note, accepted
):
    rule(verification=verification)
    case = report(city, by=None, source="03")
    if accepted:
        case = services.accept_case(case, by=city.acceptor, note=note)
        assert case.process.steps.last().data["unverified"] is True
    else:
        with pytest.raises(TransitionNotAllowed):
            services.accept_case(case, by=city.acceptor, note=note)
        case = act(city, case, "send_verify", by="acceptor")
        case = act(city, case, "verify_true", by="supervisor")
        case = services.accept_case(case, by=city.acceptor)
    assert case.state == "pending_filing"


@pytest.mark.parametrize(
    ("code", "grade", "unit", "expected"),
    [
        ("370202", "A", "work_hour", 3),
        ("370202001", "C", "work_day", 8),
        ("370202001001", "B", "work_hour", 5),
        ("370202001001", "A", "urgent_hour", 5),
    ],
)
@pytest.mark.function("CC-17", at="command:grades")
def test_limits_follow_the_grade_of_the_smallest_area(
    city, admin, code, grade, unit, expected
):
    case = lead(city, "pending_filing")
    first = selectors.conditions(case)[0]
    classification.set_limit(condition=first, value=5, unit=unit, by=admin)
    ruling.set_grade(code="370202", grade="B", by=admin)
    ruling.set_grade(code=code, grade=grade, by=admin)
    ungraded = act(city, lead(city, "pending_filing"), "file", by="duty_leader")
    assert (ungraded.limit_value, ungraded.grade) == (5, "")
    rule(graded=True)
    case = act(city, case, "file", by="duty_leader")
    assert (case.limit_value, case.limit_unit, case.grade) == (expected, unit, grade)


def test_areas_of_other_cities_and_unknown_grades_are_refused(city, admin):
    for code, grade, field in (("371702", "A", "code"), ("370202", "Z", "grade")):
        with pytest.raises(DomainError) as caught:
            ruling.set_grade(code=code, grade=grade, by=admin)
        assert field in caught.value.fields
    area = ruling.set_grade(code="370202", grade="A", by=admin)
    ruling.remove_grade(area=area, by=admin)
    assert not GradedArea.objects.exists()


def test_an_administrator_changes_the_rules_by_the_pages(client, city, admin):
    client.force_login(admin)
    answer = client.post(reverse("command:rules-draft"))
    page = answer["Location"]
    assert client.get(page).status_code == 200
    form = client.get(f"{page}edit/").context["form"]
    given = {k: v for k, v in form.initial.items() if v not in (False, None)}
    wrong = client.post(f"{page}edit/", given | {"yellow_from": "7"})
    assert wrong.status_code == 422
    assert (
        client.post(f"{page}edit/", given | {"yellow_from": "0.8"}).status_code == 302
    )
    text = client.get(page).content.decode()
    assert "0.8" in text
    assert "table-warning" in text
    assert client.post(f"{page}publish/").status_code == 302
    assert rules.current().yellow_from == 0.8
    assert client.get(reverse("command:rules-list")).status_code == 200


def test_an_administrator_grades_an_area_by_the_pages(client, city, admin):
    client.force_login(admin)
    url = reverse("command:grade-add")
    assert client.get(url).status_code == 200
    answer = client.post(url, {"code": "370202001", "grade": "C"})
    assert answer.status_code == 302
    area = GradedArea.objects.get()
    text = client.get(reverse("command:grades")).content.decode()
    assert area.code in text
    chosen = {"bulk": "remove", "selected": [area.pk], "confirmed": "1"}
    client.post(reverse("command:grades"), chosen)
    assert not GradedArea.objects.exists()


@pytest.mark.parametrize("name", ["rules-list", "rules-draft", "grades", "grade-add"])
def test_rules_are_closed_to_those_who_work_by_them(client, city, name):
    client.force_login(city.dispatcher)
    assert client.get(reverse(f"command:{name}")).status_code == 403


@pytest.mark.function("CC-17", at="command:case-act")
def test_a_grade_with_a_row_of_its_own_goes_by_that_row():
    rows = [
        FilingCondition(number="01", grade="", limit_value=5, limit_unit="work_hour"),
        FilingCondition(number="01", grade="A", limit_value=4, limit_unit="work_hour"),
        FilingCondition(number="02", grade="B", limit_value=3, limit_unit="work_day"),
    ]
    assert grades.limit_of(rows, "01", "A") == (rows[1], 4)
    assert grades.limit_of(rows, "01", "C") == (rows[0], 8)
    assert grades.limit_of(rows, "02", "") == (rows[2], 3)
    assert grades.limit_of(rows, "02", "A") == (rows[2], 2)
    assert grades.limit_of(rows, "09", "A") is None


def test_the_page_asks_why_a_public_report_is_accepted_without_a_visit(client, city):
    case = report(city, by=None, source="03")
    client.force_login(city.acceptor)
    address = reverse("command:case-act", args=[case.uid, "accept"])
    given = {"problem": f"{case.class_kind}:{case.class_code}", "address": "新址"}
    silent = client.post(address, given)
    assert silent.status_code == 422
    assert "note" in silent.context["form"].errors
    assert client.post(address, given | {"note": "照片可证明"}).status_code == 302
