"""Every page of the administrators opens, and only for those with the right."""

import json

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from platform_core.audit import services as audit
from platform_core.audit.models import AuditEntry
from platform_core.calendars.models import CalendarDay
from platform_core.classification.models import FilingCondition, ProblemClass
from platform_core.processes import selectors as processes
from platform_core.processes.models import ProcessDefinition
from tests.factories.accounts import OrgUnitFactory, PostFactory, UserFactory
from tests.factories.audit import TABLE, tamper

pytestmark = pytest.mark.django_db
LISTS = ["units", "people", "roles", "processes", "calendar", "classes", "audit"]


def published():
    return ProcessDefinition.objects.filter(status="published").first()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_opens_in_constant_queries(
    client, admin, name, django_assert_max_num_queries
):
    for _ in range(3):
        PostFactory(unit=UserFactory(roles=["acceptor"]).unit)
        audit.record("unit.changed", admin.unit, by=admin)
    client.get(reverse(f"maintenance:{name}"))
    with django_assert_max_num_queries(14):
        assert client.get(reverse(f"maintenance:{name}")).status_code == 200


@pytest.mark.parametrize("name", [*LISTS, "unit-add", "person-add", "role-add"])
def test_others_are_refused(client, db, name):
    url = reverse(f"maintenance:{name}")
    assert client.get(url).status_code == 302
    client.force_login(UserFactory(roles=["dispatcher"]))
    assert client.get(url).status_code == 403


def test_the_auditor_reads_but_changes_nothing(client, db):
    client.force_login(UserFactory(roles=["security_auditor"]))
    person = UserFactory()
    assert client.get(reverse("maintenance:audit")).status_code == 200
    assert client.get(reverse("maintenance:people")).status_code == 200
    edit = reverse("maintenance:person-edit", args=[person.pk])
    assert client.post(edit, {"full_name": "x"}).status_code == 403
    assert client.get(reverse("maintenance:processes")).status_code == 403


@pytest.mark.parametrize("name", LISTS[:4] + LISTS[5:])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_are_exported(client, admin, name, form):
    response = client.get(reverse(f"maintenance:{name}"), {"export": form})
    assert len(b"".join(response.streaming_content)) > 20


# Organisations ------------------------------------------------------------------


def test_an_organisation_is_added_edited_moved_and_closed(client, admin):
    top = admin.unit
    asked = {
        "parent": top.pk,
        "code": "370200-ny",
        "name": "内业科",
        "kind": "department",
        "division": "370200",
    }
    response = client.post(reverse("maintenance:unit-add"), asked)
    unit = top.children.get(code="370200-ny")
    assert response.url == reverse("maintenance:unit", args=[unit.pk])
    page = client.get(response.url).content.decode()
    assert "内业科" in page
    assert "机构已新增" in page

    client.post(
        reverse("maintenance:unit-edit", args=[unit.pk]),
        {"name": "内业一科", "kind": "department", "phone": "0532-1"},
    )
    other = OrgUnitFactory()
    client.post(reverse("maintenance:unit-move", args=[unit.pk]), {"parent": other.pk})
    client.post(reverse("maintenance:unit-active", args=[unit.pk]))
    unit.refresh_from_db()
    assert (unit.name, unit.parent, unit.is_active) == ("内业一科", other, False)
    assert unit.path.startswith(other.path)


def test_a_wrong_organisation_keeps_the_input(client, admin):
    asked = {"code": "x", "name": "某科", "kind": "department", "division": "110000"}
    response = client.post(reverse("maintenance:unit-add"), asked)
    assert response.status_code == 422
    assert "某科" in response.content.decode()
    assert "division" in response.context["form"].errors


def test_an_organisation_with_people_stays(client, admin):
    person = UserFactory()
    url = reverse("maintenance:unit-active", args=[person.unit.pk])
    assert client.post(url).status_code == 409
    person.unit.refresh_from_db()
    assert person.unit.is_active


