"""Runs start after rows landed and by the clock."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from exchange.aggregation.cleansing.models import Run
from exchange.aggregation.cleansing.services import rule_sets, scheduling
from platform_core.common import clock

from .conftest import row

pytestmark = pytest.mark.function("DA-02", at="cleansing:run-list")


def test_new_rows_are_cleansed_once(rules, landed, django_capture_on_commit_callbacks):
    assert scheduling.start_due() == 0
    landed(row("L1"))
    with django_capture_on_commit_callbacks(execute=True):
        assert scheduling.start_due() == 1
    assert scheduling.start_due() == 0
    assert Run.objects.get().trigger == "landing"
    with clock.at(clock.now() + timedelta(minutes=1)):
        landed(row("L2"))
        with django_capture_on_commit_callbacks(execute=True):
            assert scheduling.start_due() == 1


def test_every_day_at_its_hour(rules, steward, django_capture_on_commit_callbacks):
    rule_sets.change(rule_set=rules, by=steward, after_landing=False, daily_at=3)
    night = timezone.make_aware(datetime(2026, 9, 1, 3, 10))
    for moment, started in (
        (night - timedelta(hours=1), 0),
        (night, 1),
        (night + timedelta(minutes=5), 0),
        (night + timedelta(days=1), 1),
    ):
        with clock.at(moment), django_capture_on_commit_callbacks(execute=True):
            assert scheduling.start_due() == started
