"""The list page: scope, search, filters, order, columns, export, bulk actions."""

import io

import pytest
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from platform_core.accounts.models import OrgUnit
from platform_core.ui.models import SavedView
from tests.factories.accounts import OrgUnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("urls")]


@pytest.fixture
def get(client, clerk, units):
    client.force_login(clerk)

    def ask(query="", **headers):
        return client.get(f"/units/{query}", headers=headers)

    return ask


def codes(response):
    return [row["object"].code for row in response.context["table"]]


def test_shows_only_what_the_user_may_see(get):
    page = get()
    assert codes(page) == ["home", "s-0", "s-1", "s-2"]
    assert "崂山" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=市南单位1", ["s-1"]),
        ("?q=s-", ["s-0", "s-1", "s-2"]),
        ("?q=-1", []),
        ("?kind=street", ["s-1", "s-2"]),
        ("?kind=street&q=单位2", ["s-2"]),
        ("?sort=-code", ["s-2", "s-1", "s-0", "home"]),
        ("?sort=nonsense", ["home", "s-0", "s-1", "s-2"]),
        ("?page=999", ["home", "s-0", "s-1", "s-2"]),
    ],
)
def test_address_decides(get, query, expected):
    assert codes(get(query)) == expected


def test_search_does_not_reach_other_divisions(get):
    assert codes(get("?q=崂山")) == []
    assert codes(get("?q=l-0")) == []


def test_says_what_an_empty_list_means(get):
    assert _("Nothing fits these filters.") in get("?q=zzz").content.decode()
    assert _("Nothing fits these filters.") not in get().content.decode()


def test_columns_are_chosen_by_address(get):
    text = get("?columns=code,phone").content.decode()
    assert "<th" in text
    heads = [
        head["column"].name for head in get("?columns=code,phone").context["heads"]
    ]
    assert heads == ["code", "phone"]
    heads = [head["column"].name for head in get("?columns=nonsense").context["heads"]]
    assert "phone" not in heads
    assert "code" in heads


def test_filter_without_choice_means_all(get):
    text = get().content.decode()
    assert "---------" not in text
    assert f">{_('All')}</option>" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 0), ("?kind=street", 1), ("?is_active=unknown", 0), ("?is_active=true", 1)],
)
def test_counts_active_filters(get, query, count):
    assert get(query).context["filters_active"] == count


def test_sort_link_turns_round(get):
    head = get("?sort=code&q=s").context["heads"][0]
    assert head["state"] == "ascending"
    assert "sort=-code" in head["url"]
    assert "q=s" in head["url"]


def test_pages_and_sizes(get):
    for n in range(60):
        OrgUnitFactory(code=f"x-{n:02}", division_id="370202")
    first = get()
    assert len(codes(first)) == 25
    assert "page=2" in first.content.decode()
    assert len(codes(get("?size=50"))) == 50
    assert len(codes(get("?size=50&page=2"))) == 14
    assert len(codes(get("?size=100000"))) == 25


def test_queries_do_not_grow_with_rows(get, django_assert_num_queries):
    get()
    with django_assert_num_queries(QUERIES):
        get()
    for n in range(20):
        OrgUnitFactory(code=f"x-{n:02}", division_id="370202")
    with django_assert_num_queries(QUERIES):
        assert len(codes(get())) == 24


# user, permissions of user and of groups, unit, rows (also counted), saved views
QUERIES = 5


def test_htmx_gets_the_part_only(get):
    part = get("?q=s-", **{"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "市南单位1" in part


def test_poll_answers_304_until_something_changes(get):
    first = get(**{"X-Poll": "1"})
    tag = first["ETag"]
    second = get(**{"X-Poll": "1", "If-None-Match": tag})
    assert second.status_code == 304
    OrgUnitFactory(code="s-9", division_id="370202")
    assert get(**{"X-Poll": "1", "If-None-Match": tag}).status_code == 200


def test_csv_has_the_rows_of_the_list(get):
    response = get("?export=csv&kind=street&columns=code,name")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").split("\r\n")
    assert lines == ["Code,Name", "s-1,市南单位1", "s-2,市南单位2", ""]


def test_xlsx_has_the_rows_of_the_list(get):
    response = get("?export=xlsx&q=s-&sort=-code")
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    rows = list(book.active.values)
    assert rows[0][:2] == ("Code", "Name")
    assert [row[0] for row in rows[1:]] == ["s-2", "s-1", "s-0"]


def test_export_runs_no_formula(get):
    OrgUnitFactory(code="s-9", name="=1+1", division_id="370202")
    response = get("?export=csv&columns=name&q=s-9")
    assert "'=1+1" in b"".join(response.streaming_content).decode()


def test_too_long_an_export_is_refused(get):
    for n in range(40):
        OrgUnitFactory(code=f"x-{n:02}", division_id="370202")
    response = get("?export=csv")
    assert response.status_code == 400
    assert "40" in response.content.decode()


def test_unknown_export(get):
    assert get("?export=exe").status_code == 404


def test_needs_the_permission(client, clerk, units):
    clerk.groups.clear()
    client.force_login(clerk)
    assert client.get("/units/").status_code == 403
    assert client.get("/units/?export=csv").status_code == 403


def test_bulk_action_is_hidden_and_refused_without_the_right(get, client, units):
    assert not get().context["bulk_actions"]
    answer = client.post("/units/", {"bulk": "close", "selected": [units[0].pk]})
    assert answer.status_code == 403


def test_bulk_action_previews_then_runs(client, clerk, units, grant):
    client.force_login(grant(clerk, "accounts.change_orgunit"))
    chosen = {"bulk": "close", "selected": [unit.pk for unit in units]}
    preview = client.post("/units/", chosen)
    assert "市南单位2" in preview.content.decode()
    assert (
        OrgUnit.objects.filter(pk__in=chosen["selected"], is_active=True).count() == 3
    )

    OrgUnit.objects.filter(pk=units[1].pk).update(phone="busy")
    report = client.post("/units/", {**chosen, "confirmed": "1"})
    assert [unit.pk for unit in report.context["done"]] == [units[0].pk, units[2].pk]
    assert "busy line" in report.content.decode()


def test_bulk_action_does_not_reach_other_divisions(client, clerk, units, grant):
    client.force_login(grant(clerk, "accounts.change_orgunit"))
    other = OrgUnit.objects.get(code="l-0")
    data = {"bulk": "close", "selected": [other.pk], "confirmed": "1"}
    assert client.post("/units/", data).status_code == 302
    other.refresh_from_db()
    assert other.is_active


def test_views_are_saved_per_user(get, client, clerk, units):
    get()
    data = {"page": "/units/", "name": "街道", "query": "kind=street"}
    answer = client.post("/saved-views/", data)
    assert answer.url == "/units/?kind=street"
    assert "街道" in get().content.decode()
    client.post("/saved-views/", {**data, "query": "kind=district"})
    view = SavedView.objects.get(user=clerk)
    assert view.query == "kind=district"
    client.post(f"/saved-views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_somebody_elses_view_cannot_be_deleted(get, client, units):
    get()
    owner = UserFactory()
    view = SavedView.objects.create(user=owner, page="/units/", name="a", query="")
    assert client.post(f"/saved-views/{view.pk}/delete/").status_code == 404


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "evil"])
def test_saving_a_view_leads_nowhere_else(get, client, page):
    get()
    answer = client.post("/saved-views/", {"page": page, "name": "a", "query": ""})
    assert answer.url == "/"
