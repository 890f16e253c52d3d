"""Pages of components and proposals."""

from io import BytesIO

import mapbox_vector_tile
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image

from municipal.command import selectors
from municipal.command.basedata.changes import services
from municipal.command.basedata.components import tiling
from municipal.command.basedata.models import Proposal
from municipal.command.models import Component
from platform_core.geo import cells
from platform_core.geo.tiles import Tile
from tests.factories.accounts import OrgUnitFactory, UserFactory
from tests.factories.command import LAT, LON, STEP, report

from .conftest import CLASS


def text_of(client, user, url, status=200):
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def shot():
    stream = BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    return SimpleUploadedFile("a.png", stream.getvalue(), "image/png")


def reason(**given):
    return {"origin": "patrol", "reason": "巡查发现", **given}


@pytest.mark.function("CC-41", at="basedata:component-list")
def test_the_list_is_narrowed_by_class_condition_unit_and_grid(
    client, make, inspector, city
):
    own = make(1, maintaining_unit=city.unit)
    other = make(2, status="damaged", grid_code="370202001001002")
    url = reverse("basedata:component-list")
    for query, shown, hidden in (
        ("q=" + own.code, own, other),
        ("status=damaged", other, own),
        (f"unit={city.unit.code}", own, other),
        ("grid=370202001001002", other, own),
    ):
        text = text_of(client, inspector, f"{url}?{query}")
        assert shown.code in text
        assert hidden.code not in text
    text = text_of(client, inspector, f"{url}?class_code={CLASS}&district=370202")
    assert own.code in text
    assert other.code in text
    assert own.code not in text_of(client, inspector, f"{url}?grid=x'--")


