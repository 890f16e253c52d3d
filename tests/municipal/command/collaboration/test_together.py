"""Merging of duplicates and batches with a preview."""

import random

import pytest
from django.urls import reverse

from municipal.command import services
from municipal.command.collaboration.models import Batch, DutyRule, Merge
from municipal.command.collaboration.services import batches, duty, merging
from municipal.command.enums import OPEN
from municipal.command.models import Case
from platform_core.common import clock
from platform_core.common.errors import Conflict, DomainError, TransitionNotAllowed
from platform_core.jobs import services as jobs
from tests.factories.command import CLASS, LON, STEP, WAYS, act, lead, report


def merged(city, *cases):
    main, *rest = cases
    for case in rest:
        merging.merge(case=case, main=main, by=city.dispatcher, reason="同一问题")
    return [Case.objects.get(pk=case.pk) for case in cases]


@pytest.mark.function("CC-21", at=["collaboration:merge", "command:case-detail"])
def test_children_wait_and_end_with_the_main_case(client, city):
    main, child = lead(city, "pending_close"), report(city, contact="13800000000")
    client.force_login(city.dispatcher)
    url = reverse("collaboration:merge", args=[child.uid])
    assert client.post(url, {"main": "nothing"}).status_code == 422
    answer = client.post(url, {"main": main.number, "reason": "同一问题"})
    assert answer.status_code == 302
    child.refresh_from_db()
    assert (child.duplicate_of, child.deadline) == (main, None)
    with pytest.raises(TransitionNotAllowed, match=main.number):
        act(city, child, "accept", by="acceptor")
    text = client.get(main.get_absolute_url()).content.decode()
    assert child.number in text
    services.close_case(main, by=city.duty_leader, note="已清理")
    child.refresh_from_db()
    assert (child.state, child.process.state) == ("closed", "closed")
    last = child.process.steps.order_by("-seq").first()
    assert "已清理" in last.note
    assert city.acceptor.notices.filter(body=last.note).exists()
    assert not Merge.objects.filter(ended_at=None).exists()


def test_an_unmerged_case_goes_on_where_it_was(city):
    main, child = lead(city, "handling"), lead(city, "handling")
    before = child.handling_deadline
    merged(city, main, child)
    child = merging.unmerge(case=child, by=city.dispatcher, reason="不是同一处")
    assert child.duplicate_of is None
    assert child.handling_deadline >= before
    assert child.deadline is not None
    assert act(city, child, "feedback", by="dept_handler").state == "pending_feedback"
    with pytest.raises(Conflict):
        merging.unmerge(case=child, by=city.dispatcher, reason="再次")


def test_a_main_case_without_a_result_lets_its_children_go(city):
    main, child = lead(city, "pending_dispatch"), report(city)
    merged(city, main, child)
    services.cancel_case(main, by=city.duty_leader, note="误立")
    child.refresh_from_db()
    assert (child.state, child.duplicate_of) == ("pending_accept", None)


def test_chains_are_flattened_and_circles_refused(city):
    a, b, c = (lead(city, "handling") for _ in range(3))
    merging.merge(case=b, main=a, by=city.dispatcher)
    merging.merge(case=c, main=b, by=city.dispatcher)
    assert merging.root_of(c) == a
    d = lead(city, "handling")
    merging.merge(case=a, main=d, by=city.dispatcher)
    for case in (a, b, c):
        case.refresh_from_db()
        assert (case.duplicate_of, merging.root_of(case)) == (d, d)
    with pytest.raises(DomainError):
        merging.merge(case=d, main=c, by=city.dispatcher)
    with pytest.raises(DomainError):
        merging.merge(case=b, main=lead(city, "closed"), by=city.dispatcher)


@pytest.mark.parametrize("seed", range(6))
def test_merging_and_taking_apart_never_loses_a_case(city, seed):
    chance = random.Random(seed)
    states = ["pending_accept", "pending_dispatch", "handling", "pending_close"]
    cases = [lead(city, chance.choice(states)) for _ in range(6)]
    for _ in range(40):
        one, other = chance.sample(cases, 2)
        try:
            if chance.random() < 0.6:
                merging.merge(case=one, main=other, by=city.dispatcher)
            else:
                merging.unmerge(case=one, by=city.dispatcher, reason="x")
        except DomainError:
            pass
        check_consistent(cases)
    for case in cases:
        case.refresh_from_db()
        if case.state in OPEN and merging.root_of(case).pk == case.pk:
            action, post = END[case.state]
            act(city, case, action, by=post)
    check_consistent(cases)
    left = Case.objects.filter(duplicate_of__isnull=False, state__in=OPEN)
    assert not left.exists()


END = {
    "pending_accept": ("refuse", "acceptor"),
    "pending_dispatch": ("cancel", "duty_leader"),
    "handling": ("cancel", "duty_leader"),
    "pending_close": ("close", "duty_leader"),
}


def check_consistent(cases):
    rows = Case.objects.in_bulk([case.pk for case in cases])
    assert len(rows) == len(cases)
    waiting = {row.case_id: row.main_id for row in Merge.objects.filter(ended_at=None)}
    for row in rows.values():
        assert row.process.state == row.state
        if row.state in OPEN:
            assert row.duplicate_of_id == waiting.get(row.pk)
        if row.pk in waiting:
            assert waiting[row.pk] not in waiting
            assert rows[waiting[row.pk]].state in OPEN


