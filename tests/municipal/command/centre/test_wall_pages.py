"""The wall, its map, what is ordered from it, and the screens that it plays."""

import pytest
from django.urls import reverse

from municipal.command.centre.board import summing
from municipal.command.centre.models import Screen
from municipal.command.centre.wall import panels, services
from municipal.command.models import Case
from municipal.command.patrol.services import attendance
from municipal.command.patrol.services.common import Place
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError, Forbidden
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.notices.models import Notice
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import LAT, LON, STEP, lead, report

WALL = "centre:wall"
INSIDE = "centre:wall-inside"
ACT = "centre:wall-act"
PEOPLE = "centre:wall-people"
MESSAGE = "centre:wall-message"
ACTIONS = ("dispatch", "send_check", "urge", "supervise")
HALL = {"name": "大厅", "area": "370200", "span": "week", "seconds": 30}


@pytest.fixture
def leader(city):
    """Somebody who commands from the wall."""
    return UserFactory(roles=["bureau_leader", "dispatcher"])


@pytest.fixture
def on_duty(city):
    """The inspector of the grid, clocked in there."""
    return clock_in(city.supervisor, LON + STEP / 2)


def clock_in(person, lon):
    return attendance.clock_in(
        by=person, at=clock.now(), place=Place(lon, LAT + STEP / 2)
    )


@pytest.fixture
def screen(city):
    made = Screen(name="大厅", area="370200", seconds=30)
    return services.save_screen(screen=made, scene="round", by=city.duty_leader)


@pytest.mark.function("CC-51", at=WALL)
def test_the_wall_holds_map_layers_and_panels(client, city, leader):
    report(city)
    client.force_login(leader)
    page = client.get(reverse(WALL))
    html = page.content.decode()
    for layer in ("cases", "heat", "grids", "components", "people", "tracks"):
        assert f'data-layer="{layer}"' in html
    for panel in ("map", "stream", "trend", "hot", "sources", "states"):
        assert f'data-panel="{panel}"' in html
    assert "data-time" in html
    assert page.context["config"]["box"] == [
        LON + STEP / 2,
        LAT + STEP / 2,
        LON + 3.5 * STEP,
        LAT + STEP / 2,
    ]
    assert client.get(reverse(WALL), {"scene": "nowhere"}).status_code == 404
    client.force_login(city.dept_handler)
    assert client.get(reverse(WALL)).status_code == 403


def test_a_panel_is_left_out_for_who_may_not_see_it(client, city):
    client.force_login(city.dispatcher)
    html = client.get(reverse(WALL)).content.decode()
    assert 'data-panel="people"' not in html
    assert 'data-panel="trend"' in html


@pytest.mark.function("CC-51", at=INSIDE)
def test_box_and_radius_find_cases_and_inspectors(client, city, leader, on_duty):
    near, far = report(city), report(city, lon=LON + 3.5 * STEP)
    closed = lead(city, "closed")
    client.force_login(leader)

    def ask(**given):
        return client.get(reverse(INSIDE), given)

    box = f"{LON},{LAT},{LON + 4 * STEP},{LAT + STEP}"
    found = ask(bbox=box).json()
    assert {row["number"] for row in found["cases"]} == {near.number, far.number}
    assert closed.number not in str(found)
    circle = ask(lon=near.lon, lat=near.lat, radius=60).json()
    assert [row["number"] for row in circle["cases"]] == [near.number]
    assert [row["pk"] for row in circle["people"]] == [city.supervisor.pk]
    away = ask(lon=near.lon, lat=near.lat + 0.1, radius=60).json()
    assert (away["cases"], away["people"]) == ([], [])
    for wrong in (
        {"bbox": "1,2,3"},
        {"bbox": "100,20,120,40"},
        {"lon": "x", "lat": "1", "radius": "1"},
        {"lon": "1", "lat": "1", "radius": "nan"},
        {},
    ):
        assert ask(**wrong).status_code == 400


@pytest.mark.function("CC-51", at=INSIDE)
def test_a_box_finds_what_the_map_is_set_to(client, city, leader):
    waits, closed = report(city), lead(city, "closed")
    client.force_login(leader)
    box = f"{LON},{LAT},{LON + 4 * STEP},{LAT + STEP}"

    def numbers(**given):
        answer = client.get(reverse(INSIDE), {"bbox": box, **given})
        return {row["number"] for row in answer.json()["cases"]}

    day = clock.today()
    assert numbers(state="", major="") == {waits.number}
    assert numbers(state="verifying") == set()
    shown = {"reported_from": day.isoformat(), "reported_to": day.isoformat()}
    assert numbers(**shown) == {waits.number, closed.number}
    assert numbers(reported_to="2020-01-01", reported_from="2020-01-01") == set()
    given = {"bbox": box, "reported_from": "yesterday"}
    assert client.get(reverse(INSIDE), given).status_code == 400


