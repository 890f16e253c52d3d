"""Map layers, 3D services, and objects for a CIM platform."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from municipal.command.basedata.maps import selectors, services
from municipal.command.basedata.models import CimService, MapLayer, MapPoint
from municipal.command.models import Component
from platform_core.audit.models import AuditEntry
from platform_core.common.errors import DomainError
from platform_core.geo.cells import cell
from tests.factories.accounts import UserFactory
from tests.factories.command import LAT, LON, STEP, lead, report

TILES = "https://tiles.example/{z}/{x}/{y}.png"
LAYER = {
    "name": "影像图",
    "use": "base",
    "service": "xyz",
    "url": TILES,
    "coord_sys": "cgcs2000",
    "min_zoom": 0,
    "max_zoom": 18,
    "attribution": "自然资源局",
    "colour": "#1a5fb4",
    "order": 1,
    "is_active": True,
}


@pytest.fixture
def admin(city):
    return UserFactory(roles=["sys_admin"])


def names(client):
    rows = client.get(reverse("map_layers:list")).json()["layers"]
    return {row["name"] for row in rows}


@pytest.mark.function("CC-44", at=["basedata:map-layer-add", "basedata:map-layers"])
def test_an_administrator_registers_a_base_map(client, admin, city):
    client.force_login(admin)
    url = reverse("basedata:map-layer-add")
    assert client.post(url, {**LAYER, "url": "ftp://x"}).status_code == 422
    assert client.post(url, {**LAYER, "url": "https://x/a.png"}).status_code == 422
    assert client.post(url, {**LAYER, "min_zoom": 20}).status_code == 422
    assert client.post(url, LAYER).status_code == 302
    assert "影像图" in client.get(reverse("basedata:map-layers")).content.decode()
    assert names(client) == {"影像图"}
    page = client.get(reverse("basedata:grid-map"))
    assert "https://tiles.example" in page["Content-Security-Policy"]
    assert '"layersUrl"' in page.content.decode()
    layer = MapLayer.objects.get()
    edit = reverse("basedata:map-layer", args=[layer.pk])
    client.get(edit)
    client.post(edit, {**LAYER, "name": "电子地图", "is_active": ""})
    assert names(client) == set()
    policy = client.get(reverse("basedata:grid-map"))["Content-Security-Policy"]
    assert "tiles.example" not in policy
    client.post(reverse("basedata:map-layer-delete", args=[layer.pk]))
    assert not MapLayer.objects.exists()
    assert AuditEntry.objects.filter(type="maps.layer_deleted").exists()
    client.force_login(city.acceptor)
    assert client.get(url).status_code == 403


@pytest.mark.function("CC-44", at="map_layers:list")
def test_layers_are_seen_by_their_roles_and_by_citizens(client, admin, city):
    for name, change in {
        "公众": {"is_public": True},
        "内部": {},
        "派遣": {"roles": ["dispatcher"]},
    }.items():
        services.save_layer(by=admin, values={**LAYER, "name": name, **change})
    assert names(client) == {"公众"}
    client.force_login(city.acceptor)
    assert names(client) == {"公众", "内部"}
    client.force_login(city.dispatcher)
    assert names(client) == {"公众", "内部", "派遣"}


POINTS = (
    "name,lon,lat,text\n公厕一号,120.401,36.071,24 小时\n公厕二号,120.402,36.071,\n"
)


@pytest.mark.function("CC-44", at=["basedata:map-points", "map_layers:points"])
def test_points_of_ones_own_come_from_a_table(client, admin):
    values = {**LAYER, "name": "公厕", "use": "overlay", "service": "points"}
    layer = services.save_layer(by=admin, values=values)
    client.force_login(admin)
    url = reverse("basedata:map-points", args=[layer.pk])
    for _again in range(2):
        client.post(
            url, {"file": SimpleUploadedFile("a.csv", POINTS.encode("gb18030"))}
        )
    found = client.get(reverse("map_layers:points", args=[layer.pk])).json()
    titles = [row["properties"]["title"] for row in found["features"]]
    assert sorted(titles) == ["公厕一号", "公厕二号"]
    bad = SimpleUploadedFile("a.csv", b"name,lon,lat\nx,999,1\n")
    assert client.post(url, {"file": bad}).status_code == 422
    short = SimpleUploadedFile("a.csv", "名称,经度\n坏,120.4\n".encode())
    told = client.post(url, {"file": short}).context["form"].errors["file"]
    assert told == ["第 2 行：须有名称、经度和纬度。"]
    assert MapPoint.objects.count() == 2
    client.logout()
    assert client.get(reverse("map_layers:points", args=[layer.pk])).status_code == 404


CIM = {
    "name": "三维城市",
    "kind": "3dtiles",
    "area": "370202",
    "service_url": "https://cim.example/tileset.json",
    "viewer_url": "https://cim.example/view?x={lon}&y={lat}&id={code}&s={service}",
    "is_active": "on",
}


@pytest.mark.function("CC-46", at=["basedata:cim-add", "basedata:cim-view"])
def test_a_3d_scene_is_opened_at_a_position(client, admin, city):
    client.force_login(admin)
    add = reverse("basedata:cim-add")
    assert client.post(add, {**CIM, "viewer_url": "javascript:x"}).status_code == 422
    assert client.post(add, CIM).status_code == 302
    service = CimService.objects.get()
    edit = reverse("basedata:cim-service", args=[service.pk])
    client.post(edit, {**CIM, "name": "实景三维"})
    client.force_login(city.acceptor)
    place = {"lon": LON + STEP / 2, "lat": LAT + STEP / 2, "code": "C1"}
    answer = client.get(reverse("basedata:cim-view"), place)
    assert answer.status_code == 302
    assert answer.url.startswith("https://cim.example/view?x=120.4005000&y=36.0705")
    assert "id=C1&s=https%3A%2F%2Fcim.example" in answer.url
    CimService.objects.update(area="370211")
    page = client.get(reverse("basedata:cim-view"), place)
    assert "实景三维" not in page.content.decode()
    assert client.get(reverse("basedata:cim-view"), {"lon": "x"}).status_code == 404


@pytest.mark.function("CC-46", at=["ogc:landing", "ogc:items", "ogc:item"])
def test_a_cim_platform_takes_objects_page_by_page(client, admin, city):
    for serial in range(1, 4):
        lon = LON + serial * STEP / 10
        Component.objects.create(
            code=f"37020201001{serial:06d}",
            edition="2026",
            class_code="01001",
            class_name="上水井盖",
            lon=lon,
            lat=LAT,
            cell=cell(lon, LAT),
            grid_code="370202001001001",
            surveyed_on="2026-07-01",
        )
    case, closed = report(city), lead(city, "closed")
    assert client.get(reverse("ogc:landing")).status_code in {401, 403}
    client.force_login(admin)
    rels = {link["rel"] for link in client.get(reverse("ogc:landing")).json()["links"]}
    assert {"conformance", "data"} <= rels
    assert client.get(reverse("ogc:conformance")).json()["conformsTo"]
    rows = client.get(reverse("ogc:collections")).json()["collections"]
    assert [row["id"] for row in rows] == ["components", "grids", "cases-open"]
    page = client.get(reverse("ogc:items", args=["components"]), {"limit": 2}).json()
    assert page["numberReturned"] == 2
    [following] = [row["href"] for row in page["links"] if row["rel"] == "next"]
    rest = client.get(following).json()
    assert [row["id"] for row in rest["features"]] == ["37020201001000003"]
    box = f"{LON},{LAT - 0.001},{LON + STEP / 10},{LAT + 0.001}"
    boxed = client.get(reverse("ogc:items", args=["components"]), {"bbox": box}).json()
    assert boxed["numberReturned"] == 1
    one = client.get(reverse("ogc:item", args=["components", "37020201001000001"]))
    assert one.json()["properties"]["class_name"] == "上水井盖"
    assert (
        client.get(reverse("ogc:items", args=["grids"])).json()["numberReturned"] == 4
    )
    bad = client.get(reverse("ogc:items", args=["grids"]), {"bbox": "1,2"})
    assert bad.status_code == 400
    assert client.get(reverse("ogc:items", args=["x"])).status_code == 404
    leader = UserFactory(roles=["sys_admin", "duty_leader"])
    client.force_login(leader)
    cases = client.get(reverse("ogc:items", args=["cases-open"])).json()["features"]
    assert [row["id"] for row in cases] == [case.number]
    assert closed.number not in str(cases)
    client.force_login(city.acceptor)
    assert client.get(reverse("ogc:landing")).status_code == 403


def test_hosts_are_origins_only(admin):
    services.save_layer(by=admin, values=LAYER)
    assert selectors.hosts() == {"https://tiles.example"}
    with pytest.raises(DomainError):
        services.save_layer(by=admin, values={**LAYER, "url": "javascript:alert(1)"})
