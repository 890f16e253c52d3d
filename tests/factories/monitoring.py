"""Factories of the monitoring system."""

from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from platform_core.systems.monitoring.models import CaseDigest, IndicatorValue

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class IndicatorValueFactory(DjangoModelFactory):
    """A figure of one county and day."""

    class Meta:
        model = IndicatorValue

    indicator_id = "cases.closed"
    division = "370202"
    period = "2026-11-20"
    value = Decimal(3)
    unit = "case"
    measured_at = NOON


class CaseDigestFactory(DjangoModelFactory):
    """The summary of an open case."""

    class Meta:
        model = CaseDigest

    number = factory.Sequence(lambda n: f"20261120{n:05d}")
    title = "井盖破损"
    edition = "2026"
    class_kind = "matter"
    class_code = "0101"
    class_name = "井盖破损"
    division = "370202"
    lon = 120.38
    lat = 36.06
    source = "01"
    state = "handling"
    stage = 4
    reported_at = NOON