def test_the_wall_offers_what_the_post_may_do(client, city):
    def offered(person):
        client.force_login(person)
        html = client.get(reverse(WALL)).content.decode()
        return {name for name in ACTIONS if f'data-act="{name}"' in html}

    assert offered(city.dispatcher) == {"dispatch", "urge"}
    assert offered(UserFactory(roles=["overseer"])) == {"urge", "supervise"}


def test_a_district_finds_nothing_of_another(client, city, on_duty):
    report(city)
    unit = OrgUnitFactory(division_id="370203")
    client.force_login(UserFactory(roles=["overseer"], unit=unit))
    box = f"{LON},{LAT},{LON + 4 * STEP},{LAT + STEP}"
    found = client.get(reverse(INSIDE), {"bbox": box}).json()
    assert (found["cases"], found["people"]) == ([], [])


@pytest.mark.function("CC-56", at=ACT)
def test_chosen_cases_are_urged_after_a_preview_each_with_its_result(
    client, city, leader
):
    goes, stays = lead(city, "handling"), report(city)
    client.force_login(leader)
    given = {"action": "urge", "cases": [str(goes.uid), str(stays.uid)], "note": "抓紧"}
    shown = client.post(reverse(ACT), given).json()["rows"]
    assert [bool(row["problem"]) for row in shown] == [
        row["number"] == stays.number for row in shown
    ]
    assert Case.objects.get(pk=goes.pk).urged_count == 0
    told = client.post(reverse(ACT), {**given, "confirm": "1"}).json()
    assert told["done"] == [goes.number]
    assert told["left"][0][0] == stays.number
    assert Case.objects.get(pk=goes.pk).urged_count == 1
    entry = AuditEntry.objects.get(type="wall.commanded")
    assert entry.data == {"action": "urge", "note": "抓紧"}


@pytest.mark.function("CC-56", at=ACT)
@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("dispatch", "pending_dispatch", None), ("supervise", "handling", "handling")],
)
def test_tasks_and_supervision_go_the_usual_way(
    client, city, leader, action, before, after
):
    case = lead(city, before)
    client.force_login(leader)
    given = {"action": action, "cases": [str(case.uid)], "note": "限期处置"}
    told = client.post(reverse(ACT), {**given, "confirm": "1"}).json()
    case.refresh_from_db()
    if action == "supervise":
        assert told["done"] == [case.number]
        assert case.supervise_level == 1
    else:  # nobody recommends a unit here, and the wall says so
        assert told["left"][0][0] == case.number
        assert case.state == before


def test_who_may_not_act_does_not(client, city, leader):
    case = lead(city, "handling")
    given = {"action": "urge", "cases": [str(case.uid)]}
    client.force_login(city.acceptor)
    assert client.post(reverse(ACT), given).status_code == 403
    client.force_login(leader)
    assert client.post(reverse(ACT), {**given, "action": "close"}).status_code == 400
    assert client.post(reverse(ACT), {**given, "cases": ["x"]}).status_code == 400
    assert client.post(reverse(ACT), {"action": "urge"}).status_code == 400
    assert client.get(reverse(ACT)).status_code == 405


@pytest.mark.function("CC-56", at=MESSAGE)
def test_a_group_is_told_and_strangers_are_not(client, city, leader):
    client.force_login(leader)
    stranger = UserFactory(unit=OrgUnitFactory(division_id="370800"))
    given = {"people": [city.supervisor.pk, stranger.pk], "text": "请到现场核实"}
    assert client.post(reverse(MESSAGE), given).json() == {"told": 1}
    notice = Notice.objects.get(recipient=city.supervisor, kind="centre.message")
    assert notice.body == "请到现场核实"
    assert not Notice.objects.filter(recipient=stranger).exists()
    assert AuditEntry.objects.get(type="wall.message").data["people"] == [
        city.supervisor.pk
    ]
    for wrong in ({"people": ["x"], "text": "a"}, {"people": [1], "text": " "}):
        assert client.post(reverse(MESSAGE), wrong).status_code == 400


@pytest.mark.function("CC-52", at="centre:people")
def test_the_panel_counts_inspectors_by_district_and_their_work(
    client, city, leader, on_duty
):
    report(city)
    client.force_login(leader)
    shown = client.get(reverse(PEOPLE)).json()
    assert shown["total"] == 1
    assert shown["districts"][0]["code"] == "370202"
    assert shown["points"]["features"][0]["properties"]["person"] == city.supervisor.pk
    page = client.get(reverse("centre:people"))
    (row,) = page.context["board"]
    assert (row["reports"], row["verified"], row["checked"]) == (1, 0, 0)
    replay = reverse("patrol:track", args=[city.supervisor.pk, on_duty.day])
    assert replay in page.content.decode()
    track = client.get(reverse("centre:wall-track", args=[city.supervisor.pk]))
    assert track.json()["type"] == "FeatureCollection"
    other = reverse("centre:wall-track", args=[city.other_supervisor.pk])
    assert client.get(other).status_code == 404


@pytest.mark.function("CC-52", at="centre:people-message")
def test_inspectors_get_a_message_from_the_panel(client, city, leader, on_duty):
    client.force_login(leader)
    url = reverse("centre:people-message")
    answer = client.post(url, {"people": [city.supervisor.pk], "text": "集合"})
    assert answer.status_code == 302
    assert Notice.objects.filter(recipient=city.supervisor, body="集合").exists()


