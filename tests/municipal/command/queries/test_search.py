"""The combined search, its kept queries, its files."""

from datetime import timedelta

import pytest
from django.urls import reverse
from mapbox_vector_tile import decode

from municipal.command.filters import CaseFilter
from municipal.command.models import Case
from municipal.command.queries import services, tiling
from municipal.command.queries.filters import CaseSearch
from municipal.command.queries.models import SavedQuery
from platform_core.audit.models import AuditEntry
from platform_core.common import clock
from platform_core.common.errors import DomainError, Forbidden
from platform_core.geo.tiles import Tile
from platform_core.jobs import services as jobs
from platform_core.jobs.models import Job
from tests.factories.command import LAT, LON, STEP, lead, report

CASES = "queries:cases"


def numbers(client, person, **given):
    """The case numbers that a search shows."""
    client.force_login(person)
    page = client.get(reverse(CASES), given)
    assert page.status_code == 200
    return [row["object"].number for row in page.context["table"]]


@pytest.fixture
def three(city):
    """Cases that differ in place, state and what happened."""
    near = report(city)
    far = report(city, lon=LON + 3.5 * STEP, description="井盖松动作响。")
    done = lead(city, "closed")
    Case.objects.filter(pk=done.pk).update(
        rework_count=1, reported_at=clock.now() - timedelta(days=40)
    )
    return near, far, done


@pytest.mark.function("CC-26", at=CASES)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"flag": "rework"}, (2,)),
        ({"state": ["closed"]}, (2,)),
        ({"state": ["closed", "pending_accept"]}, (0, 1, 2)),
        ({"q": "井盖松动"}, (1,)),
        ({"area": "370202001001001", "state": "pending_accept"}, (0,)),
        ({"area": "370203"}, ()),
        ({"major": "matter-06", "flag": "rework"}, (2,)),
        ({"bbox": f"{LON},{LAT},{LON + 2 * STEP},{LAT + STEP}"}, (0, 2)),
        ({"flag": ["rework", "missed"]}, ()),
    ],
)
def test_conditions_of_all_kinds_narrow_the_search(
    client, city, three, given, expected
):
    found = numbers(client, city.dispatcher, **given)
    assert sorted(found) == sorted(three[place].number for place in expected)


@pytest.mark.function("CC-26", at=CASES)
def test_the_time_span_counts_local_days(client, city, three):
    day = str(clock.today() - timedelta(days=1))
    found = numbers(client, city.dispatcher, reported_from=day)
    assert three[2].number not in found
    assert len(found) == 2
    assert numbers(client, city.dispatcher, reported_to=day) == [three[2].number]


def test_a_text_is_looked_for_in_the_last_quarter_unless_a_span_is_given(client, city):
    case = report(city, description="路灯不亮已久。")
    old = clock.now() - timedelta(days=200)
    Case.objects.filter(pk=case.pk).update(reported_at=old)
    assert numbers(client, city.dispatcher, q="路灯") == []
    since = str(old.date() - timedelta(days=1))
    found = numbers(client, city.dispatcher, q="路灯", reported_from=since)
    assert found == [case.number]


def test_a_box_that_is_none_is_said_beside_its_field(client, city):
    client.force_login(city.dispatcher)
    page = client.get(reverse(CASES), {"bbox": "1,2,3"})
    assert page.context["filter"].form.errors["bbox"]


def test_behind_the_last_row_the_search_goes_on(client, city):
    for _ in range(27):
        report(city)
    client.force_login(city.dispatcher)
    page = client.get(reverse(CASES))
    first = {row["pk"] for row in page.context["table"]}
    rest = client.get(reverse(CASES) + page.context["further"])
    second = {row["pk"] for row in rest.context["table"]}
    assert len(first) == 25
    assert len(second) == 2
    assert not first & second


def test_the_search_costs_the_same_for_more_rows(
    client, city, django_assert_max_num_queries
):
    client.force_login(city.dispatcher)
    for _ in range(3):
        report(city)
    client.get(reverse(CASES))
    with django_assert_max_num_queries(14) as few:
        client.get(reverse(CASES))
    for _ in range(9):
        report(city)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(CASES))


