"""The table of divisions and the row of this platform."""

import time

import pytest

from platform_core.regions.loaders import load_divisions, load_own_node
from platform_core.regions.models import Division, Node
from platform_core.regions.selectors import own, own_division

pytestmark = pytest.mark.django_db


def test_the_whole_country_is_there():
    counts = {
        level: Division.objects.filter(level=level, is_sample=False).count()
        for level in ("nation", "province", "prefecture", "county")
    }
    assert counts == {"nation": 1, "province": 34, "prefecture": 333, "county": 2844}


def test_loading_again_changes_nothing_and_repairs_a_row(django_assert_max_num_queries):
    Division.objects.filter(pk="370202").update(name="别名")
    Division.objects.filter(pk="370203").delete()
    began = time.monotonic()
    assert "2 written" in load_divisions()
    with django_assert_max_num_queries(4):
        assert "3212 divisions, 0 written" in load_divisions()
    assert time.monotonic() - began < 3
    assert Division.objects.get(pk="370202").name == "市南区"


def test_own_node_comes_from_the_settings(as_node):
    assert own().code == "M37020001"
    assert own().tier == "municipal"
    as_node("P37000001")
    load_own_node()
    load_own_node()
    assert Node.objects.filter(code="P37000001").count() == 1
    assert own().division_id == "370000"
    assert own_division().name == "山东省"
