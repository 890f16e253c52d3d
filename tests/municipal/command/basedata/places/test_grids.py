"""Unit grids are drawn in a draft, published as a version, rolled back."""

import json
from time import perf_counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from municipal.command import places
from municipal.command.basedata.grids import selectors, services
from municipal.command.basedata.models import AreaGrid, GridVersion
from municipal.command.models import Component, DutyGrid, UnitGrid
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError
from platform_core.geo import shapes as geojson
from platform_core.geo.cells import cell
from platform_core.geo.index import AreaIndex
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from platform_core.regions.models import Division
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, STEP, lead, report, square

C = "370202001001"
FIRST, SECOND = f"{C}001", f"{C}002"
CUT = {
    "type": "LineString",
    "coordinates": [[LON + STEP / 2, LAT - STEP], [LON + STEP / 2, LAT + 2 * STEP]],
}


@pytest.fixture
def admin(city):
    return UserFactory(roles=["sys_admin"])


@pytest.fixture
def draft(admin):
    return services.open_draft(by=admin, title="调整")


def publish(draft, admin):
    job = services.publish_version(version=draft, by=admin)
    draft.refresh_from_db()
    return jobs.run(job.pk)


def in_use():
    return set(selectors.current().values_list("code", flat=True))


def component(lon, lat, grid):
    return Component.objects.create(
        code="37020201001000001",
        edition="2026",
        class_code="01001",
        class_name="上水井盖",
        lon=lon,
        lat=lat,
        cell=cell(lon, lat),
        grid_code=grid,
        surveyed_on="2026-07-01",
    )


@pytest.mark.function("CC-40", at=["basedata:grid-draw", "basedata:grid-publish"])
def test_a_split_gives_new_codes_and_what_lies_there_follows(admin, city, draft):
    thing = component(LON + 0.0001, LAT + 0.0005, FIRST)
    case = report(city, lon=LON + 0.0009)
    closed = lead(city, "closed", lon=LON + 0.0002)
    services.split_grid(version=draft, by=admin, code=FIRST, line=CUT)
    assert places.locate(LON + 0.0001, LAT + 0.0005).grid_code == FIRST
    job = publish(draft, admin)
    assert (job.state, job.done) == ("done", 2)
    old = UnitGrid.objects.get(code=FIRST)
    assert old.valid_to is not None
    west, east = f"{C}005", f"{C}006"
    assert {west, east} <= in_use()
    thing.refresh_from_db()
    case.refresh_from_db()
    closed.refresh_from_db()
    assert (thing.grid_code, case.grid_code, closed.grid_code) == (west, east, FIRST)
    assert case.duty_grid == city.duty_grid
    report_text = (job.folder / "out-regrid.csv").read_text("utf-8-sig")
    assert f"component,{thing.code},{FIRST},{west}" in report_text
    assert AuditEntry.objects.filter(type="grids.published").exists()


@pytest.mark.function("CC-40", at="basedata:grid-roll-back")
def test_versions_can_be_looked_at_and_rolled_back(admin, city, draft):
    thing = component(LON + 0.0001, LAT + 0.0005, FIRST)
    base = in_use()
    services.merge_grids(version=draft, by=admin, codes=[FIRST, SECOND])
    publish(draft, admin)
    merged = f"{C}005"
    assert in_use() == base - {FIRST, SECOND} | {merged}
    at_first = set(selectors.at_version(draft.number).values_list("code", flat=True))
    assert at_first == in_use()
    before = set(selectors.at_version(0).values_list("code", flat=True))
    assert before == base
    jobs.run(services.roll_back(version=draft, by=admin).pk)
    thing.refresh_from_db()
    assert (in_use(), thing.grid_code) == (base, FIRST)
    assert services.next_code(C) == f"{C}006"
    with pytest.raises(DomainError):
        services.roll_back(version=draft, by=admin)


def test_a_retired_code_is_never_given_again(admin, draft):
    services.retire_grid(version=draft, by=admin, code=f"{C}004")
    publish(draft, admin)
    another = services.open_draft(by=admin, title="再画")
    shape = square(LON + 3 * STEP, LAT)
    made = services.add_grid(version=another, by=admin, community=C, geometry=shape)
    assert made.code == f"{C}005"
    publish(another, admin)
    assert places.locate(LON + 3.5 * STEP, LAT + STEP / 2).grid_code == f"{C}005"


