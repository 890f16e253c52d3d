"""Reference data and upkeep by the beat."""

from datetime import timedelta

from municipal.command import loaders, tasks
from municipal.command.models import CaseSource
from platform_core.common import clock
from platform_core.processes.models import ProcessDefinition
from tests.factories.command import lead


def test_sources_are_those_of_the_table(db):
    assert loaders.load_sources() == "23 case sources"
    phone = CaseSource.objects.get(pk="03")
    assert (phone.needs_verification, phone.is_public) == ("yes", True)
    assert not CaseSource.objects.get(pk="01").is_public


def test_the_process_is_published_once(db):
    loaders.ship_process()
    loaders.ship_process()
    assert ProcessDefinition.objects.filter(code="command.case").count() == 1


def test_the_beat_marks_and_resumes_safely_twice(city):
    late, paused = lead(city, "handling"), lead(city, "deferred")
    with clock.at(max(late.handling_deadline, paused.paused_until) + timedelta(days=1)):
        assert (tasks.mark_overdue(), tasks.mark_overdue()) == (1, 0)
        assert (tasks.resume_paused(), tasks.resume_paused()) == (1, 0)
