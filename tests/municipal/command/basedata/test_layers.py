"""Thematic layers: kinds as data, features by proposals, import and export."""

import json

import pytest
from django.urls import reverse

from municipal.command.basedata.changes import services as changes
from municipal.command.basedata.layers import kinds
from municipal.command.basedata.models import LayerFeature, LayerKind, PastRevision
from platform_core.common.errors import DomainError
from tests.factories.command import LAT, LON, STEP, square

from .census import done, hand_in

TWELVE = {
    "main_road",
    "back_lane",
    "pedestrian_street",
    "park",
    "square",
    "market",
    "public_toilet",
    "station",
    "river_lake",
    "vendor_zone",
    "community",
    "junction",
}


def propose(by, change="add", target=None, **values):
    given = {} if target else {"kind": "park", "name": "中山公园"}
    if not target:
        given["geometry"] = square(LON, LAT)
    return changes.propose(
        subject="layerfeature",
        change=change,
        target=target,
        by=by,
        values={**given, **values},
    )


@pytest.fixture
def park(inspector, keeper):
    return changes.publish(propose(inspector), by=keeper)


def test_the_twelve_kinds_are_there_and_changed_ones_stay(db):
    assert set(LayerKind.objects.values_list("code", flat=True)) == TWELVE
    LayerKind.objects.filter(code="park").update(name="公园绿地")
    kinds.load()
    assert LayerKind.objects.get(code="park").name == "公园绿地"


def test_a_proposal_names_its_layer(client, inspector):
    client.force_login(inspector)
    page = client.get(propose(inspector).get_absolute_url()).content.decode()
    assert "<b>公园</b>" in page
    assert "<b>park</b>" not in page


@pytest.mark.function("CC-43", at=["basedata:feature-add", "basedata:feature-detail"])
def test_a_feature_is_proposed_reviewed_published_and_changed(
    client, inspector, keeper, city
):
    client.force_login(inspector)
    assert client.get(reverse("basedata:feature-choose")).status_code == 200
    url = reverse("basedata:feature-add", args=["park"])
    assert client.get(url).status_code == 200
    given = {
        "name": "中山公园",
        "geometry": json.dumps(square(LON, LAT)),
        "attribute_park_class": "综合公园",
        "origin": "office",
        "reason": "新建",
    }
    assert client.post(url, {**given, "geometry": "{}"}).status_code == 422
    point = json.dumps({"type": "Point", "coordinates": [LON, LAT]})
    assert client.post(url, {**given, "geometry": point}).status_code == 422
    answer = client.post(url, given)
    assert answer.status_code == 302
    client.force_login(keeper)
    assert client.post(f"{answer.url}publish/", {}).status_code == 302
    made = LayerFeature.objects.get()
    assert made.code == "370202-park-0001"
    assert made.attributes == {"park_class": "综合公园"}
    assert float(made.size) == pytest.approx(10_000, rel=0.05)
    assert "综合公园" in client.get(made.get_absolute_url()).content.decode()
    client.force_login(inspector)
    edit = reverse("basedata:feature-edit", args=[made.uid])
    assert "中山公园" in client.get(edit).content.decode()
    answer = client.post(edit, {**given, "manager": "园林处"})
    client.force_login(keeper)
    client.post(f"{answer.url}publish/", {})
    made.refresh_from_db()
    assert (made.manager, made.revision) == ("园林处", 2)
    back = reverse("basedata:feature-roll-back", args=[made.uid, 1])
    assert client.get(back).status_code == 200
    assert client.post(back, {"reason": "误改"}).status_code == 302
    made.refresh_from_db()
    assert (made.manager, made.revision) == ("", 3)
    assert PastRevision.objects.filter(feature=made).count() == 2