def test_splitting_a_part_again_needs_no_publication_between(admin, draft):
    first = services.split_grid(version=draft, by=admin, code=FIRST, line=CUT)
    lat = LAT + STEP / 2
    line = {"type": "LineString", "coordinates": [[LON - 1, lat], [LON + 1, lat]]}
    services.split_grid(version=draft, by=admin, code=first[0].code, line=line)
    adds = draft.edits.filter(work="add")
    assert adds.count() == 3
    assert {tuple(edit.replaces) for edit in adds} == {(FIRST,)}
    assert selectors.problems(draft) == []


BOW = [[LON, LAT], [LON + STEP, LAT + STEP], [LON + STEP, LAT], [LON, LAT + STEP]]


@pytest.mark.function("CC-40", at="basedata:grid-draw")
@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [LON, LAT]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[LON, LAT], [LON, LAT]]]},
        {"type": "Polygon", "coordinates": [[*BOW, BOW[0]]]},
        {"type": "Polygon", "coordinates": "abc"},
        square(LON, LAT, 0.00001),
        square(LON, LAT, 0.5),
        square(500, 500),
    ],
)
def test_broken_polygons_are_refused(admin, draft, geometry):
    with pytest.raises(DomainError) as error:
        services.add_grid(version=draft, by=admin, community=C, geometry=geometry)
    assert "geometry" in error.value.fields
    assert not draft.edits.exists()


@pytest.mark.parametrize(
    ("shape", "word"),
    [(square(LON + STEP / 2, LAT + STEP / 2), "重叠"), (square(116, 39), "边界")],
)
def test_overlaps_and_strangers_cannot_be_published(admin, draft, shape, word):
    services.add_grid(version=draft, by=admin, community=C, geometry=shape)
    assert word in " ".join(selectors.problems(draft))
    with pytest.raises(DomainError):
        services.publish_version(version=draft, by=admin)
    draft.refresh_from_db()
    assert draft.is_draft
    assert len(in_use()) == 4


def test_a_redrawn_grid_must_leave_no_gap(admin, draft):
    smaller = square(LON, LAT, STEP * 0.8)
    services.redraw_grid(version=draft, by=admin, code=FIRST, geometry=smaller)
    assert "空隙" in " ".join(selectors.problems(draft))


def test_a_line_that_does_not_cut_and_grids_that_do_not_touch(admin, draft):
    beside = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    with pytest.raises(DomainError):
        services.split_grid(version=draft, by=admin, code=FIRST, line=beside)
    with pytest.raises(DomainError):
        services.merge_grids(version=draft, by=admin, codes=[FIRST, f"{C}003"])
    with pytest.raises(DomainError):
        services.merge_grids(version=draft, by=admin, codes=[FIRST, FIRST])
    assert not draft.edits.exists()


def test_two_drafts_about_the_same_grid(admin, draft):
    other = services.open_draft(by=admin, title="另一个")
    services.split_grid(version=draft, by=admin, code=FIRST, line=CUT)
    services.split_grid(version=other, by=admin, code=FIRST, line=CUT)
    publish(draft, admin)
    with pytest.raises(DomainError):
        services.publish_version(version=other, by=admin)


@pytest.mark.function("CC-40", at=["basedata:grid-version", "basedata:grid-map"])
def test_the_whole_way_on_the_pages(client, admin, city):
    client.force_login(admin)
    client.post(reverse("basedata:grid-draft"), {"title": "拆分", "tolerance": "10"})
    version = GridVersion.objects.get()
    draw = reverse("basedata:grid-draw", args=[version.pk])
    assert "draw-map" in client.get(draw).content.decode()
    wrong = client.post(draw, {"work": "split", "codes": FIRST})
    assert wrong.status_code == 422
    form = {"work": "split", "codes": FIRST, "geometry": json.dumps(CUT)}
    assert client.post(draw, form).status_code == 302
    page = client.get(version.get_absolute_url()).content.decode()
    assert f"{C}005" in page
    client.post(reverse("basedata:grid-publish", args=[version.pk]))
    jobs.run(Job.objects.get().pk)
    url = reverse("basedata:grid-shapes")
    now = client.get(url).json()["features"]
    before = client.get(url, {"version": "0"}).json()["features"]
    assert (len(now), len(before)) == (5, 4)
    for name in ("duty", "community", "street", "district", "G"):
        assert client.get(url, {"layer": name}).json()["type"] == "FeatureCollection"
    assert client.get(url, {"layer": "x"}).status_code == 404
    for name in ("grids", "grid-map", "grid-versions", "duty-grids", "boundaries"):
        assert client.get(reverse(f"basedata:{name}")).status_code == 200
    client.force_login(city.dept_handler)
    assert client.get(draw).status_code == 403


