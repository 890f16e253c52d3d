"""The sample of catalogue and cleansing: published, and safe to load twice."""

import pytest

from exchange.aggregation.catalogue import sample as entries
from exchange.aggregation.catalogue.models import Resource
from exchange.aggregation.cleansing import sample as rules
from exchange.aggregation.cleansing.models import RuleSet
from platform_core.accounts import sample as people

pytestmark = pytest.mark.django_db


def test_sample_entries_are_published_once_by_two_people():
    assert entries.load() == "no sample people"
    people.load()
    assert entries.load() == entries.load()
    found = list(Resource.objects.order_by("code"))
    assert [one.table.code for one in found] == ["cb_class", "cb_division"]
    for one in found:
        assert (one.state, one.editions.count()) == ("published", 1)
        assert one.changed_by != one.reviewed_by


def test_sample_rules_count_from_the_start():
    assert rules.load() == rules.load()
    found = RuleSet.objects.order_by("table__code")
    assert [one.table.code for one in found] == ["cb_class", "cb_division"]
    assert all(one.current and one.after_landing for one in found)
