"""Video: servers, points, tree, player, reports, patrols, results of analysis."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from municipal.command.centre.models import (
    Detection,
    StreamServer,
    VideoPlan,
    VideoPoint,
    VideoWalk,
)
from municipal.command.centre.video import hits, patrols, points, streams
from municipal.command.models import Case
from platform_core.accounts.enums import UnitKind
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, Forbidden
from platform_core.files import services as files
from platform_core.jobs.models import Job
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import CLASS, LAT, LON, STEP

API = "/api/v1/video/detections"
HOST = "https://video.example:8443"


def shot(name="a.jpg"):
    """A real little picture as an upload."""
    stream = BytesIO()
    Image.new("RGB", (32, 18), "navy").save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), "image/jpeg")


@pytest.fixture
def server(city, admin):
    made = StreamServer(name="视频平台", address=f"{HOST}/")
    return streams.save_server(server=made, by=admin)


def add(admin, code, **change):
    given = {
        "name": f"香港中路{code}",
        "group": "主干道",
        "lon": LON + STEP / 2,
        "lat": LAT + STEP / 2,
    }
    return points.save_point(point=VideoPoint(code=code, **given | change), by=admin)


@pytest.fixture
def point(server, admin):
    return add(
        admin,
        "V001",
        stream=f"{HOST}/live/1.m3u8",
        replay=f"{HOST}/vod/1.m3u8?from={{begin}}&to={{end}}",
        state="online",
    )


@pytest.fixture
def engine(db):
    return UserFactory(roles=["interface"], full_name="智能分析平台")


# Addresses -----------------------------------------------------------------------


@pytest.mark.function("CC-55", at="centre:server-list")
@pytest.mark.parametrize(
    "address",
    [
        "http://10.1.2.3:8080",
        "https://192.168.0.9",
        "http://localhost",
        "http://[::1]:80",
        "http://media",
        "https://media.internal",
        "rtsp://video.example",
        "https://user:pw@video.example",
        "https://video.example/path",
    ],
)
def test_a_server_in_a_private_network_or_of_another_kind_is_refused(
    client, admin, address
):
    client.force_login(admin)
    given = {"name": "x", "address": address, "is_active": "on"}
    assert client.post(reverse("centre:server-add"), given).status_code == 422
    assert not StreamServer.objects.exists()


def test_a_private_server_is_taken_where_that_is_said(client, admin):
    client.force_login(admin)
    given = {"name": "x", "address": "http://10.1.2.3:8080", "allow_private": "on"}
    assert client.post(reverse("centre:server-add"), given).status_code == 302
    assert StreamServer.objects.get().revision == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("stream", "https://elsewhere.example/1.m3u8"),
        ("stream", "//video.example/1.m3u8"),
        ("stream", "javascript:alert(1)"),
        ("stream", "https://u:p@video.example:8443/1.m3u8"),
        ("replay", f"{HOST}/vod/1.m3u8"),
        ("lon", 100.0),
    ],
)
def test_a_point_plays_from_registered_servers_in_the_city(server, admin, field, value):
    with pytest.raises(DomainError) as refused:
        add(admin, "V009", **{field: value})
    assert field in refused.value.fields


@pytest.mark.function("CC-55", at="centre:video-point")
def test_only_the_players_page_may_reach_the_servers(client, point, officer):
    client.force_login(officer)
    page = client.get(point.get_absolute_url())
    policy = page["Content-Security-Policy"]
    assert f"media-src 'self' blob: {HOST};" in policy
    assert f"connect-src 'self' {HOST};" in policy
    assert f"{HOST}/live/1.m3u8" in page.content.decode()
    assert HOST not in client.get(reverse("centre:video"))["Content-Security-Policy"]
    StreamServer.objects.update(is_active=False)
    assert HOST not in client.get(point.get_absolute_url())["Content-Security-Policy"]


def test_a_recording_is_played_by_time(client, point, officer):
    client.force_login(officer)
    url = point.get_absolute_url()
    now = clock.now()
    begin, end = now - timedelta(hours=2), now - timedelta(hours=1)
    given = {"begin": begin.isoformat(), "end": end.isoformat()}
    text = client.get(url, given).content.decode()
    assert streams.replay_address("{begin}", begin, end).endswith("Z")
    assert f"from={begin.strftime('%Y%m%dT%H%M')}" in text
    late = {"begin": end.isoformat(), "end": (now + timedelta(hours=1)).isoformat()}
    assert f"{HOST}/vod" not in client.get(url, late).content.decode()
    long = {"begin": (now - timedelta(days=3)).isoformat(), "end": now.isoformat()}
    assert f"{HOST}/vod" not in client.get(url, long).content.decode()


# Points --------------------------------------------------------------------------


@pytest.mark.function("CC-55", at="centre:video")
def test_the_tree_counts_and_the_search_finds(
    client, point, admin, officer, django_assert_max_num_queries
):
    client.force_login(officer)
    with django_assert_max_num_queries(14):
        text = client.get(reverse("centre:video")).content.decode()
    assert "主干道" in text
    for number in range(20):
        add(admin, f"W{number:03d}", group=f"组{number % 3}")
    with django_assert_max_num_queries(14):
        client.get(reverse("centre:video"))
    asked = {"division": "370202", "group": "组1"}
    text = client.get(reverse("centre:video-branch"), asked).content.decode()
    assert text.count("<li>") == 7
    text = client.get(reverse("centre:video"), {"q": "V00"}).content.decode()
    assert "香港中路V001" in text
    assert "香港中路W001" not in text
    shapes = client.get(reverse("centre:video-shapes")).json()
    assert len(shapes["features"]) == 21


@pytest.mark.function("CC-55", at="centre:point-import")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_of_points_is_taken_in_and_says_what_is_wrong(
    client, server, admin, encoding, django_capture_on_commit_callbacks
):
    good = f"{LON + STEP / 2},{LAT + STEP / 2}"
    lines = (
        "code,name,group,kind,lon,lat,coord_sys,stream,owner",
        f"A1,路口一,主干道,ptz,{good},cgcs2000,{HOST}/a1.m3u8,",
        f"A2,路口二,主干道,drone,{good},,,",
        "A3,路口三,主干道,fixed,十二,36,,,",
        "A4,路口四,主干道,fixed,100,36,,,",
        f"A5,路口五,主干道,fixed,{good},,http://192.168.1.1/a.m3u8,",
        f"A6,路口六,主干道,fixed,{good},,,无此单位",
        f",无编码,主干道,fixed,{good},,,",
        f"A1,路口一改,主干道,ptz,{good},,,",
    )
    table = SimpleUploadedFile("p.csv", "\n".join(lines).encode(encoding))
    client.force_login(admin)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("centre:point-import"), {"table": table})
    job = Job.objects.get()
    assert (job.done, job.failed) == (2, 6)
    assert sorted(job.problems.values_list("row", "field")) == [
        (3, "kind"),
        (4, "lon"),
        (5, "lon"),
        (6, "stream"),
        (7, "owner"),
        (8, "code"),
    ]
    assert VideoPoint.objects.get().name == "路口一改"


def test_somebody_of_a_district_sees_the_points_there_only(client, point):
    def of_district(code):
        unit = OrgUnitFactory(division_id=code, kind=UnitKind.DISTRICT)
        return UserFactory(roles=["dispatcher"], unit=unit)

    client.force_login(of_district("370203"))
    assert client.get(point.get_absolute_url()).status_code == 404
    assert client.get(reverse("centre:video-shapes")).json()["features"] == []
    client.force_login(of_district("370202"))
    assert client.get(point.get_absolute_url()).status_code == 200


@pytest.mark.function("CC-55", at="centre:video-report")
def test_a_snapshot_becomes_a_case(client, city, point):
    client.force_login(city.acceptor)
    assert "data-snapshot" in client.get(point.get_absolute_url()).content.decode()
    given = {
        "problem": f"matter:{CLASS}",
        "description": "视频巡查发现垃圾堆放",
        "address": "香港中路",
        "lon": point.lon,
        "lat": point.lat,
        "photos": shot(),
    }
    url = reverse("centre:video-report", args=[point.pk])
    answer = client.post(url, given)
    case = Case.objects.get()
    assert answer.url == case.get_absolute_url()
    assert (case.source_id, case.state) == ("13", "pending_accept")
    assert files.of(case, "report").count() == 1
    assert client.post(url, given | {"photos": text_file()}).status_code == 422
    assert Case.objects.count() == 1


def text_file():
    return SimpleUploadedFile("a.jpg", b"no picture at all", "image/jpeg")


# Patrols -------------------------------------------------------------------------


@pytest.mark.function("CC-55", at=["centre:plan-list", "centre:video-walk"])
def test_a_patrol_leads_from_point_to_point_and_to_cases(client, city, point, admin):
    second = add(admin, "V002", name="南京路口")
    client.force_login(admin)
    given = {
        "name": "主干道巡查",
        "interval": 60,
        "is_active": "on",
        "points": "V002\nV001",
        "people": [city.acceptor.pk],
    }
    assert (
        client.post(
            reverse("centre:plan-add"), given | {"points": "V001\nX9"}
        ).status_code
        == 422
    )
    assert client.post(reverse("centre:plan-add"), given).status_code == 302
    plan = VideoPlan.objects.get()
    assert plan.points == [second.pk, point.pk]
    assert patrols.due(city.acceptor) == []
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert patrols.due(city.acceptor) == [plan]
    with pytest.raises(Forbidden):
        patrols.start(plan=plan, by=city.dispatcher)
    client.force_login(city.acceptor)
    start = reverse("centre:walk-start", args=[plan.pk])
    walk_url = client.post(start).url
    assert client.post(start).url == walk_url
    walk = VideoWalk.objects.get()
    assert "南京路口" in client.get(walk_url).content.decode()
    look = reverse("centre:walk-look", args=[walk.pk, 1])
    assert client.post(look, {"finding": "正常"}).url == walk_url
    assert client.post(look).status_code == 409
    report = {
        "problem": f"matter:{CLASS}",
        "description": "占道经营",
        "lon": point.lon,
        "lat": point.lat,
        "walk": walk.pk,
        "order": 2,
    }
    url = reverse("centre:video-report", args=[point.pk])
    assert client.post(url, report).url == walk_url
    walk.refresh_from_db()
    assert walk.ended_at is not None
    assert walk.looks.get(order=2).case == Case.objects.get()
    text = client.get(walk_url).content.decode()
    assert Case.objects.get().number in text
    page = client.get(plan.get_absolute_url())
    assert walk_url in page.content.decode()


# Results of analysis -------------------------------------------------------------


def push(client, engine, **change):
    client.force_login(engine)
    body = {
        "external_id": "AI-1",
        "point": "V001",
        "label": "暴露垃圾",
        "problem": f"matter:{CLASS}",
        "confidence": "0.91",
        "at": clock.now().isoformat(),
        "picture": shot(),
        **change,
    }
    return client.post(API, {key: value for key, value in body.items() if value})


@pytest.mark.function("CC-55", at=["centre_api:detections", "centre:hit-list"])
def test_what_analysis_saw_is_taken_once_and_becomes_a_case(
    client, city, point, engine
):
    first = push(client, engine)
    assert first.status_code == 201
    again = push(client, engine, label="别的")
    assert (again.status_code, again.json()["uid"]) == (200, first.json()["uid"])
    assert push(client, UserFactory(roles=["interface"])).status_code == 201
    hit = Detection.objects.get(uid=first.json()["uid"])
    assert hit.label == "暴露垃圾"
    client.force_login(city.acceptor)
    assert "暴露垃圾" in client.get(reverse("centre:hit-list")).content.decode()
    picture = files.of(hit).get()
    address = reverse("files:download", args=[picture.uid])
    assert address in client.get(hit.get_absolute_url()).content.decode()
    assert client.get(address).getvalue().startswith(b"\xff\xd8")
    url = reverse("centre:hit-confirm", args=[hit.uid])
    assert CLASS in client.get(url).content.decode()
    given = {"problem": f"matter:{CLASS}", "description": "暴露垃圾", "address": "x"}
    assert client.post(url, given).status_code == 302
    hit.refresh_from_db()
    assert (hit.state, hit.case.source_id, hit.decided_by) == (
        "confirmed",
        "14",
        city.acceptor,
    )
    assert files.of(hit.case, "report").count() == 1
    assert client.post(url, given).status_code == 409
    assert Case.objects.count() == 1
    answer = push(client, engine)
    assert answer.json()["case_number"] == hit.case.number


def test_what_is_rejected_says_why(client, city, point, engine, chief):
    push(client, engine)
    hit = Detection.objects.get()
    client.force_login(city.acceptor)
    url = reverse("centre:hit-reject", args=[hit.uid])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "误报：树影"}).status_code == 302
    with pytest.raises(Conflict):
        hits.confirm(detection=hit, by=chief)
    assert AuditEntry.objects.filter(type="video.hit_rejected").count() == 1
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("point", "V404"),
        ("confidence", "1.5"),
        ("problem", "matter:99999"),
        ("at", "2099-01-01T00:00:00Z"),
        ("at", "gestern"),
        ("picture", text_file()),
        ("picture", SimpleUploadedFile("a.pdf", b"%PDF-1.4\n1 0 obj", "image/jpeg")),
        ("external_id", "x" * 65),
    ],
)
def test_a_wrong_result_is_refused(client, city, point, engine, field, value):
    if hasattr(value, "seek"):
        value.seek(0)
    answer = push(client, engine, **{field: value})
    assert 400 <= answer.status_code < 500
    assert field in answer.content.decode()
    assert not Detection.objects.exists()


def test_only_analysis_may_send_and_only_reviewers_decide(client, city, point, engine):
    assert push(client, city.acceptor).status_code == 403
    client.logout()
    assert client.post(API).status_code == 401
    push(client, engine)
    hit = Detection.objects.get()
    client.force_login(city.overseer)
    assert client.get(hit.get_absolute_url()).status_code == 200
    url = reverse("centre:hit-confirm", args=[hit.uid])
    assert client.post(url).status_code == 403
    client.force_login(city.dept_handler)
    assert client.get(reverse("centre:hit-list")).status_code == 403
    picture = reverse("files:download", args=[files.of(hit).get().uid])
    assert client.get(picture).status_code in {403, 404}


@pytest.mark.function("CC-55", at="centre:hit-figures")
def test_hit_rates_count_what_was_decided(
    client, city, point, engine, django_assert_max_num_queries
):
    for number in range(8):
        push(client, engine, external_id=f"AI-{number}", picture=None)
    rows = list(Detection.objects.order_by("pk"))
    given = {"class_kind": "matter", "class_code": CLASS, "description": "垃圾"}
    hits.confirm(detection=rows[0], by=city.acceptor, **given)
    for row in rows[1:4]:
        hits.reject(detection=row, by=city.acceptor, reason="误报")
    client.force_login(city.acceptor)
    found = hits.figures(city.acceptor, clock.now() - timedelta(days=1), "label")
    assert (found[0]["seen"], found[0]["waits"], found[0]["share"]) == (8, 4, 25)
    with django_assert_max_num_queries(12):
        text = client.get(reverse("centre:hit-figures")).content.decode()
    assert "25%" in text
    with django_assert_max_num_queries(12):
        client.get(reverse("centre:hit-list"))
    assert "暴露垃圾" in client.get(reverse("centre:desk")).content.decode()
