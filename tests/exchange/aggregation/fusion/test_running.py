"""Runs: rows of two sources become master records, again and again the same."""

import pytest

from exchange.aggregation.fusion.models import (
    Master,
    MasterRevision,
    Member,
    Pair,
    UnmatchedCode,
)
from exchange.aggregation.fusion.services import running
from exchange.interfaces.models import Row
from platform_core.common.errors import DomainError
from platform_core.geo import coords

from .conftest import listed, mapped

GCJ = coords.convert(120.3826, 36.0671, "cgcs2000", "gcj02")


def everything():
    """All that a run writes, to compare before and after."""
    rows = [
        list(model.objects.order_by("pk").values())
        for model in (Master, MasterRevision, Member, UnmatchedCode)
    ]
    for line in rows[-1]:
        line.pop("last_seen")
    pairs = list(Pair.objects.order_by("pk").values())
    for line in pairs:
        line.pop("run_id")
    return [*rows, pairs]


@pytest.mark.function("DA-03", at="fusion:run")
def test_two_sources_become_one_record(landed, run, known, current):
    landed(listed("A1", phone="0532-1"), mapped("B1", "中山路公厕（东侧）", GCJ))
    landed(listed("A2", "台东一路公厕", (120.36, 36.08), grade="movable"))
    landed(mapped("P1", "中山公园", GCJ, kind="park"))
    done = run()
    assert (done.rows, done.masters, done.made, done.same) == (3, 2, 2, 1)
    one = current()["中山路公厕（东侧）"]
    assert one.values["grade"] == "class_1"
    assert one.values["hours"] == "06:00-22:00"
    assert one.values["phone"] == "0532-1"
    assert one.values["place"] == [120.3826, 36.0671]
    assert (one.size, one.sources) == (2, 2)
    assert one.picks["name"]["source"] == "guide"
    assert one.picks["name"]["why"] == "longest"
    assert one.picks["hours"]["why"] == "only"
    assert Row.objects.get(pk=one.picks["phone"]["row"]).key == "A1"
    link = one.members.get(source="guide").link
    assert link["score"] > 0.85
    gave = sum(part["gave"] for part in link["parts"])
    assert gave == pytest.approx(link["score"], abs=0.001)


def test_the_same_rows_again_change_nothing(landed, run, known):
    landed(*(listed(f"A{n}", f"{n}号公厕", (120.3 + n / 100, 36.1)) for n in range(9)))
    landed(mapped("B1"), mapped("B2", "中山公厕", GCJ), listed("A9", "中山路厕所"))
    run()
    before = everything()
    again = run()
    assert everything() == before
    assert (again.made, again.changed, again.merged, again.split) == (0, 0, 0, 0)
    # The same content landed once more is a new revision of the rows, no more.
    landed(*(listed(f"A{n}", f"{n}号公厕", (120.3 + n / 100, 36.1)) for n in range(9)))
    again = run()
    assert (again.made, again.changed) == (0, 0)
    assert {one.row for one in Member.objects.filter(source="register")} == set(
        Row.objects.filter(table__code="test_toilet", current=True).values_list(
            "pk", flat=True
        )
    )


def test_a_changed_row_is_a_new_revision_of_its_master(landed, run, known, current):
    landed(listed("A1"), mapped("B1", at=GCJ))
    run()
    before = current()["中山路公厕"]
    landed(mapped("B1", at=GCJ, hours="全天"))
    done = run()
    after = current()["中山路公厕"]
    assert done.changed == 1
    assert after.pk == before.pk
    assert (after.revision, after.values["hours"]) == (2, "全天")
    assert after.revisions.get(number=1).values["hours"] == "06:00-22:00"


def test_a_master_keeps_its_identity_when_it_parts_and_comes_together(
    landed, run, known, current
):
    landed(listed("A1"), mapped("B1", at=GCJ))
    run()
    (whole,) = current().values()
    away = (120.45, 36.2)
    landed(mapped("B1", "极地馆公厕", away))
    done = run()
    assert (done.split, done.made) == (1, 0)
    assert current()["中山路公厕"].pk == whole.pk
    part = current()["极地馆公厕"]
    assert part.split_from == whole

    landed(mapped("B1", at=GCJ))
    done = run()
    assert done.merged == 1
    (again,) = current().values()
    assert again.pk == whole.pk
    part.refresh_from_db()
    assert (part.state, part.merged_into) == ("merged", whole)

    landed(mapped("B1", "极地馆公厕", away))
    run()
    part.refresh_from_db()
    assert part.state == "current"
    assert part.merged_into is None
    assert Master.objects.count() == 2


def test_rows_that_are_gone_leave_their_master(landed, run, known, current):
    landed(listed("A1"), mapped("B1", at=GCJ), listed("A2", "孤公厕", (120.5, 36.3)))
    run()
    Row.objects.filter(key__in=["A2", "B1"]).update(withdrawn=True)
    done = run()
    assert done.retired == 1
    assert list(current()) == ["中山路公厕"]
    assert current()["中山路公厕"].size == 1
    assert Master.objects.get(title="孤公厕").state == "retired"
    Row.objects.filter(key="A2").update(withdrawn=False)
    run()
    assert Master.objects.get(title="孤公厕").state == "current"
    assert Master.objects.count() == 2


def test_what_cleansing_held_back_stays_out(landed, run, known):
    landed(listed("A1"), listed("A2", "另一公厕", (120.5, 36.3)))
    Row.objects.filter(key="A2").update(state="rejected")
    assert run().rows == 1


def test_a_crash_while_writing_is_made_good(
    landed, run, task, known, steward, monkeypatch, django_capture_on_commit_callbacks
):
    places = [(120.3 + n / 50, 36.1) for n in range(6)]
    moved = [coords.convert(*at, "cgcs2000", "gcj02") for at in places]
    landed(*(listed(f"A{n}", f"{n}号公厕", at) for n, at in enumerate(places)))
    landed(*(mapped(f"B{n}", f"{n}号公厕", at) for n, at in enumerate(moved)))
    monkeypatch.setattr("exchange.aggregation.fusion.services.applying.CHUNK", 2)
    write, calls = running.applying.Writer._write, []

    def dies(self, chunk):
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError
        return write(self, chunk)

    monkeypatch.setattr(running.applying.Writer, "_write", dies)
    with django_capture_on_commit_callbacks(execute=True):
        made = running.start(task=task, by=steward)
    made.job.refresh_from_db()
    assert made.job.state == "failed"
    assert Master.objects.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        running.jobs.retry(made.job, by=steward)
    made.refresh_from_db()
    assert (made.masters, made.made) == (6, 6)
    assert Master.objects.count() == 6


def test_two_runs_of_one_task_do_not_overlap(task, steward):
    running.start(task=task, by=steward)
    with pytest.raises(DomainError):
        running.start(task=task, by=steward)