def batch(client, user, action, cases, **given):
    """Press the button below the list, look at the preview, say yes."""
    client.force_login(user)
    url = reverse("command:case-list")
    keys = [case.pk for case in cases]
    answer = client.post(url, {"bulk": f"batch-{action}", "selected": keys})
    assert answer.status_code == 302
    preview = client.get(answer["Location"]).content.decode()
    return preview, client.post(answer["Location"], given)


@pytest.mark.function("CC-21", at="collaboration:batch")
def test_a_batch_shows_what_would_go_and_why_not(client, city):
    rule = DutyRule(class_prefix=CLASS, unit=city.unit, valid_from=clock.today())
    duty.save_rule(rule=rule, by=None)
    going, staying = lead(city, "pending_dispatch"), lead(city, "handling")
    preview, answer = batch(client, city.dispatcher, "dispatch", [going, staying])
    assert "可办理 1 件" in preview
    assert "处置中" in preview
    report_text = client.get(answer["Location"]).content.decode()
    assert staying.number in report_text
    going.refresh_from_db()
    staying.refresh_from_db()
    assert (going.state, going.handling_unit) == ("pending_handling", city.unit)
    assert staying.state == "handling"
    again = client.post(Batch.objects.get().get_absolute_url(), {})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("action", "who", "state", "given", "after"),
    [
        ("send_check", "acceptor", "pending_check", {}, "checking"),
        ("close", "duty_leader", "pending_close", {}, "closed"),
        ("urge", "overseer", "handling", {}, "handling"),
        (
            "supervise",
            "overseer",
            "handling",
            {"level": "2", "hours": 5, "note": "限期"},
            "handling",
        ),
    ],
)
def test_batches_of_every_kind(client, city, action, who, state, given, after):
    cases = [lead(city, state) for _ in range(2)]
    _preview, answer = batch(client, city.person(who), action, cases, **given)
    assert answer.status_code == 302
    assert Batch.objects.get().report["left"] == []
    for case in cases:
        case.refresh_from_db()
        assert case.state == after
    assert sum(case.urged_count for case in cases) == (2 if action == "urge" else 0)


def test_a_batch_merges_into_the_chosen_main_case(client, city):
    cases = [lead(city, "handling") for _ in range(3)]
    main = cases[1]
    batch(client, city.dispatcher, "merge", cases, main=main.number)
    waiting = Case.objects.filter(duplicate_of=main).values_list("pk", flat=True)
    assert set(waiting) == {cases[0].pk, cases[2].pk}


def test_many_cases_run_as_a_job_that_can_be_repeated(client, city, monkeypatch):
    monkeypatch.setattr(batches, "MOST_AT_ONCE", 2)
    cases = [lead(city, "pending_close") for _ in range(3)]
    _preview, answer = batch(client, city.duty_leader, "close", cases)
    row = Batch.objects.get()
    assert answer["Location"] == row.job.get_absolute_url()
    job = jobs.run(row.job_id)
    assert (job.state, job.done) == ("done", 3)
    row.refresh_from_db()
    assert (row.state, len(row.report["done"])) == ("done", 3)


def test_batches_are_kept_from_who_may_not_use_them(client, city):
    case = lead(city, "handling")
    client.force_login(city.dept_handler)
    url = reverse("command:case-list")
    given = {"bulk": "batch-close", "selected": [case.pk]}
    assert client.post(url, given).status_code == 403
    row = batches.prepare(action="close", cases=[case], by=city.dispatcher)
    client.force_login(city.overseer)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_every_open_state_can_wait_for_a_main_case(city):
    main = lead(city, "handling")
    for state in WAYS:
        case = lead(city, state)
        if case.state in OPEN:
            merging.merge(case=case, main=main, by=city.dispatcher)
    assert Merge.objects.filter(main=main).count() >= 13


@pytest.mark.function("CC-15", at="collaboration:merge")
def test_the_main_case_is_chosen_among_similar_ones_or_found(client, city):
    child, twin = report(city), report(city)
    far = report(city, address="鳌山路 9 号", lon=LON + 3.5 * STEP)
    closed, waiting = lead(city, "closed"), report(city)
    merging.merge(case=waiting, main=far, by=city.dispatcher)
    client.force_login(city.dispatcher)
    url = reverse("collaboration:merge", args=[child.uid])
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    numbers = [choice[0] for choice in choices(client, url)]
    assert numbers == [twin.number, far.number]
    assert f'value="{twin.number}"' in page
    assert f'hx-get="{url}"' in page
    found = {"HX-Request": "true", "HX-Target": "id_main"}
    drawn = client.get(url, {"search": "鳌山"}, headers=found).content.decode()
    assert far.number in drawn
    assert twin.number not in drawn
    assert "<form" not in drawn
    nothing = client.get(url, {"search": "没有此处"}, headers=found).content.decode()
    assert "id_main" in nothing
    assert "没有找到" in nothing
    for other in (closed, waiting, child):
        given = client.get(url, {"search": other.number}, headers=found)
        assert other.number not in given.content.decode()
    refused = client.post(url, {"main": closed.number, "search": ""})
    assert refused.status_code == 422
    chosen = {"main": far.number, "search": "鳌山"}
    assert client.post(url, chosen).status_code == 302
    child.refresh_from_db()
    assert child.duplicate_of == far


def choices(client, url):
    return client.get(url).context["form"].fields["main"].widget.choices
