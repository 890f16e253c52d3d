"""Counting, announcing, taking in, adding up."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from platform_core.common.errors import DomainError
from platform_core.common.ids import uuid7
from platform_core.datasets.models import OutboxEntry
from platform_core.systems.monitoring import selectors, services
from platform_core.systems.monitoring.models import (
    CaseDigest,
    Indicator,
    IndicatorDelta,
    IndicatorValue,
    RollUp,
)
from tests.factories.monitoring import NOON

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def total(measure, division, period, key=""):
    row = RollUp.objects.filter(
        measure=measure, division=division, period=period, key=key
    ).first()
    return int(row.value) if row else 0


def digest(uid=None, revision=1, **values):
    fields = {
        "number": "202611200001",
        "title": "井盖破损",
        "edition": "2026",
        "class_kind": "matter",
        "class_code": "0101",
        "class_name": "井盖破损",
        "division": "370202",
        "lon": 120.38,
        "lat": 36.06,
        "source": "01",
        "state": "pending_accept",
        "stage": 1,
        "reported_at": NOON,
    }
    services.announce_case(
        uid=uid or uuid7(), revision=revision, **{**fields, **values}
    )


def test_counting_is_one_insert(django_assert_num_queries):
    with django_assert_num_queries(1):
        services.count("cases.reported", "370202", day=DAY)


def test_counting_an_unknown_indicator_is_refused():
    with pytest.raises(DomainError) as caught:
        services.count("cases.imagined", "370202", day=DAY)
    assert caught.value.code == "code_list"
    assert not IndicatorDelta.objects.exists()


def test_folding_publishes_one_value_per_county_and_day():
    for amount in (1, 2):
        services.count("cases.reported", "370202", day=DAY, amount=amount)
    services.count("cases.reported", "370203", day=DAY)
    assert services.fold() == 3

    values = IndicatorValue.objects.order_by("division")
    assert [(row.division, row.value) for row in values] == [
        ("370202", Decimal(3)),
        ("370203", Decimal(1)),
    ]
    sent = OutboxEntry.objects.filter(interface="monitoring.indicator_value")
    assert {entry.data["division"]: entry.data["value"] for entry in sent} == {
        "370202": 3,
        "370203": 1,
    }
    assert sent.first().data["period"] == "2026-11-20"


def test_folding_again_changes_nothing_and_costs_one_query(django_assert_num_queries):
    services.count("cases.reported", "370202", day=DAY)
    services.fold()
    with django_assert_num_queries(1):
        assert services.fold() == 0
    assert total("cases.reported", "370202", "2026-11-20") == 1


def test_a_later_count_is_a_new_revision_of_the_same_value():
    services.count("cases.reported", "370202", day=DAY)
    services.fold()
    services.count("cases.reported", "370202", day=DAY)
    services.fold()
    value = IndicatorValue.objects.get()
    assert (value.value, value.revision) == (Decimal(2), 2)
    assert OutboxEntry.objects.filter(uid=value.uid, revision=2).count() == 1


def test_sums_are_kept_for_division_and_period_inside_the_node():
    services.count("cases.reported", "370202", day=DAY, amount=2)
    services.count("cases.reported", "370202", day=DAY - timedelta(days=1))
    services.count("cases.reported", "370203", day=DAY)
    services.fold()
    assert total("cases.reported", "370202", "2026-11") == 3
    assert total("cases.reported", "370200", "2026-11-20") == 3
    assert total("cases.reported", "370200", "2026-11") == 4
    assert total("cases.reported", "370200", "2026") == 4
    assert not RollUp.objects.filter(division__in=["370000", "100000"]).exists()


def test_a_failed_fold_leaves_everything_waiting(monkeypatch):
    services.count("cases.reported", "370202", day=DAY)

    def fail(*args, **kwargs):
        raise RuntimeError("killed")

    monkeypatch.setattr("platform_core.systems.monitoring.rollups.publish", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        services.fold()
    assert IndicatorDelta.objects.count() == 1
    assert not IndicatorValue.objects.exists()
    assert not RollUp.objects.exists()


def test_fold_all_goes_on_until_nothing_waits(monkeypatch):
    monkeypatch.setattr("platform_core.systems.monitoring.rollups.BATCH", 2)
    for _ in range(5):
        services.count("cases.reported", "370202", day=DAY)
    assert services.fold_all() == 5
    assert total("cases.reported", "370200", "2026") == 5


def test_announcing_keeps_the_digest_and_tells_the_tier_above():
    uid = uuid7()
    digest(uid=uid)
    kept = CaseDigest.objects.get(uid=uid)
    assert (kept.origin, kept.is_open) == ("M37020001", True)
    entry = OutboxEntry.objects.get(interface="monitoring.case_digest")
    assert entry.data["number"] == "202611200001"
    assert "closed_at" not in entry.data


def test_announcing_costs_few_queries(django_assert_max_num_queries):
    digest()
    with django_assert_max_num_queries(7):
        digest()


def test_open_and_overdue_follow_the_case():
    uid = uuid7()
    digest(uid=uid)
    digest(uid=uid, revision=2, state="handling", stage=4, overdue=True)
    services.fold()
    assert selectors.standing("370200") == {4: 1, selectors.OVERDUE: 1}
    digest(uid=uid, revision=3, state="closed", stage=6, closed_at=NOON, on_time=False)
    services.fold()
    assert sum(selectors.standing("370200").values()) == 0


def test_shares_follow_a_class_that_is_corrected():
    uid = uuid7()
    digest(uid=uid, class_code="0101")
    services.fold()
    digest(uid=uid, revision=2, class_code="0203")
    services.fold()
    assert total("digest.class", "370200", "2026-11", "2026/matter/01") == 0
    assert total("digest.class", "370200", "2026-11", "2026/matter/02") == 1
    assert total("digest.source", "370200", "2026-11", "01") == 1


def test_the_day_of_a_case_is_the_local_day():
    digest(reported_at=NOON.replace(day=19, hour=17))  # 01:00 on the 20th in China
    services.fold()
    assert total("digest.source", "370200", "2026-11-20", "01") == 1


def keep(origin="M37080001", *, uid=None, revision=1, division, value, **more):
    return services.keep_value(
        uid=uid or uuid4(),
        origin=origin,
        revision=revision,
        indicator=Indicator.objects.get(pk="cases.closed"),
        division=division,
        period=more.pop("period", "2026-11-20"),
        value=Decimal(value),
        unit="case",
        measured_at=NOON,
        **more,
    )


def test_the_tier_above_adds_up_what_cities_report(as_node):
    as_node("P37000001")
    keep("M37020001", division="370202", value=3)
    keep("M37080001", division="370811", value=4)
    services.fold()
    assert total("cases.closed", "370200", "2026-11-20") == 3
    assert total("cases.closed", "370000", "2026-11") == 7
    assert not OutboxEntry.objects.exists()


def test_only_the_difference_of_a_new_revision_counts(as_node):
    as_node("P37000001")
    row = keep(division="370811", value=4)
    keep(division="370811", value=6, uid=row.uid, revision=2)
    services.fold()
    assert total("cases.closed", "370000", "2026-11") == 6


def test_a_withdrawn_value_counts_no_more(as_node):
    as_node("P37000001")
    row = keep(division="370811", value=4)
    keep(division="370811", value=4, uid=row.uid, revision=2, withdrawn=True)
    services.fold()
    assert total("cases.closed", "370000", "2026-11") == 0


@pytest.mark.parametrize("whole_first", [True, False])
def test_a_city_total_is_not_added_to_its_counties(as_node, whole_first):
    as_node("P37000001")
    steps = [("370800", 10), ("370811", 4), ("370812", 5)]
    for division, value in steps if whole_first else reversed(steps):
        keep(division=division, value=value)
    services.fold()
    assert total("cases.closed", "370811", "2026-11-20") == 4
    assert total("cases.closed", "370800", "2026-11-20") == 10
    assert total("cases.closed", "370000", "2026") == 10


def test_without_the_city_total_the_counties_count_again(as_node):
    as_node("P37000001")
    whole = keep(division="370800", value=10)
    keep(division="370811", value=4)
    keep(division="370800", value=10, uid=whole.uid, revision=2, withdrawn=True)
    services.fold()
    assert total("cases.closed", "370800", "2026-11-20") == 4
    assert total("cases.closed", "370000", "2026") == 4


def test_a_month_reported_beside_days_is_kept_but_not_added(as_node):
    as_node("P37000001")
    keep(division="370811", value=4)
    keep(division="370811", value=90, period="2026-11")
    services.fold()
    assert total("cases.closed", "370811", "2026-11") == 4
    assert IndicatorValue.objects.get(period="2026-11").value == 90


def test_a_value_does_not_move_to_another_period(as_node):
    as_node("P37000001")
    row = keep(division="370811", value=4)
    with pytest.raises(DomainError) as caught:
        keep(division="370811", value=4, uid=row.uid, revision=2, period="2026-11-21")
    assert caught.value.code == "format"
