"""What other apps put on the page of a case."""

import pytest

from municipal.command import panels
from municipal.command.panels import Button, Panel
from tests.factories.command import lead


@pytest.fixture
def own_registry(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    monkeypatch.setattr(panels, "_buttons", {})


def test_a_registered_panel_and_button_are_on_the_page(client, city, own_registry):
    shape = {"text": "尚无协作", "icon": "inbox"}
    panels.register(
        Panel("x", "协作", "ui/tags/empty.html", lambda case, request: shape),
        Panel("y", "别处", "ui/tags/empty.html", lambda case, request: None),
    )
    panels.register_buttons(
        Button("z", lambda case, request: [{"name": "会办", "url": "/z", "allowed": 1}])
    )
    case = lead(city, "handling")
    client.force_login(city.dispatcher)
    text = client.get(case.get_absolute_url()).content.decode()
    assert "panel-x" in text
    assert "尚无协作" in text
    assert "panel-y" not in text
    assert "会办" in text


def test_a_panel_is_kept_from_who_may_not_see_it(client, city, own_registry):
    panel = Panel(
        "x",
        "协作",
        "ui/tags/empty.html",
        lambda case, request: {"text": "秘密", "icon": "inbox"},
        permission="command.dispatch_case",
    )
    panels.register(panel)
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    assert "秘密" not in client.get(case.get_absolute_url()).content.decode()
    client.force_login(city.dispatcher)
    assert "秘密" in client.get(case.get_absolute_url()).content.decode()
