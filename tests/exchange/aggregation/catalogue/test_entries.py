"""An entry from draft to withdrawal, and who may see it meanwhile."""

import pytest
from django.urls import reverse

from exchange.aggregation.catalogue.models import Edition, Resource, Theme
from exchange.aggregation.catalogue.services import entries
from exchange.interfaces.services import land
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import Conflict
from platform_core.regions.selectors import own_division
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.catalogue import ResourceFactory, published
from tests.factories.interfaces import TableFactory

pytestmark = pytest.mark.django_db


def typed(**changes):
    """What an editor types."""
    theme = Theme.objects.get(category="2", number=9)
    return {
        "title": "井盖普查",
        "abstract": "全市井盖。",
        "theme": theme.pk,
        "subset": "management",
        "unit": OrgUnitFactory().pk,
        "frequency": "MONTHLY",
        "share": "conditional",
        "condition": "按申请审批",
        "level": "2",
        "formats": ["json", "csv"],
        "keywords": "井盖, 部件",
        "division": own_division().code,
        "contact": "张三",
    } | changes


def go(client, name, row, **data):
    return client.post(reverse(f"catalogue:{name}", args=[row.uid]), data)


@pytest.fixture
def steps(client):
    """Sign a role in and take a step of an entry."""

    def take(role, name, row, **data):
        client.force_login(UserFactory(roles=[role]))
        answer = go(client, name, row, **data)
        row.refresh_from_db()
        return answer.status_code, row.state

    return take


@pytest.mark.function("DA-17", at=("catalogue:resource-add", "catalogue:publish"))
def test_three_people_bring_an_entry_into_the_catalogue(client, steps):
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    answer = client.post(reverse("catalogue:resource-add"), typed())
    assert answer.status_code == 302, answer.content.decode()
    row = Resource.objects.get()
    assert row.code.startswith("209009/00000")
    assert row.keywords == ["井盖", "部件"]
    assert go(client, "submit", row).status_code == 302
    assert go(client, "review", row).status_code == 403
    assert steps("sys_admin", "publish", row) == (409, "reviewing")
    assert steps("bureau_leader", "review", row) == (302, "reviewed")
    assert steps("sys_admin", "publish", row) == (302, "published")
    page = client.get(reverse("catalogue:entry-list")).content.decode()
    assert "井盖普查" in page
    events = AuditEntry.objects.filter(object_id=str(row.pk), type__startswith="catal")
    assert [one.type.split(".")[1] for one in events.order_by("pk")] == [
        "drafted",
        "submitted",
        "reviewed",
        "published",
    ]


def test_readers_see_a_change_only_when_it_is_published(client, steps):
    edition = published(title="旧名")
    row = edition.resource
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    facts = typed(title="新名", unit=row.unit_id)
    assert go(client, "change", row, **facts).status_code == 302
    assert Edition.objects.get(current=True).title == "旧名"
    go(client, "submit", row)
    steps("bureau_leader", "review", row)
    steps("sys_admin", "publish", row)
    live = Edition.objects.get(current=True)
    assert (live.title, live.number) == ("新名", 2)
    assert live.issued_at == edition.issued_at


def test_a_withdrawn_one_leaves_the_catalogue(client, steps):
    row = published(title="井盖").resource
    assert steps("sys_admin", "withdraw", row)[0] == 422
    assert steps("sys_admin", "withdraw", row, reason="停用") == (302, "withdrawn")
    address = reverse("catalogue:entry", args=[row.uid])
    assert client.get(address).status_code == 404
    with pytest.raises(Conflict):
        entries.withdraw(resource=row, by=UserFactory(), reason="again")


def test_nobody_reviews_what_they_wrote():
    both = UserFactory(is_superuser=True)
    row = ResourceFactory()
    entries.submit(resource=row, by=both)
    with pytest.raises(Conflict):
        entries.review(resource=row, by=both)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"condition": ""}, "condition"),
        ({"share": "free", "level": "3"}, "share"),
        ({"covers_from": "2026-02-01", "covers_to": "2026-01-01"}, "covers_to"),
        ({"division": "999999"}, "division"),
        ({"phone": "call me"}, "phone"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(client, changes, field):
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    answer = client.post(reverse("catalogue:resource-add"), typed(**changes))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "井盖普查" in answer.content.decode()
    assert not Resource.objects.exists()


def test_drafts_for_all_tables_are_made_once(client):
    table = TableFactory(code="t_propose", name="环卫设施", frequency="month")
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    unit = OrgUnitFactory()
    for _again in range(2):
        client.post(reverse("catalogue:propose"), {"unit": unit.pk})
    row = Resource.objects.get(table=table)
    assert (row.title, row.frequency, row.state) == ("环卫设施", "MONTHLY", "draft")


@pytest.mark.function("DA-04", "DA-18", at="catalogue:entry-list")
def test_the_tree_counts_what_the_filters_leave(client):
    published(title="公园", subset="management", share="free")
    published(title="井盖", subset="operation", share="free")
    published(subset="operation", share="conditional", condition="审批")
    published(subset="operation", share="none", level="4")
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    page = client.get(reverse("catalogue:entry-list"))
    tree = {one.value: one.count for _t, rows in page.context["tree"] for one in rows}
    assert (tree["management"], tree["operation"], tree["free"]) == (1, 2, 2)
    page = client.get(reverse("catalogue:entry-list"), {"share": "free", "q": "井"})
    assert [row.title for row in page.context["page_obj"]] == ["井盖"]
    assert "公园" not in page.content.decode()


def test_a_list_costs_the_same_for_any_number(client, django_assert_max_num_queries):
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    for _number in range(12):
        published()
    with django_assert_max_num_queries(30):
        client.get(reverse("catalogue:entry-list"))


@pytest.mark.function("DA-18", at=("catalogue:entry", "catalogue:preview"))
def test_a_preview_masks_people(client):
    fields = (("no", "string", "M"), ("phone", "string", "O"))
    table = TableFactory(code="t_preview", fields=fields)
    table.current.fields.filter(code="phone").update(personal=True)
    land(table=table, rows=[{"no": "A1", "phone": "13812345678"}], source="普查队")
    row = published(table=table, share="free").resource
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    page = client.get(reverse("catalogue:entry", args=[row.uid])).content.decode()
    assert "普查队" in page
    page = client.get(reverse("catalogue:preview", args=[row.uid])).content.decode()
    assert "A1" in page
    assert "138****5678" in page
    assert "13812345678" not in page


@pytest.mark.parametrize(
    ("share", "level", "code"),
    [("free", "1", 200), ("free", "3", 403), ("conditional", "2", 403)],
)
def test_who_is_not_the_owner_needs_leave(client, share, level, code):
    table = TableFactory(code="t_leave")
    row = published(table=table, share=share, level=level).resource
    client.force_login(UserFactory(roles=["bureau_clerk"]))
    address = reverse("catalogue:preview", args=[row.uid])
    assert client.get(address).status_code == code
    client.force_login(UserFactory(roles=["bureau_clerk"], unit=row.unit))
    assert client.get(address).status_code == 200


def test_strangers_see_no_page(client):
    row = published().resource
    client.force_login(UserFactory())
    for name in ("entry", "preview", "lineage", "resource"):
        assert (
            client.get(reverse(f"catalogue:{name}", args=[row.uid])).status_code == 403
        )
    for name in ("entry-list", "resource-list", "use-list", "board", "volume", "store"):
        assert client.get(reverse(f"catalogue:{name}")).status_code == 403