def test_organisations_of_other_divisions_are_hidden(client, db):
    unit = OrgUnitFactory(division_id="370202")
    client.force_login(UserFactory(roles=["sys_admin"], unit=unit))
    other = OrgUnitFactory(division_id="370203")
    assert client.get(reverse("maintenance:unit", args=[other.pk])).status_code == 404
    assert other.name not in client.get(reverse("maintenance:units")).content.decode()


def test_a_post_is_added(client, admin):
    url = reverse("maintenance:unit-post", args=[admin.unit.pk])
    client.post(url, {"name": "派遣岗", "role": "dispatcher"})
    assert admin.unit.posts.get().role == "dispatcher"
    page = client.get(reverse("maintenance:unit", args=[admin.unit.pk]))
    assert "派遣员" in page.content.decode()


# People -------------------------------------------------------------------------


def test_a_new_person_gets_a_password_that_is_shown_once(client, admin):
    asked = {
        "username": "zhang",
        "full_name": "张三",
        "unit": admin.unit.pk,
        "roles": ["acceptor"],
    }
    response = client.post(reverse("maintenance:person-add"), asked)
    password = response.context["password"]
    assert "no-store" in response["Cache-Control"]
    user = admin.unit.members.get(username="zhang")
    assert user.check_password(password)
    assert user.must_change_password
    assert user.role_codes == {"acceptor"}
    page = client.get(reverse("maintenance:person", args=[user.pk])).content.decode()
    assert password not in page
    assert "受理员" in page
    assert password not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_person_is_edited_locked_and_unlocked(client, admin):
    user = UserFactory(unit=admin.unit)
    client.post(
        reverse("maintenance:person-edit", args=[user.pk]),
        {"full_name": "李四", "unit": admin.unit.pk, "phone": "13800000000"},
    )
    for expected in (False, True):
        client.post(reverse("maintenance:person-active", args=[user.pk]))
        user.refresh_from_db()
        assert user.is_active is expected
    assert (user.full_name, user.phone) == ("李四", "13800000000")


def test_posts_bring_their_roles_and_take_them_along(client, admin):
    user = UserFactory(unit=admin.unit)
    post = PostFactory(unit=admin.unit, role="dispatcher")
    url = reverse("maintenance:person-duties", args=[user.pk])
    client.post(url, {"posts": [post.pk], "roles": ["acceptor"]})
    user.refresh_from_db()
    assert user.role_codes == {"dispatcher", "acceptor"}
    client.post(url, {"roles": ["acceptor"]})
    user.refresh_from_db()
    assert user.role_codes == {"acceptor"}


def test_administrator_and_auditor_are_separate_duties(client, admin):
    user = UserFactory(unit=admin.unit)
    url = reverse("maintenance:person-duties", args=[user.pk])
    both = {"roles": ["sys_admin", "security_auditor"]}
    assert client.post(url, both).status_code == 409
    user.refresh_from_db()
    assert not user.role_codes


def test_nobody_changes_their_own_account_here(client, admin):
    url = reverse("maintenance:person-duties", args=[admin.pk])
    assert client.post(url, {"roles": ["bureau_leader"]}).status_code == 403
    admin.refresh_from_db()
    assert admin.role_codes == {"sys_admin"}


def test_a_superuser_is_out_of_reach(client, admin):
    boss = UserFactory(unit=admin.unit, is_superuser=True)
    url = reverse("maintenance:person-password", args=[boss.pk])
    assert client.post(url).status_code == 403


def test_a_password_is_reset(client, admin):
    user = UserFactory(unit=admin.unit)
    url = reverse("maintenance:person-password", args=[user.pk])
    assert client.get(url).status_code == 200
    password = client.post(url).context["password"]
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