def features(*rows):
    return json.dumps({"type": "FeatureCollection", "features": list(rows)}).encode()


@pytest.mark.function("CC-40", at=["basedata:grid-import", "basedata:grid-export"])
def test_import_and_export(client, admin, draft):
    client.force_login(admin)
    good = geojson.feature(square(LON + 4 * STEP, LAT), {"community": C})
    bad = geojson.feature(square(LON + 5 * STEP, LAT), {"community": "1"})
    url = reverse("basedata:grid-import", args=[draft.pk])
    upload = SimpleUploadedFile("a.geojson", features(good, bad))
    client.post(url, {"file": upload})
    job = jobs.run(Job.objects.get().pk)
    assert (job.state, job.done, job.failed) == ("done", 1, 1)
    publish(draft, admin)
    found = client.get(reverse("basedata:grid-export")).json()
    codes = {row["properties"]["BGID"] for row in found["features"]}
    assert f"{C}005" in codes
    another = services.open_draft(by=admin, title="x")
    url = reverse("basedata:grid-import", args=[another.pk])
    client.post(url, {"file": SimpleUploadedFile("a.json", b"\xff\xfe{]")})
    assert jobs.run(Job.objects.latest("pk").pk).state == "failed"


@pytest.mark.function("CC-40", at=["basedata:duty-grid-add", "basedata:duty-grid"])
def test_duty_grids_bind_unit_grids_and_inspectors(client, admin, city):
    client.force_login(admin)
    form = {"name": "二号", "codes": f"{SECOND}", "supervisors": [city.supervisor.pk]}
    client.post(reverse("basedata:duty-grid-add"), form)
    made = DutyGrid.objects.get(name="二号")
    assert made.code == f"{C}Z002"
    places.forget()
    assert places.locate(LON + 1.5 * STEP, LAT + STEP / 2).duty_grid_id == made.pk
    assert list(made.supervisors.all()) == [city.supervisor]
    form = {"name": "三号", "codes": f"{C}003"}
    client.post(reverse("basedata:duty-grid", args=[made.pk]), form)
    assert [row.code for row in made.unit_grids.all()] == [f"{C}003"]
    wrong = client.post(reverse("basedata:duty-grid-add"), {**form, "codes": "123"})
    assert wrong.status_code == 422


@pytest.mark.function("CC-40", at=["basedata:area-grid-add", "basedata:area-grid"])
def test_management_evaluation_and_extended_grids(client, admin, city):
    client.force_login(admin)
    for kind in "GPK":
        form = {"kind": kind, "name": kind, "codes": f"{FIRST} {SECOND}"}
        client.post(reverse("basedata:area-grid-add"), form)
    codes = list(AreaGrid.objects.values_list("code", flat=True))
    assert codes == [f"{C}G001", f"{C}K001", f"{C}P001"]
    area = AreaGrid.objects.get(kind="G")
    form = {"kind": "G", "name": "养护", "codes": FIRST}
    client.post(reverse("basedata:area-grid", args=[area.pk]), form)
    assert [row.code for row in area.unit_grids.all()] == [FIRST]
    assert "养护" in client.get(reverse("basedata:area-grids")).content.decode()


@pytest.mark.function("CC-40", at="basedata:boundary")
def test_borders_of_communities_are_drawn_or_derived(client, admin, city):
    client.force_login(admin)
    url = reverse("basedata:boundary", args=[C])
    client.get(url)
    client.post(url, {"geometry": ""})
    outline = Division.objects.get(pk=C).boundary
    assert geojson.bounds(outline) == pytest.approx(
        (LON, LAT, LON + 4 * STEP, LAT + STEP)
    )
    assert client.post(url, {"geometry": "{}"}).status_code == 422
    other = reverse("basedata:boundary", args=["370811"])
    assert client.post(other, {"geometry": ""}).status_code == 404


def test_a_position_is_found_quickly_among_twenty_thousand():
    rows = [
        ((f"{x:03d}{y:03d}", None), square(LON + x * STEP, LAT + y * STEP))
        for x in range(200)
        for y in range(100)
    ]
    index = AreaIndex(rows)
    begin = perf_counter()
    for number in range(2000):
        assert index.find(LON + (number % 200 + 0.5) * STEP, LAT + 0.5 * STEP)
    assert (perf_counter() - begin) / 2000 < 0.0005
