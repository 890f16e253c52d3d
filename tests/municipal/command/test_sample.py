"""The sample city: areas without gaps, plausible cases, a life that goes on."""

import os
import signal
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from shapely.geometry import shape
from shapely.ops import unary_union

from municipal.command import places, sample
from municipal.command.enums import OPEN, State
from municipal.command.loaders import case_process
from municipal.command.models import Case, Component, DutyGrid, UnitGrid
from municipal.command.sample import crew, geography, history
from platform_core.accounts import sample as people
from platform_core.accounts.models import User
from platform_core.audit.models import AuditEntry
from platform_core.regions.models import Division
from platform_core.workflow import engine


@pytest.fixture
def small(db, monkeypatch, settings, tmp_path):
    """One district with two streets, and few cases of each kind."""
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(geography, "DISTRICTS", 1)
    monkeypatch.setattr(geography, "PER_GRID", 2)
    people.load()
    geography.load(crew.units())
    history.load(0.02)


def test_a_small_city_in_every_state(small):
    states = set(Case.objects.values_list("state", flat=True))
    assert states == set(State.values) - {"reported"}
    definition = case_process()
    for case in Case.objects.select_related("process"):
        steps = list(case.process.steps.order_by("seq"))
        assert engine.replay(definition, [s.action for s in steps]) == case.state
        moments = [step.at for step in steps]
        assert moments == sorted(moments)
        assert moments[0] == case.reported_at
    assert not Case.objects.filter(grid_code="").exists()


def test_grids_cover_their_streets_without_gap_or_overlap(small):
    rows = list(UnitGrid.objects.all())
    shapes = [shape(row.geometry) for row in rows]
    whole = unary_union(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(one.area for one in shapes))
    assert all(row.code.startswith(row.community_id) for row in rows)
    for row in rows[::7]:
        assert places.locate(row.lon, row.lat).grid_code == row.code
    assert DutyGrid.objects.filter(supervisors=None).count() == 0
    assert UnitGrid.objects.filter(is_sample=False).count() == 0
    assert Division.objects.filter(level="street", is_sample=True).count() == 2


def test_components_have_codes_of_the_standard(small):
    codes = list(Component.objects.values_list("code", "class_code", "grid_code"))
    assert codes
    assert len({code for code, _class, _grid in codes}) == len(codes)
    for code, class_code, grid in codes:
        assert len(code) == 17
        assert code[:11] == grid[:6] + class_code


def test_loading_twice_changes_nothing(small):
    before = (Case.objects.count(), Component.objects.count())
    assert sample.load() == "areas are there; cases are there"
    assert (Case.objects.count(), Component.objects.count()) == before


def test_without_people_there_is_no_history(db):
    assert history.load() == "no sample people"
    assert not Case.objects.exists()


def test_the_city_lives_on(small, monkeypatch):
    monkeypatch.setattr(Event, "wait", lambda self, timeout=None: False)
    before = AuditEntry.objects.count()
    out = StringIO()
    call_command("simulate", pace=60, minutes=1, seed=3, stdout=out)
    last = out.getvalue().strip().splitlines()[-1]
    reports, steps = (int(word) for word in last.split() if word.isdigit())
    assert reports + steps > 45
    assert AuditEntry.objects.count() >= before + reports + steps
    assert Case.objects.filter(state__in=OPEN).exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_simulation_ends_cleanly_on_a_signal(small, monkeypatch, number):
    def interrupt(self, timeout=None):
        os.kill(os.getpid(), number)
        return self.is_set()

    monkeypatch.setattr(Event, "wait", interrupt)
    handler = signal.getsignal(number)
    out = StringIO()
    call_command("simulate", pace=1, stdout=out)
    assert len(out.getvalue().strip().splitlines()) == 2
    assert out.getvalue().strip().endswith("steps")
    assert signal.getsignal(number) == handler


@pytest.mark.parametrize("pace", [0, -1])
def test_a_pace_is_above_zero(small, pace):
    with pytest.raises(CommandError):
        call_command("simulate", pace=pace)


def test_without_a_sample_city_nothing_is_simulated(db):
    with pytest.raises(CommandError):
        call_command("simulate", pace=10, minutes=1)
    assert not User.objects.filter(is_sample=True).exists()