def test_people_are_filtered(client, admin):
    UserFactory(roles=["acceptor"], full_name="王五", unit=admin.unit)
    asked = {"role": "acceptor", "q": "王五", "unit": admin.unit.pk}
    found = client.get(reverse("maintenance:people"), asked).context["page_obj"]
    assert [row.full_name for row in found] == ["王五"]


# Roles --------------------------------------------------------------------------


def test_an_own_role_is_made_changed_and_deleted(client, admin):
    form = client.get(reverse("maintenance:role-add")).context["form"]
    rights = list(form.fields["permissions"].queryset)
    asked = {"name": "数据查看员", "permissions": [rights[0].pk]}
    response = client.post(reverse("maintenance:role-add"), asked)
    group = Group.objects.get(name="数据查看员")
    assert response.url == reverse("maintenance:role", args=[group.pk])
    assert "数据查看员" in client.get(response.url).content.decode()
    more = {**asked, "permissions": [one.pk for one in rights[:2]]}
    client.post(reverse("maintenance:role-edit", args=[group.pk]), more)
    assert group.permissions.count() == 2
    client.post(reverse("maintenance:role-remove", args=[group.pk]))
    assert not Group.objects.filter(pk=group.pk).exists()


def test_roles_of_the_platform_are_not_touched(client, admin):
    group = Group.objects.get(name="dispatcher")
    page = client.get(reverse("maintenance:role", args=[group.pk]))
    assert "派遣员" in page.content.decode()
    url = reverse("maintenance:role-remove", args=[group.pk])
    assert client.post(url).status_code == 403
    assert Group.objects.filter(pk=group.pk).exists()


def test_a_role_that_somebody_holds_stays(client, admin):
    group = Group.objects.create(name="临时岗")
    UserFactory().groups.add(group)
    url = reverse("maintenance:role-remove", args=[group.pk])
    assert client.post(url).status_code == 409


# Processes ----------------------------------------------------------------------


def test_a_version_shows_its_flow_states_and_steps(client, admin):
    row = published()
    page = client.get(reverse("maintenance:process", args=[row.pk]))
    text = page.content.decode()
    assert page.context["problems"] == []
    assert len(page.context["picture"].boxes) == len(row.body["states"])
    assert row.body["states"][0]["name"] in text


def test_a_draft_is_copied_edited_tried_and_published(client, admin):
    row = published()
    response = client.post(reverse("maintenance:process-draft", args=[row.pk]))
    draft = ProcessDefinition.objects.get(code=row.code, status="draft")
    assert response.url == reverse("maintenance:process", args=[draft.pk])
    assert client.get(response.url).status_code == 200

    edit = reverse("maintenance:process-edit", args=[draft.pk])
    assert client.get(edit).status_code == 200
    broken = {"title": draft.title, "body": json.dumps({"initial": "x"})}
    answer = client.post(edit, broken)
    assert answer.status_code == 422
    assert answer.context["form"].errors["body"]
    shown = client.get(reverse("maintenance:process", args=[draft.pk]))
    assert shown.context["problems"]

    publish = reverse("maintenance:process-publish", args=[draft.pk])
    assert client.post(publish).status_code == 422
    good = {"title": "新版", "body": json.dumps(row.body)}
    assert client.post(edit, good).status_code == 302
    replay = reverse("maintenance:process-replay", args=[draft.pk])
    assert client.post(replay).context["report"].total == 0
    assert client.post(publish).status_code == 302
    assert processes.published(row.code).version == draft.version


def test_what_is_not_json_is_said_beside_the_field(client, admin):
    row = published()
    client.post(reverse("maintenance:process-draft", args=[row.pk]))
    draft = ProcessDefinition.objects.get(code=row.code, status="draft")
    edit = reverse("maintenance:process-edit", args=[draft.pk])
    for text in ("{", "[]"):
        answer = client.post(edit, {"title": "x", "body": text})
        assert answer.status_code == 422
        assert text in answer.content.decode()
    client.post(reverse("maintenance:process-discard", args=[draft.pk]))
    assert not ProcessDefinition.objects.filter(status="draft").exists()


