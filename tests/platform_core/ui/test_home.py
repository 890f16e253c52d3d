"""Home by role, navigation, search: what registers itself and who sees it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from platform_core.common.clock import now
from platform_core.ui import dashboards, navigation, search
from platform_core.ui.dashboards import Figure, TodoItem, TodoSource, Widget
from platform_core.ui.navigation import Entry
from platform_core.ui.search import Hit, SearchProvider
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
RIGHT = "accounts.view_orgunit"


@pytest.fixture
def registries(monkeypatch):
    """Empty registries for one test."""
    monkeypatch.setattr(navigation, "_entries", [])
    monkeypatch.setattr(navigation, "_public", [])
    monkeypatch.setattr(dashboards, "_widgets", {})
    monkeypatch.setattr(dashboards, "_sources", {})
    monkeypatch.setattr(search, "_providers", {})


def source(code, items, **more):
    return TodoSource(
        code,
        code,
        lambda user, limit: items,
        lambda user: len(items),
        "ui:home",
        **more,
    )


@pytest.mark.parametrize("node", ["N10000001", "P37000001", "M37020001"])
@pytest.mark.parametrize("name", ["ui:home", "ui:gallery", "ui:search"])
def test_pages_open_at_every_tier(client, as_node, node, name):
    as_node(node)
    client.force_login(UserFactory(is_superuser=True))
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.context["node_name"] in response.content.decode()


def test_most_urgent_comes_first(client, registries):
    late = TodoItem("late", "/a/", now() - timedelta(hours=1), "red")
    soon = TodoItem("soon", "/b/", now() + timedelta(hours=1), "yellow")
    never = TodoItem("never", "/c/")
    dashboards.register(source("one", [never, soon]), source("two", [late]))
    dashboards.register(source("empty", []), source("secret", [late], permission=RIGHT))
    user = UserFactory()
    todo = dashboards.todo(user)
    assert [item.title for item in todo.items] == ["late", "soon", "never"]
    assert todo.total == 3
    assert [one.code for one, _ in todo.sources] == ["one", "two"]
    client.force_login(user)
    text = client.get("/").content.decode()
    assert text.index(">late<") < text.index(">soon<") < text.index(">never<")


def test_home_refreshes_only_when_something_changed(client, registries):
    items = [TodoItem("first", "/a/")]
    dashboards.register(source("one", items))
    client.force_login(UserFactory())
    tag = client.get("/", headers={"X-Poll": "1"})["ETag"]
    again = {"X-Poll": "1", "If-None-Match": tag}
    assert client.get("/", headers=again).status_code == 304
    items.append(TodoItem("second", "/b/"))
    part = client.get("/", headers=again).content.decode()
    assert ">second<" in part
    assert "<html" not in part


def test_widgets_follow_permission_role_and_tier(registries):
    def widget(code, **more):
        template = "ui/widgets/figures.html"
        return Widget(code, code, template, lambda request: {"figures": []}, **more)

    dashboards.register(
        widget("second", order=2),
        widget("first", order=1),
        widget("right", permission=RIGHT),
        widget("role", roles=("dispatcher",)),
        widget("tier", tiers=("national",)),
        widget("elsewhere", area="todo"),
    )

    def codes(user):
        return [widget.code for widget in dashboards.widgets(user, "figures")]

    assert codes(UserFactory()) == ["first", "second"]
    assert codes(UserFactory(roles=["dispatcher"])) == ["first", "second", "role"]
    root = UserFactory(is_superuser=True)
    assert codes(root) == ["first", "second", "right", "role"]


def test_a_number_opens_its_list(client, registries):
    figures = [
        Figure("Reported", 12, "/list/?day=1", level="red"),
        Figure("Share", "–"),
    ]
    dashboards.register(
        Widget("w", "Today", "ui/widgets/figures.html", lambda r: {"figures": figures})
    )
    client.force_login(UserFactory())
    assert 'href="/list/?day=1"' in client.get("/").content.decode()


def test_menu_shows_what_the_user_may_open(registries):
    system = ("one", "One")
    navigation.register(
        Entry("Second", "ui:search", order=2, system=system),
        Entry("First", "ui:gallery", order=1, system=system),
        Entry("Closed", "ui:home", permission=RIGHT, system=system),
        Entry("Elsewhere", "ui:home", tiers=("national",)),
        Entry("Broken", "nowhere:at-all"),
    )
    (group,) = navigation.menu(UserFactory(), "/search/")
    assert [link.label for link in group.links] == ["First", "Second"]
    assert [link.active for link in group.links] == [False, True]
    assert group.active


def test_longest_matching_entry_is_marked(registries):
    navigation.register(
        Entry("Home", "ui:home"),
        Entry("Search", "ui:search", query="q=a"),
    )
    (group,) = navigation.menu(UserFactory(), "/search/more/")
    assert [link.active for link in group.links] == [False, True]
    assert group.links[1].url == "/search/?q=a"


def test_a_long_menu_unfolds_the_system_one_is_in(registries):
    def unfolded(path):
        return [group.unfolded for group in navigation.menu(UserFactory(), path)]

    for code in ("a", "b", "c"):
        navigation.register(
            *(Entry(f"{code}{n}", "ui:home", system=(code, code)) for n in range(6))
        )
    assert unfolded("/") == [True, True, True]
    navigation.register(Entry("Search", "ui:search", system=("c", "c")))
    assert unfolded("/search/") == [False, False, True]
    assert unfolded("/elsewhere/") == [True, False, False]


def test_shortcuts_are_the_marked_entries(registries):
    navigation.register(
        Entry("A", "ui:home", system=("a", "A")),
        Entry("B", "ui:search", system=("b", "B")),
    )
    menu = navigation.menu(UserFactory(), "/")
    assert [link.label for link in navigation.shortcuts(menu)] == ["A", "B"]
    navigation.register(Entry("C", "ui:gallery", system=("b", "B"), shortcut=True))
    menu = navigation.menu(UserFactory(), "/")
    assert [link.label for link in navigation.shortcuts(menu)] == ["C"]


def test_links_for_people_without_an_account(registries):
    navigation.public_link("Report", "ui:search", tiers=("municipal",))
    navigation.public_link("Other", "ui:search", tiers=("national",))
    assert [link.label for link in navigation.public_links()] == ["Report"]


def test_search_asks_what_the_user_may_ask(client, registries):
    asked = []

    def find(user, text, limit):
        asked.append(text)
        return [Hit(f"found {text}", "/x/", "summary")] if text == "井盖" else []

    search.register(
        SearchProvider("a", "Cases", find),
        SearchProvider("b", "Secrets", find, permission=RIGHT),
        SearchProvider("c", "Others", find, tiers=("national",)),
    )
    client.force_login(UserFactory())
    assert "found 井盖" in client.get("/search/?q=井盖").content.decode()
    assert asked == ["井盖"]
    client.get("/search/?q=井")
    assert asked == ["井盖"]


def test_search_box_stands_only_where_something_can_be_searched(client, registries):
    client.force_login(UserFactory())
    assert "topbar-search" not in client.get("/").content.decode()
    search.register(SearchProvider("a", "Cases", lambda *args: []))
    assert "topbar-search" in client.get("/").content.decode()


def test_home_asks_a_constant_number_of_queries(
    client, registries, django_assert_max_num_queries
):
    client.force_login(UserFactory())
    client.get("/")
    with django_assert_max_num_queries(7):
        client.get("/")


def test_a_widget_gives_way_to_one_that_says_more(registries):
    """Who may see the fuller panel does not get the smaller one beside it."""
    template = "ui/widgets/figures.html"
    dashboards.register(
        Widget("small", "small", template, lambda request: {}, unless=RIGHT),
        Widget("full", "full", template, lambda request: {}, permission=RIGHT),
    )

    def codes(user):
        return [widget.code for widget in dashboards.widgets(user, "figures")]

    assert codes(UserFactory()) == ["small"]
    assert codes(UserFactory(is_superuser=True)) == ["full"]
