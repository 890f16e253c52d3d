"""Addresses and place names to positions, and back."""

import pytest
from django.urls import reverse

from municipal.command.geocoding import indexing, search, texts
from municipal.command.geocoding.reverse import describe
from platform_core.common.errors import DomainError
from platform_core.geo.distance import metres
from tests.factories.command import LAT, LON, STEP

from .conftest import CITY

GEOCODE = "geocoding_api:geocode"


def first(text):
    return search.geocode(text)[0]


@pytest.mark.function("CC-70", at=GEOCODE)
@pytest.mark.parametrize(
    ("text", "how"),
    [
        (f"{CITY}香港中路12号", "exact"),
        ("香港中路12号", "normalised"),
        ("青岛市市南区 香港中路１２號", "normalised"),
        ("香港中路十二号", "normalised"),
        ("香巷中路12号", "fuzzy"),
    ],
)
def test_an_address_is_found_however_it_is_written(base, text, how):
    found = first(text)
    assert (found.address, found.how) == (base["12"], how)
    assert found.score == 100 if how != "fuzzy" else 60 <= found.score < 100


@pytest.mark.function("CC-70", at="geocoding:search")
def test_candidates_come_with_score_and_the_part_they_met(base):
    found = search.geocode("香港中路")
    assert found[0].address == base["road"]
    assert found[0].matched == "香港中路"
    assert [one.score for one in found] == sorted(
        (one.score for one in found), reverse=True
    )
    assert {one.address.pk for one in found[1:]} >= {base["2"].pk, base["12"].pk}


def test_nothing_is_made_up(base):
    assert search.geocode("长安街1号") == []
    assert search.geocode("") == []
    assert search.geocode("%%%___'\"") == []


def test_a_district_of_another_name_counts_against(base):
    here, there = first("市南区香港中路12号"), first("崂山区香港中路12号")
    assert here.score == 100
    assert there.score < here.score


@pytest.mark.function("CC-72", at=GEOCODE)
def test_a_missing_number_lies_between_its_neighbours(base):
    found = first("香港中路8号")
    assert found.how == "interpolated"
    assert found.text == f"{CITY}香港中路8号"
    assert found.lon == pytest.approx((base["6"].lon + base["10"].lon) / 2, abs=1e-6)
    assert found.score < 100


@pytest.mark.function("CC-72", at=GEOCODE)
@pytest.mark.parametrize("text", ["香港中路与山东路路口", "香港中路和山东路交叉口"])
def test_a_junction_lies_where_the_roads_meet(base, text):
    found = first(text)
    assert found.how == "junction"
    assert (found.lon, found.lat) == pytest.approx((LON + STEP, LAT + STEP / 2))


@pytest.mark.function("CC-72", at=GEOCODE)
def test_an_offset_moves_the_position(base):
    found = first("香港中路12号东侧20米")
    house = base["12"]
    assert metres(house.lon, house.lat, found.lon, found.lat) == pytest.approx(
        20, abs=1
    )
    assert found.lon > house.lon
    along = first("香港中路距起点100米")
    assert metres(LON, LAT + STEP / 2, along.lon, along.lat) == pytest.approx(
        100, abs=1
    )


@pytest.mark.function("CC-72", at="geocoding_api:places")
def test_places_are_found_by_name_alias_and_around(base):
    assert first("示例农贸市场").address == base["market"]
    assert first("老菜场").address == base["market"]
    assert first("农贸市场").address == base["market"]
    [(found, distance)] = search.places("商业", near=(LON, LAT), radius=500)
    assert found.address == base["market"]
    assert distance == pytest.approx(
        metres(LON, LAT, base["market"].lon, base["market"].lat)
    )
    assert search.places("商业", near=(LON, LAT), radius=10) == []


@pytest.mark.function("CC-71", at="geocoding_api:reverse")
def test_a_position_is_told_by_the_nearest_address(base):
    house = base["12"]
    found = describe(house.lon + 0.00022, house.lat)
    assert found.text == f"{CITY}香港中路12号东侧20米"
    assert found.grid_code == "370202001001003"
    assert (found.community, found.street) == ("示例社区", "示例街道")
    assert describe(house.lon, house.lat).text == house.standard


@pytest.mark.function("CC-71", at="geocoding_api:reverse")
def test_where_there_is_no_address_the_areas_are_told(city):
    assert describe(LON + 0.0001, LAT + 0.0001).text == f"{CITY}示例社区"
    with pytest.raises(DomainError):
        describe(0.0, 0.0)


def test_drafts_and_retired_ones_are_not_found(base):
    row = base["12"]
    row.state = "retired"
    row.save()
    indexing.refresh([row])
    assert all(one.address != row for one in search.geocode(row.standard))


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("香港中路12号", "香港中路", 12),
        ("香港中路12-3号", "香港中路", 12),
        ("第一小学", "第一小学", None),
        ("39中学", "39中学", None),
        ("文登路7", "文登路", 7),
    ],
)
def test_splitting(text, name, number):
    assert texts.split(text) == (name, number)


@pytest.mark.parametrize(
    ("text", "plain"), [("一百零五号", "105号"), ("二十号", "20号"), ("十号", "10号")]
)
def test_chinese_numbers(text, plain):
    assert texts.normalise(text) == plain


@pytest.mark.function("CC-70", "CC-71", "CC-72", at=[GEOCODE, "geocoding_api:reverse"])
def test_over_http(client, base, city):
    assert client.get(reverse(GEOCODE), {"q": "香港中路"}).status_code in {401, 403}
    client.force_login(city.acceptor)
    [found] = client.get(reverse(GEOCODE), {"q": "香港中路12号"}).json()["results"]
    assert found["text"] == f"{CITY}香港中路12号"
    assert found["grid_code"]
    place = {"lon": base["12"].lon, "lat": base["12"].lat}
    answer = client.get(reverse("geocoding_api:reverse"), place).json()
    assert answer["text"] == f"{CITY}香港中路12号"
    near = {"q": "商业", "lon": LON, "lat": LAT, "radius": 500}
    rows = client.get(reverse("geocoding_api:places"), near).json()["results"]
    assert rows[0]["distance"] > 0
    bad = client.get(reverse("geocoding_api:reverse"), {"lon": "x", "lat": "1"})
    assert bad.status_code == 400


def test_citizens_may_ask_a_few_times(client, base, settings, monkeypatch):
    url = reverse("geocoding_public:geocode")
    assert client.get(url, {"q": "香港中路12号"}).json()["results"]
    monkeypatch.setattr(
        "municipal.command.geocoding.api.views.PublicThrottle.rate",
        "1/min",
        raising=False,
    )
    answers = [client.get(url, {"q": "香"}).status_code for _ in range(3)]
    assert 429 in answers


@pytest.mark.function("CC-70", "CC-71", at=["command:report", "public_service:report"])
def test_report_forms_carry_the_type_ahead(client, city, base):
    page = client.get(reverse("public_service:report")).content.decode()
    assert 'data-geocode="/public/places/"' in page
    assert "geocoding/geocode.js" in page
    client.force_login(city.acceptor)
    page = client.get(reverse("command:report")).content.decode()
    assert 'data-geocode="/api/v1/"' in page
    client.force_login(city.supervisor)
    page = client.get(reverse("field:report")).content.decode()
    assert 'data-geocode-position="id_lon,id_lat"' in page