@pytest.mark.function("CC-26", at="queries:keep")
def test_a_kept_query_is_shared_within_the_organisation_only(client, city):
    client.force_login(city.dispatcher)
    url = reverse("queries:keep", args=["cases"]) + "?flag=rework&page=3"
    answer = client.post(url, {"name": "返工件", "is_shared": "on"})
    kept = SavedQuery.objects.get()
    assert answer.status_code == 302
    assert kept.query == "flag=rework"
    assert AuditEntry.objects.filter(type="query.kept").exists()
    colleague, stranger = city.dispatcher, city.other_handler
    assert SavedQuery.objects.visible_to(colleague).exists()
    assert not SavedQuery.objects.visible_to(stranger).exists()
    with pytest.raises(Forbidden):
        services.drop(kept, by=stranger)
    with pytest.raises(DomainError):
        services.keep(name="返工件", page="cases", query="", by=city.dispatcher)
    client.post(reverse("queries:drop", args=[kept.pk]))
    assert not SavedQuery.objects.exists()


@pytest.mark.function("CC-26", at="queries:export")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_writes_what_the_person_may_see(client, city, three, form):
    client.force_login(city.dispatcher)
    url = reverse("queries:export", args=["cases"]) + "?flag=rework"
    assert client.post(url, {"form": form}).status_code == 302
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert job.done == 1
    (name,) = [one["name"] for one in job.outputs]
    content = (job.folder / f"out-{name}").read_bytes()
    assert name.endswith(form)
    if form == "csv":
        assert three[2].number in content.decode("utf-8-sig")
        assert three[0].number not in content.decode("utf-8-sig")


def test_an_export_asks_for_the_right_again_and_masks_the_reporter(client, city):
    case = report(city)
    Case.objects.filter(pk=case.pk).update(reporter="王小明", contact="13800001234")
    job = services.export(page="cases", query="", form="csv", by=city.dispatcher)
    jobs.run(job.pk)
    job.refresh_from_db()
    text = (job.folder / f"out-{job.outputs[0]['name']}").read_text("utf-8-sig")
    assert "王**" in text
    assert "13800001234" not in text
    again = services.export(page="cases", query="", form="csv", by=city.dispatcher)
    city.dispatcher.groups.clear()
    jobs.run(again.pk)
    again.refresh_from_db()
    assert again.state == "failed"
    assert again.outputs == []


@pytest.mark.function("CC-26", at="queries:case-tile")
def test_tiles_show_points_near_by_and_numbers_further_out(client, city, three):
    client.force_login(city.dispatcher)

    def layers(zoom, **given):
        tile = Tile.at(zoom, three[0].lon, three[0].lat)
        url = reverse("queries:case-tile", args=[zoom, tile.x, tile.y])
        return decode(client.get(url, given).content)

    points = layers(16)["points"]["features"]
    shown = {point["properties"]["code"] for point in points}
    assert str(three[0].uid) in shown
    assert str(three[2].uid) not in shown
    counted = layers(12)["clusters"]["features"]
    assert sum(one["properties"]["count"] for one in counted) == 2
    closed = layers(12, state="closed")["clusters"]["features"]
    assert sum(one["properties"]["count"] for one in closed) == 1


def test_tiles_show_nobody_elses_cases(client, city, three):
    client.force_login(city.other_handler)
    tile = Tile.at(12, three[0].lon, three[0].lat)
    url = reverse("queries:case-tile", args=[12, tile.x, tile.y])
    assert decode(client.get(url).content) == {}
    assert client.get(reverse("queries:case-tile", args=[2, 9, 9])).status_code == 404


def test_a_tile_is_never_older_than_five_seconds(client, city, three):
    client.force_login(city.dispatcher)
    tile = Tile.at(16, three[0].lon, three[0].lat)
    url = reverse("queries:case-tile", args=[16, tile.x, tile.y])
    shown = int(client.get(url)["Cache-Control"].rpartition("=")[2])
    assert tiling.KEPT_SECONDS + shown <= 5
    refused = client.get(url, {"state": "nowhere"})
    assert refused.status_code == 400


@pytest.mark.parametrize("given", [CaseFilter, CaseSearch])
def test_looking_for_states_sorts_no_rows_out_again(given):
    rows = given({"state": ["closed", "handling"]}, queryset=Case.objects.all()).qs
    assert "DISTINCT" not in str(rows.query)