def test_the_list_takes_the_same_queries_for_few_and_many(
    client, make, inspector, django_assert_max_num_queries
):
    url = reverse("basedata:component-list")
    make(1)
    text_of(client, inspector, url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for serial in range(2, 9):
        make(serial)
    with django_assert_max_num_queries(25) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_list_is_exported_in_both_formats(client, make, inspector):
    row = make(1)
    client.force_login(inspector)
    url = reverse("basedata:component-list")
    content = b"".join(client.get(f"{url}?export=csv").streaming_content)
    assert row.code in content.decode("utf-8-sig")
    book = client.get(f"{url}?export=xlsx")
    assert load_workbook(BytesIO(b"".join(book.streaming_content))).active["A2"].value


def test_components_of_other_divisions_are_not_found(client, make):
    row = make(1)
    unit = OrgUnitFactory(division_id="370203")
    stranger = UserFactory(roles=["supervisor"], unit=unit)
    assert row.code not in text_of(client, stranger, reverse("basedata:component-list"))
    assert client.get(row.get_absolute_url()).status_code == 404
    label = reverse("basedata:component-label", args=[row.code, "svg"])
    assert client.get(label).status_code == 404
    near = Tile.at(16, row.lon, row.lat)
    tile = reverse("basedata:component-tile", args=[near.z, near.x, near.y])
    assert client.get(tile).content == b""


@pytest.mark.function("CC-41", at="basedata:component-detail")
def test_the_page_shows_pictures_cases_and_history(
    client, make, inspector, keeper, city
):
    row = make(1)
    case = report(city, component_code=row.code)
    client.force_login(inspector)
    url = reverse("basedata:component-state", args=[row.code])
    answer = client.post(url, reason(status="damaged", photos=[shot()]))
    assert answer.status_code == 302
    services.publish(Proposal.objects.get(), by=keeper)
    text = text_of(client, inspector, row.get_absolute_url())
    assert case.number in text
    assert "a.png" in text
    assert "完好 → 破损" in text


@pytest.mark.function("CC-41", at="basedata:component-label")
def test_a_label_leads_to_the_page(client, make, inspector):
    row = make(1)
    client.force_login(inspector)
    svg = client.get(reverse("basedata:component-label", args=[row.code, "svg"]))
    assert svg["Content-Type"] == "image/svg+xml"
    png = client.get(reverse("basedata:component-label", args=[row.code, "png"]))
    assert Image.open(BytesIO(png.content)).size[0] > 200
    sheet = reverse("basedata:component-labels") + f"?q={row.code}"
    assert row.code in text_of(client, inspector, sheet)


def tile_at(client, zoom, row, query=""):
    at = Tile.at(zoom, row.lon, row.lat)
    url = reverse("basedata:component-tile", args=[at.z, at.x, at.y])
    return client.get(url + query)


@pytest.mark.function("CC-41", at="basedata:component-map")
def test_the_map_has_points_near_by_and_numbers_further_out(client, make, inspector):
    row = make(1)
    make(2, class_code="01037", lon=row.lon + 0.0001, status="lost")
    text = text_of(client, inspector, reverse("basedata:component-map"))
    assert "{z}/{x}/{y}" in text
    near = mapbox_vector_tile.decode(tile_at(client, 16, row).content)
    codes = {each["properties"]["code"] for each in near["points"]["features"]}
    assert codes == set(Component.objects.values_list("code", flat=True))
    far = mapbox_vector_tile.decode(tile_at(client, 11, row).content)
    assert [each["properties"] for each in far["clusters"]["features"]] == [
        {"count": 2}
    ]
    one = tile_at(client, 11, row, f"?class={CLASS}")
    (cluster,) = mapbox_vector_tile.decode(one.content)["clusters"]["features"]
    assert cluster["properties"] == {"count": 1}


def test_a_crowded_tile_shows_numbers_until_the_next_zoom(
    client, make, inspector, monkeypatch
):
    monkeypatch.setattr(tiling, "CROWDED", 1)
    rows = [make(serial) for serial in (1, 2)]
    client.force_login(inspector)
    crowded = mapbox_vector_tile.decode(tile_at(client, 15, rows[0]).content)
    assert list(crowded) == ["clusters"]
    nearer = mapbox_vector_tile.decode(tile_at(client, 16, rows[0]).content)
    assert list(nearer) == ["points"]


def test_a_tile_is_fetched_again_only_after_a_change(client, make, inspector, keeper):
    row = make(1)
    client.force_login(inspector)
    first = tile_at(client, 16, row)
    headers = {"If-None-Match": first["ETag"]}
    at = Tile.at(16, row.lon, row.lat)
    url = reverse("basedata:component-tile", args=[at.z, at.x, at.y])
    assert client.get(url, headers=headers).status_code == 304
    wanted = services.propose(
        subject="component",
        change="state",
        target=row,
        by=inspector,
        values={"status": "lost"},
    )
    services.publish(wanted, by=keeper)
    assert client.get(url, headers=headers).status_code == 200
    client.logout()
    assert client.get(url).status_code == 302


def test_there_is_no_tile_beyond_the_world(client, inspector, db):
    client.force_login(inspector)
    url = reverse("basedata:component-tile", args=[3, 9, 9])
    assert client.get(url).status_code == 404


def test_who_sees_one_district_gets_its_numbers_only(client, make):
    row = make(1)
    make(2, code="37020301001000001", grid_code="370203001001001")
    unit = OrgUnitFactory(division_id="370202")
    client.force_login(UserFactory(roles=["supervisor"], unit=unit))
    far = mapbox_vector_tile.decode(tile_at(client, 11, row).content)
    counts = [each["properties"]["count"] for each in far["clusters"]["features"]]
    assert counts == [1]


@pytest.mark.function(
    "CC-45", at=["basedata:component-add", "basedata:proposal-detail"]
)
def test_proposing_reviewing_and_publishing_by_pages(client, inspector, keeper, city):
    client.force_login(inspector)
    url = reverse("basedata:component-add")
    assert client.get(url).status_code == 200
    given = reason(class_code=CLASS, status="intact", lon=LON + STEP / 2, lat=LAT)
    wrong = client.post(url, {**given, "lon": 10})
    assert wrong.status_code == 422
    assert "该位置不在本市范围内" in wrong.content.decode()
    assert client.post(url, {**given, "lat": LAT + STEP / 2}).status_code == 302
    wanted = Proposal.objects.get()
    own = text_of(client, inspector, wanted.get_absolute_url())
    assert "供水井盖" in own
    assert "变更前" in own
    assert "处置前" not in own
    client.force_login(keeper)
    publish = reverse("basedata:proposal-publish", args=[wanted.uid])
    assert client.post(publish, {"note": "属实"}).status_code == 302
    made = Component.objects.get()
    assert text_of(client, keeper, made.get_absolute_url())


def test_many_are_published_together_and_refused_ones_are_told(
    client, make, inspector, keeper
):
    rows = [make(serial) for serial in (1, 2)]
    wanted = [
        services.propose(
            subject="component",
            change="state",
            target=row,
            by=inspector,
            values={"status": "damaged"},
        )
        for row in (*rows, rows[1])
    ]
    client.force_login(keeper)
    answer = client.post(
        reverse("basedata:proposal-list"),
        {"bulk": "publish", "selected": [one.pk for one in wanted], "confirmed": "1"},
    )
    assert answer.status_code == 200
    assert Component.objects.filter(status="damaged").count() == 2
    assert Proposal.objects.pending().count() == 1


@pytest.mark.parametrize("page", ["edit", "move", "state", "remove"])
def test_every_kind_of_change_has_its_form(client, make, inspector, page):
    row = make(1)
    url = reverse(f"basedata:component-{page}", args=[row.code])
    assert row.code in text_of(client, inspector, url)
    values = {"status": "lost", "lon": row.lon + STEP, "lat": row.lat, "note": "新"}
    assert client.post(url, {"origin": "unit", "reason": ""}).status_code == 422
    assert client.post(url, reason(**values)).status_code == 302
    assert Proposal.objects.get().change == page


def test_decisions_have_their_pages(client, make, inspector, keeper):
    row = make(1)
    wanted = services.propose(
        subject="component",
        change="state",
        target=row,
        by=inspector,
        values={"status": "lost"},
    )
    for code, user in (("reject", keeper), ("renew", keeper), ("withdraw", inspector)):
        url = reverse(f"basedata:proposal-{code}", args=[wanted.uid])
        assert text_of(client, user, url)
    client.force_login(keeper)
    reject = reverse("basedata:proposal-reject", args=[wanted.uid])
    assert client.post(reject, {"note": ""}).status_code == 422
    assert client.post(reject, {"note": "看不清"}).status_code == 302
    wanted.refresh_from_db()
    assert (wanted.state, wanted.review_note) == ("rejected", "看不清")


def test_the_roll_back_has_its_page(client, make, inspector, keeper):
    row = make(1)
    wanted = services.propose(
        subject="component",
        change="state",
        target=row,
        by=inspector,
        values={"status": "lost"},
    )
    services.publish(wanted, by=keeper)
    client.force_login(keeper)
    url = reverse("basedata:component-roll-back", args=[row.code, 1])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "仍在"}).status_code == 302
    row.refresh_from_db()
    assert row.status == "intact"
    client.force_login(inspector)
    assert client.get(url).status_code == 403


def test_the_nearest_component_is_found_across_cells_and_rows(make, city):
    edge_lon, edge_lat = LON, LAT + STEP / 2
    far = make(1, lon=edge_lon + 0.0009, lat=edge_lat)
    near = make(2, lon=edge_lon - 0.0002, lat=edge_lat)
    assert cells.cell(near.lon, near.lat) != cells.cell(edge_lon + 1e-6, edge_lat)
    metres, found = selectors.nearest_component(lon=edge_lon + 1e-6, lat=edge_lat)
    assert found == near
    assert 15 < metres < 20
    gone = make(3, lon=edge_lon, lat=edge_lat, status="removed", valid_to="2026-07-02")
    rows = selectors.near_components(lon=edge_lon, lat=edge_lat, radius=200)
    assert [row for _metres, row in rows] == [near, far]
    assert gone not in [row for _metres, row in rows]
    assert selectors.nearest_component(lon=LON + 0.3, lat=LAT) is None
    of_class = selectors.nearest_component(lon=LON, lat=LAT, class_code="09999")
    assert of_class is None
