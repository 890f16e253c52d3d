"""The demo opens with results, drafts and appeals of its own cases."""

from datetime import timedelta

import pytest
from django.db.models import F

from municipal.command.models import Case
from municipal.command.performance import evaluation_sample, selectors
from municipal.command.performance.enums import ObjectKind
from municipal.command.performance.models import Appeal, Run
from platform_core.accounts import sample as people
from tests.factories import command as factory


@pytest.fixture
def late(city):
    """A case that was handled late and is closed, in a city with sample people."""
    people.load()
    case = factory.lead(city, "closed")
    rows = Case.objects.filter(pk=case.pk)
    rows.update(handling_deadline=F("handled_at") - timedelta(hours=1))
    return case


def test_last_month_is_published_and_this_month_in_the_making(late):
    told = evaluation_sample.load()
    assert set(Run.objects.values_list("state", flat=True)) >= {"published", "draft"}
    kinds = set(Run.objects.filter(state="draft").values_list("kind", flat=True))
    assert kinds == set(ObjectKind.values)
    assert selectors.latest(ObjectKind.UNIT_GRID, 3)
    appeal = Appeal.objects.get()
    assert (appeal.case, appeal.state) == (late, "second")
    assert told.endswith("1 appeals")
    assert evaluation_sample.load() == "no sample of evaluation"


def test_without_people_there_is_no_sample(db):
    assert evaluation_sample.load() == "no sample of evaluation"
    assert not Run.objects.exists()
