"""What arrives from other platforms is checked and taken in."""

from uuid import uuid4

import pytest

from platform_core.common.errors import DomainError
from platform_core.datasets import registry
from platform_core.datasets.registry import IncomingRecord
from platform_core.systems.monitoring import selectors, services
from platform_core.systems.monitoring.models import CaseDigest, IndicatorValue
from tests.factories.monitoring import NOON, CaseDigestFactory, IndicatorValueFactory

pytestmark = pytest.mark.django_db
VALUE = {
    "indicator": "cases.closed",
    "division": "370202",
    "period": "2026-11-20",
    "value": 3,
    "unit": "case",
    "measured_at": "2026-11-20T12:00:00+08:00",
}


def arrive(name, data, **more):
    fields = {
        "origin": "M37020001",
        "uid": uuid4(),
        "revision": 1,
        "op": "upsert",
        "sender": "M37020001",
        "route": ("M37020001",),
        **more,
    }
    dataset = registry.get(f"monitoring.{name}", 1)
    assert dataset.problem(data) is None
    record = IncomingRecord(
        interface=dataset.code, version=1, occurred_at=NOON, data=data, **fields
    )
    return dataset.apply(record)


def refusal(name, data, **more):
    with pytest.raises(DomainError) as caught:
        arrive(name, data, **more)
    return caught.value.code, *caught.value.fields


@pytest.fixture
def province(as_node):
    as_node("P37000001")


def test_the_contract_is_the_one_of_the_protocol():
    schema = registry.get("monitoring.indicator_value", 1).schema
    assert list(schema["properties"]) == list(VALUE)
    assert set(schema["required"]) == set(VALUE)


@pytest.mark.parametrize(
    "wrong",
    [{"period": "2026-13"}, {"division": "37"}, {"value": "three"}, {"measured_at": 1}],
)
def test_the_contract_refuses_wrong_fields(wrong):
    assert registry.get("monitoring.indicator_value", 1).problem({**VALUE, **wrong})


def test_a_figure_arrives_once_per_revision(province):
    uid = uuid4()
    arrive("indicator_value", VALUE, uid=uid)
    arrive("indicator_value", {**VALUE, "value": 5}, uid=uid, revision=3)
    services.fold_all()
    assert IndicatorValue.objects.get().value == 5
    assert selectors.figures("370000").month["cases.closed"] in {0, 5}
    assert selectors.sums(["cases.closed"], ["370000"], ["2026-11"]) == {
        ("cases.closed", "370000", "2026-11"): 5.0
    }


def test_a_figure_passed_on_by_the_province_reaches_the_nation(as_node):
    as_node("N10000001")
    route = ("M37020001", "P37000001")
    arrive("indicator_value", VALUE, sender="P37000001", route=route)
    services.fold_all()
    found = selectors.sums(["cases.closed"], ["100000", "370200"], ["2026-11-20"])
    assert set(found.values()) == {3.0}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"indicator": "cases.imagined"}, ("code_list", "indicator")),
        ({"division": "370811"}, ("out_of_scope", "division")),
        ({"division": "999999"}, ("code_list", "division")),
        ({"unit": "piece"}, ("code_list", "unit")),
        ({"period": "2026-02-30"}, ("format", "period")),
        ({"value": 1e30}, ("range", "value")),
    ],
)
def test_a_wrong_figure_is_refused_with_its_field(province, wrong, code):
    assert refusal("indicator_value", {**VALUE, **wrong}) == code
    assert not IndicatorValue.objects.exists()


def test_a_province_may_not_pass_on_another_provinces_city(as_node):
    as_node("N10000001")
    assert refusal("indicator_value", VALUE, sender="P11000001") == (
        "out_of_scope",
        "division",
    )


def wire(**values):
    return registry.get("monitoring.case_digest").data(
        CaseDigestFactory.build(**values)
    )


def test_a_digest_arrives_and_is_replaced_by_later_ones(province):
    uid = uuid4()
    arrive("case_digest", wire(), uid=uid)
    closed = wire(state="closed", stage=6, closed_at=NOON, on_time=True)
    arrive("case_digest", closed, uid=uid, revision=7)
    kept = CaseDigest.objects.get()
    assert (kept.origin, kept.state, kept.is_open) == ("M37020001", "closed", False)
    assert kept.closed_at == NOON


def test_an_older_digest_does_not_turn_time_back(province):
    uid = uuid4()
    arrive("case_digest", wire(state="closed", closed_at=NOON), uid=uid, revision=7)
    arrive("case_digest", wire(), uid=uid, revision=2)
    assert CaseDigest.objects.get().state == "closed"


def test_a_withdrawn_digest_is_kept_but_not_counted(province):
    uid = uuid4()
    arrive("case_digest", wire(), uid=uid)
    arrive("case_digest", wire(), uid=uid, revision=2, op="withdraw")
    services.fold_all()
    assert sum(selectors.standing("370000").values()) == 0
    assert CaseDigest.objects.get().is_withdrawn


def test_a_digest_of_another_city_is_refused(province):
    assert refusal("case_digest", wire(division="370811")) == (
        "out_of_scope",
        "division",
    )


def test_a_digest_belongs_to_the_platform_it_came_from(province):
    uid = CaseDigestFactory(origin="M37080001", division="370202").uid
    assert refusal("case_digest", wire(), uid=uid) == ("not_origin", "uid")


def test_figures_of_this_node_look_right_on_the_wire():
    data = registry.get("monitoring.indicator_value").data(
        IndicatorValueFactory.build()
    )
    assert data == VALUE
