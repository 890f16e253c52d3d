"""Words, lights, charts, columns, icons: what pages are made of."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from platform_core.common import clock
from platform_core.ui import charts, components, icons, words
from platform_core.ui.columns import Column
from platform_core.ui.exports import harmless
from platform_core.ui.templatetags.ui import outline_file

NOON = datetime(2026, 9, 25, 4, 0, tzinfo=UTC)  # 12:00 in Beijing


@pytest.fixture(autouse=True)
def fixed_time():
    with clock.at(NOON), override("en"):
        yield


def draw(text, **context):
    request = RequestFactory().get("/list/?q=a&page=2")
    return Template("{% load ui %}" + text).render(
        Context({"request": request, **context})
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (5, "5 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (5400, "1 h 30 min"),
        (86400, "1 d"),
        (90000, "1 d 1 h"),
        (-7200, "2 h"),
    ],
)
def test_duration(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("moved", "text"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(days=-8), "2026-09-17 12:00"),
    ],
)
def test_relative(moved, text):
    assert words.relative(NOON + moved) == text


def test_deadline_tells_time_left_and_why():
    html = components.deadline(NOON + timedelta(hours=3), "yellow", "8 work <hours>")
    assert "3 h left" in html
    assert "2026-09-25 15:00" in html
    assert "8 work &lt;hours&gt;" in html
    assert "Due soon" in html
    assert "▲" in html


def test_deadline_that_has_passed():
    html = components.deadline(NOON - timedelta(days=2), "red")
    assert "2 d overdue" in html
    assert "■" in html
    assert "—" in components.deadline(None)


def test_lights_differ_in_shape_and_text():
    drawn = [components.light(code) for code in ("green", "yellow", "red", "none")]
    assert len({html.split("</i>")[0][-1] for html in drawn}) == 4
    assert components.light("nonsense") == components.light("none")


def test_status_escapes_and_keeps_to_its_levels():
    assert "&lt;b&gt;" in components.status("<b>", "red")
    assert "status-grey" in components.status("x", "purple")


def test_timeline_takes_objects_and_dicts():
    step = SimpleNamespace(
        action="dispatch",
        at=NOON,
        by_name="李雷",
        unit_name="市政处",
        note="line 1\n<b>",
        elapsed_seconds=3700,
        overdue=True,
    )
    html = draw("{% timeline steps %}", steps=[step, {"title": "Closed"}])
    for part in ("dispatch", "李雷 · 市政处", "1 h 1 min", "&lt;b&gt;", "Overdue"):
        assert part in html
    assert "System" in html
    assert html.index("dispatch") < html.index("Closed")
    turned = draw("{% timeline steps True %}", steps=[step, {"title": "Closed"}])
    assert turned.index("Closed") < turned.index("dispatch")


def test_chart_has_its_numbers_behind_it():
    option = charts.bar(["Mon", "</script>"], {"Reported": [3, None]})
    html = draw("{% chart 'c' option 200 %}", option=option)
    assert '<td>Mon</td><td class="text-end">3</td>' in html
    assert "—" in html
    assert "<td></script>" not in html
    assert 'id="c-option"' in html


def test_tables_of_charts():
    head, rows = charts.table(charts.line(["1", "2"], {"a": [1, 2], "b": [3]}))
    assert head == ["Item", "a", "b"]
    assert rows == [["1", 1, 3], ["2", 2, "—"]]
    assert charts.table(charts.pie({"x": 1}))[1] == [["x", 1]]
    flat = charts.bar(["1"], {"a": [{"value": 7, "url": "/"}]}, flat=True)
    assert charts.table(flat)[1] == [["1", 7]]


def test_map_needs_no_tile_server(settings):
    html = draw("{% map 'm' division='370200' points=points pick='a,b' %}", points={})
    assert '"outline": "370000"' in html
    assert '"focus": "370200"' in html
    assert '"tiles": ""' in html
    assert '"pick": ["a", "b"]' in html
    settings.MAP_TILES = "https://tiles.example/{z}/{x}/{y}"
    assert "tiles.example" in draw("{% map 'm' lon='120.5' lat=36 %}")


def test_the_controls_of_a_map_speak_chinese():
    with override("zh-hans"):
        html = draw("{% map 'm' %}")
    settings = json.loads(html.partition('application/json">')[2].partition("<")[0])
    assert settings["locale"]["NavigationControl.ZoomIn"] == "放大"
    assert settings["locale"]["NavigationControl.ZoomOut"] == "缩小"


@pytest.mark.parametrize(
    ("division", "file"),
    [("100000", "100000"), ("370000", "370000"), ("370202", "370000"), ("", "")],
)
def test_outline_file(division, file):
    assert outline_file(division) == file


def test_query_keeps_the_other_parameters():
    assert draw("{% query page=3 q='b' %}") == "?q=b&amp;page=3"
    assert draw("{% query page=None %}") == "?q=a"


def test_every_icon_can_be_drawn():
    for name in icons.PATHS:
        assert "<path" in icons.icon(name)
    with pytest.raises(KeyError):
        icons.icon("nonsense")
    assert 'aria-label="Bell"' in icons.icon("bell", label="Bell")


def row(**values):
    return SimpleNamespace(**values)


def test_column_values():
    thing = row(
        unit=row(name="<处>"),
        none=None,
        yes=True,
        at=NOON,
        level=2,
        get_level_display=lambda: "High",
        share=12.50,
        get_absolute_url=lambda: "/x/",
    )
    assert Column("unit.name", "").plain(thing) == "<处>"
    assert Column("unit.boss.name", "").value(thing) is None
    assert "—" in Column("none", "").cell(thing)
    assert Column("yes", "").cell(thing) == "Yes"
    assert "12:00:00" in Column("at", "").cell(thing)
    assert Column("at", "").plain(thing) == "2026-09-25 12:00"
    assert Column("level", "").value(thing) == "High"
    assert Column("share", "").cell(thing) == "12.5"
    linked = Column("unit.name", "", link=True).cell(thing)
    assert linked == '<a href="/x/">&lt;处&gt;</a>'
    assert Column("unit.name", "", sort=True).order_field == "unit__name"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1"])
def test_formulas_are_made_harmless(text):
    assert harmless(text) == f"'{text}"
    assert harmless(5) == 5


def test_shown_filter():
    assert draw("{{ x|shown }}", x=False) == "No"
    assert "—" in draw("{{ x|moment }}{{ x|stamp }}", x=None)
    assert draw("{{ x|duration }}", x=120) == "2 min"