def test_a_feature_is_taken_out(client, park, inspector, keeper):
    client.force_login(inspector)
    url = reverse("basedata:feature-remove", args=[park.uid])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"origin": "unit", "reason": "已拆除"})
    client.force_login(keeper)
    client.post(f"{answer.url}publish/", {})
    assert not LayerFeature.objects.in_use().exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "airport"}, "kind"),
        ({"name": ""}, "name"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [LON, LAT]}}, "geometry"),
        ({"attributes": {"park_class": "森林"}}, "attribute_park_class"),
        ({"geometry": square(10, 20)}, "position"),
        ({"manager": "长" * 101}, "manager"),
    ],
)
def test_wrong_features_are_told_by_field(inspector, values, field):
    with pytest.raises(DomainError) as told:
        propose(inspector, **values)
    assert field in told.value.fields


@pytest.mark.function("CC-43", at=["basedata:feature-list", "basedata:feature-geojson"])
def test_layers_are_listed_drawn_and_exported(client, park, inspector):
    client.force_login(inspector)
    url = reverse("basedata:feature-list")
    listed = client.get(f"{url}?kind=park").content.decode()
    assert park.code in listed
    district = f"<td>{park.district_code}</td>"
    assert district not in listed, "districts are told by name"
    assert park.code not in client.get(f"{url}?kind=market").content.decode()
    book = client.get(f"{url}?export=xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    answer = client.get(reverse("basedata:feature-geojson") + "?kind=park&download=1")
    (feature,) = answer.json()["features"]
    assert feature["properties"]["object_code"] == park.code
    assert feature["geometry"]["type"] == "Polygon"


def test_the_list_takes_the_same_queries_for_few_and_many(
    client, park, inspector, keeper, django_assert_max_num_queries
):
    client.force_login(inspector)
    url = reverse("basedata:feature-list")
    client.get(url)
    with django_assert_max_num_queries(25) as few:
        client.get(url)
    for number in range(5):
        changes.publish(propose(inspector, name=f"公园{number}"), by=keeper)
    with django_assert_max_num_queries(25) as many:
        client.get(url)
    assert len(many) == len(few)


def toilets(*rows):
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [LON + STEP / 2, LAT + STEP / 2],
            },
            "properties": row,
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.mark.function("CC-43", at="basedata:delivery-list")
def test_a_layer_is_imported_twice_and_wrong_rows_are_told(keeper, city):
    rows = (
        {"YBYBM": "T1", "MC": "台东公厕", "seats": 12, "toilet_class": "一类"},
        {"YBYBM": "T2", "MC": "", "seats": 1},
        {"YBYBM": "T3", "MC": "公厕", "seats": "many"},
        {"YBYBM": "T1", "MC": "公厕"},
    )
    delivery = hand_in(keeper, toilets(*rows), "a.json", target="layer:public_toilet")
    job = done(delivery, keeper)
    assert (job.done, job.failed) == (1, 3)
    made = LayerFeature.objects.get()
    assert made.attributes == {"seats": 12, "toilet_class": "一类"}
    delivery = hand_in(keeper, toilets(rows[0]), "a.json", target="layer:public_toilet")
    assert done(delivery, keeper).skipped == 1
    changed = toilets({**rows[0], "seats": 14})
    delivery = hand_in(keeper, changed, "a.json", target="layer:public_toilet")
    assert done(delivery, keeper).done == 1
    made.refresh_from_db()
    assert (made.attributes["seats"], made.revision) == (14, 2)


def test_an_administrator_changes_what_is_kept_of_a_layer(client, keeper, inspector):
    kind = LayerKind.objects.get(code="square")
    url = reverse("basedata:kind-edit", args=[kind.pk])
    client.force_login(keeper)
    assert client.get(reverse("basedata:kind-list")).status_code == 200
    given = {
        "name": "广场",
        "geometries": '["Polygon"]',
        "fields": '[{"code": "lamps", "name": "灯数", "type": "number"}]',
        "order": 5,
        "is_active": "on",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, {**given, "fields": '[{"code": 1}]'}).status_code == 422
    assert client.post(url, {**given, "geometries": '["Cube"]'}).status_code == 422
    assert client.post(url, given).status_code == 302
    kind.refresh_from_db()
    assert kind.fields[0]["code"] == "lamps"
    client.force_login(inspector)
    assert client.get(url).status_code == 403