# Calendar -----------------------------------------------------------------------


def test_a_day_is_corrected_and_noted(client, admin):
    asked = {"date": "2026-11-25", "kind": "rest", "name": "停电"}
    response = client.post(reverse("maintenance:calendar-day"), asked)
    assert response.url.endswith("?year=2026")
    assert CalendarDay.objects.get(date="2026-11-25").kind == "rest"
    entry = AuditEntry.objects.get(type="calendar.day_set")
    assert entry.data["kind"] == "rest"
    page = client.get(reverse("maintenance:calendar"), {"year": "2026"})
    assert "停电" in page.content.decode()


def test_the_year_view_counts_working_days(client, admin):
    page = client.get(reverse("maintenance:calendar"), {"year": "2025"})
    assert page.context["worked"] == 248
    for odd in ("9999", "0000", "abc"):
        url = reverse("maintenance:calendar")
        assert client.get(url, {"year": odd}).status_code == 200


def test_working_hours_are_set_from_a_date_on(client, admin):
    url = reverse("maintenance:calendar-hours")
    good = {"valid_from": "2027-06-01", "spans": "08:00-12:00，14:00–18:00"}
    assert client.post(url, good).status_code == 302
    bad = {"valid_from": "2027-06-01", "spans": "12:00-08:00"}
    assert client.post(url, bad).status_code == 422
    assert AuditEntry.objects.filter(type="calendar.sessions_set").count() == 1
    assert client.get(url).status_code == 200
    day = reverse("maintenance:calendar-day")
    assert client.get(day, {"date": "2026-10-01"}).context["form"].initial["kind"]
    assert client.get(day, {"date": "soon"}).status_code == 200


# Classes ------------------------------------------------------------------------


def test_a_class_shows_its_conditions_and_takes_an_own_limit(client, admin):
    rule = FilingCondition.objects.filter(problem_class__edition="2026").first()
    url = reverse("maintenance:class", args=[rule.problem_class.pk])
    assert rule.filing_condition in client.get(url).content.decode()
    limit = reverse("maintenance:limit", args=[rule.pk])
    assert client.get(limit).status_code == 200
    asked = {"value": 7, "unit": "work_day", "department_type": "市政"}
    assert client.post(limit, asked).url == url
    rule.refresh_from_db()
    assert (rule.limit_value, rule.limit_unit, rule.is_own) == (7, "work_day", True)
    assert client.post(limit, {**asked, "value": 0}).status_code == 422


def test_a_class_is_taken_out_of_use(client, admin):
    row = ProblemClass.objects.filter(edition="2026").first()
    client.post(reverse("maintenance:class-active", args=[row.pk]))
    row.refresh_from_db()
    assert not row.is_active
    assert client.get(reverse("maintenance:class", args=[row.pk])).status_code == 200


# Audit --------------------------------------------------------------------------


def test_the_log_is_read_and_verified(client, admin):
    entry = audit.record("unit.moved", admin.unit, by=admin, data={"from": "/1/"})
    page = client.get(reverse("maintenance:audit"), {"type": "unit."})
    assert "机构已移动" in page.content.decode()
    detail = client.get(reverse("maintenance:audit-entry", args=[entry.pk]))
    assert "/1/" in detail.content.decode()
    answer = client.post(reverse("maintenance:audit-verify"), follow=True)
    assert "审计链完整" in answer.content.decode()
    assert AuditEntry.objects.filter(type="audit.verified").exists()


def test_a_broken_chain_is_named(client, admin):
    audit.record("unit.moved", admin.unit, by=admin)
    audit.seal()
    entry = AuditEntry.objects.first()
    tamper(f"UPDATE {TABLE} SET actor_name = 'x' WHERE id = %s", entry.pk)
    answer = client.post(reverse("maintenance:audit-verify"), follow=True)
    assert "审计链在第" in answer.content.decode()