def test_the_panel_costs_the_same_for_more_inspectors(
    client, city, leader, on_duty, django_assert_max_num_queries
):
    client.force_login(leader)
    client.get(reverse("centre:people"))
    with django_assert_max_num_queries(24) as few:
        client.get(reverse("centre:people"))
    most = len(few)
    for _ in range(4):
        person = UserFactory(roles=["supervisor"])
        city.duty_grid.supervisors.add(person)
        clock_in(person, LON + STEP)
    with django_assert_max_num_queries(most):
        page = client.get(reverse("centre:people"))
    assert len(page.context["board"]) == 5


@pytest.mark.function("CC-59", at="centre:screen-add")
def test_a_screen_is_made_from_a_scene_and_played(client, city):
    client.force_login(city.duty_leader)
    url = reverse("centre:screen-add")
    answer = client.post(url, {**HALL, "scene": "round", "is_active": "on"})
    made = Screen.objects.get()
    assert answer.url == made.get_absolute_url()
    assert len(made.pages) == 3
    assert AuditEntry.objects.filter(type="screen.saved").exists()
    page = client.get(reverse("centre:wall-screen", args=[made.pk]))
    assert page.context["config"]["seconds"] == 30
    assert page.content.decode().count('class="cw-page"') == 3
    assert "大厅" in client.get(reverse("centre:screen-list")).content.decode()


@pytest.mark.function("CC-59", at="centre:screen-page")
def test_panels_are_arranged_in_a_split(client, city, screen):
    client.force_login(city.duty_leader)
    url = reverse("centre:screen-page", args=[screen.pk, 1])
    given = {
        "title": "两分屏",
        "layout": "two",
        "panel_0_0": "map",
        "panel_1_0": "trend",
        "panel_1_1": "stream",
        "panel_3_0": "hot",
    }
    assert client.post(url, given).status_code == 302
    screen.refresh_from_db()
    expected = {"left": ["map"], "right": ["trend", "stream"]}
    assert screen.pages[1] == {"title": "两分屏", "layout": "two", "slots": expected}
    assert screen.revision == 2
    shown = client.get(url).context["form"].initial
    assert shown["panel_1_1"] == "stream"
    data = client.get(reverse("centre:wall-data"), {"screen": screen.pk}).json()
    assert data["revision"] == 2
    again = client.post(url, {**given, "panel_1_1": "map"})
    assert again.status_code == 422
    entry = AuditEntry.objects.get(type="screen.page_saved")
    assert entry.data["page"] == "两分屏"


@pytest.mark.function("CC-59", at="centre:screen-page-move")
def test_pages_are_moved_added_and_dropped(client, city, screen):
    client.force_login(city.duty_leader)
    titles = [page["title"] for page in screen.pages]
    move = reverse("centre:screen-page-move", args=[screen.pk, 2])
    assert client.post(move).status_code == 302
    screen.refresh_from_db()
    assert [page["title"] for page in screen.pages] == [titles[0], titles[2], titles[1]]
    drop = reverse("centre:screen-page-drop", args=[screen.pk, 0])
    for _ in range(2):
        assert client.post(drop).status_code == 302
    assert client.post(drop).status_code == 422
    screen.refresh_from_db()
    assert len(screen.pages) == 1
    missing = reverse("centre:screen-page", args=[screen.pk, 5])
    assert client.get(missing).status_code == 404


def test_screens_are_changed_by_who_may_and_in_their_area(city, screen):
    with pytest.raises(Forbidden):
        services.drop_page(screen=screen, number=0, by=city.overseer)
    below = UserFactory(
        roles=["duty_leader"], unit=OrgUnitFactory(division_id="370203")
    )
    with pytest.raises(DomainError):
        services.move_page(screen=screen, number=1, by=below)
    assert Screen.objects.visible_to(below).exists()
    own = services.save_screen(
        screen=Screen(name="区", area="370203"), by=below, scene="cases"
    )
    other = UserFactory(
        roles=["duty_leader"], unit=OrgUnitFactory(division_id="370202")
    )
    assert own not in Screen.objects.visible_to(other)


@pytest.mark.function("CC-59", at="centre:wall-screen")
def test_every_scene_names_panels_and_layouts_that_there_are(client, city, leader):
    client.force_login(leader)
    summing.sum_all()
    for code in panels.SCENES:
        for page in panels.scene(code):
            assert services.page_problem(page) == ""
        assert client.get(reverse(WALL), {"scene": code}).status_code == 200


@pytest.mark.function("CC-50", at="centre:wall-rebuild")
def test_the_figures_are_counted_anew_on_demand(client, city):
    report(city)
    client.force_login(city.duty_leader)
    assert client.post(reverse("centre:wall-rebuild")).status_code == 302
    job = Job.objects.get(kind="centre.rebuild")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 1)
    client.force_login(city.overseer)
    assert client.post(reverse("centre:wall-rebuild")).status_code == 403
