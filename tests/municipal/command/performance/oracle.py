"""The same counts, worked out plainly from the raw steps; shares no code with flags.

Written from the definitions: for each measure a list of (case, moment, who) events.
"""

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from municipal.command.models import Case
from platform_core.processes.models import ProcessStep

CITY = ZoneInfo("Asia/Shanghai")
ENDED = {"closed", "forced_closed", "cancelled", "not_accepted", "not_filed"}
PAUSED = {"suspended", "deferred"}
UNIT_HAS_IT = {"pending_handling", "handling", "rework"}


def day_of(moment):
    return moment.astimezone(CITY).date()


class Counting:
    """All counts of a span of days by (kind, key) and measure."""

    def __init__(self, first, last, units):
        self.first, self.last, self.units = first, last, units
        self.found = defaultdict(Counter)

    def add(self, measure, case, day, **who):
        if not self.first <= day <= self.last:
            return
        if who.pop("area", True):
            for kind, key in self.areas(case):
                self.found[kind, key][measure] += 1
        for kind, key in who.items():
            if kind == "supervisor" and key:
                self.found["company", str(key.unit_id)][measure] += 1
            if key:
                self.found[kind, str(key if kind == "unit" else key.pk)][measure] += 1

    def areas(self, case):
        found = {
            "unit_grid": case.grid_code,
            "duty_grid": case.duty_grid_id,
            "community": case.community_code,
            "street": case.street_code,
            "district": case.division_code,
        }
        return [(kind, str(key)) for kind, key in found.items() if key]


def count(first, last):
    """Counts of all cases; waiting ones at the end of the last day."""
    units = {unit.code: unit.pk for unit in all_units()}
    counting = Counting(first, last, units)
    steps = defaultdict(list)
    for step in ProcessStep.objects.select_related("by").order_by("instance", "seq"):
        steps[step.instance_id].append(step)
    for case in Case.objects.select_related("source"):
        one_case(counting, case, steps[case.process_id])
        waiting(counting, case, steps[case.process_id])
    derive(counting.found)
    return counting.found


def all_units():
    from platform_core.accounts.models import OrgUnit  # noqa: PLC0415

    return OrgUnit.objects.all()


def named(steps, *actions):
    return [step for step in steps if step.action in actions]


def first_of(steps, *actions):
    found = named(steps, *actions)
    return found[0] if found else None


def unit_of(counting, step):
    return counting.units.get(step.data.get("unit_code"))


def one_case(counting, case, steps):
    c = counting
    first = steps[0]
    patrol = first.by if first.action in {"submit", "self_handle"} else None
    c.add("reported_num", case, day_of(first.at))
    if case.source.channel == "public":
        c.add("public_report_num", case, day_of(first.at))
    if patrol:
        c.add("patrol_report_num", case, day_of(first.at), supervisor=patrol)
    for action, measure in (
        ("self_handle", "self_handled_num"),
        ("approve_self", "self_handled_closed_num"),
        ("reject_self", "self_handled_invalid_num"),
    ):
        for step in named(steps, action):
            c.add(measure, case, day_of(step.at), supervisor=patrol)
    acceptance(c, case, steps, patrol)
    on_site(c, case, steps)
    filing(c, case, steps, patrol)
    with_units(c, case, steps)
    ending(c, case, steps)


def acceptance(c, case, steps, patrol):
    accepted = first_of(steps, "accept")
    if accepted:
        day, who = day_of(accepted.at), {"acceptor": accepted.by}
        c.add("accepted_num", case, day, **who)
        late = "overtime_accept_num" if accepted.overdue else "intime_accepted_num"
        c.add(late, case, day, **who)
        judged = first_of(
            [step for step in steps if step.seq > accepted.seq],
            "file",
            "refuse_file",
            "back_accept",
        )
        if judged:
            right = judged.action == "file"
            measure = "accurate_accepted_num" if right else "wrong_accept_num"
            c.add(measure, case, day_of(judged.at), acceptor=accepted.by)
    for step in named(steps, "refuse"):
        c.add("not_accepted_num", case, day_of(step.at), acceptor=step.by)


def on_site(c, case, steps):
    for kind in ("verify", "check"):
        for step in named(steps, f"send_{kind}"):
            c.add(f"send_{kind}_num", case, day_of(step.at), acceptor=step.by)
            if not step.overdue:
                measure = f"intime_send_{kind}_num"
                c.add(measure, case, day_of(step.at), acceptor=step.by)
    verifications(c, case, steps)


def verifications(c, case, steps):
    for step in named(steps, "verify_true", "verify_false"):
        day = day_of(step.at)
        late = "overtime_verify_num" if step.overdue else "intime_verify_num"
        c.add("verify_num", case, day, supervisor=step.by)
        c.add(late, case, day, supervisor=step.by)
    true = first_of(steps, "verify_true")
    if true and case.source.channel == "public":
        day = day_of(true.at)
        c.add("verified_public_report_num", case, day, supervisor=true.by)
    checks(c, case, steps)


def checks(c, case, steps):
    for step in named(steps, "check_pass", "check_fail"):
        day = day_of(step.at)
        sent = [one for one in named(steps, "send_check") if one.seq < step.seq][-1]
        c.add("check_num", case, day, supervisor=step.by)
        c.add("check_trans_num", case, day, acceptor=sent.by)
        if not step.overdue:
            c.add("intime_check_num", case, day, supervisor=step.by)
    for step in named(steps, "rework"):
        found = [
            one
            for one in steps
            if one.seq < step.seq and one.to_state == "pending_close"
        ]
        if found and found[-1].action == "check_pass":
            day = day_of(step.at)
            c.add("invalid_check_num", case, day, supervisor=found[-1].by)


def filing(c, case, steps, patrol):
    for step in named(steps, "refuse_file"):
        c.add("not_filed_num", case, day_of(step.at), leader=step.by)
    filed = first_of(steps, "file")
    if not filed:
        return
    day = day_of(filed.at)
    c.add("filed_num", case, day, leader=filed.by)
    if not filed.overdue:
        c.add("intime_filed_num", case, day, leader=filed.by)
    if case.state not in {"cancelled", "not_filed"}:
        c.add("accurate_filed_num", case, day, leader=filed.by)
    if patrol:
        c.add("valid_patrol_report_num", case, day, supervisor=patrol)
    if case.source.channel == "public":
        c.add("valid_public_report_num", case, day)
    c.add("event_num" if case.class_kind == "matter" else "component_num", case, day)


def with_units(c, case, steps):
    given = named(steps, "dispatch", "redispatch")
    had = set()
    for place, step in enumerate(given):
        day, unit = day_of(step.at), unit_of(c, step)
        if place == 0:
            c.add("dispatched_num", case, day, dispatcher=step.by)
            if not step.overdue:
                c.add("intime_dispatch_num", case, day, dispatcher=step.by)
        elif step.action == "redispatch" and unit != unit_of(c, given[place - 1]):
            c.add("turned_num", case, day, dispatcher=step.by)
        if unit not in had:
            c.add("filed_num", case, day, area=False, unit=unit)
        had.add(unit)
    single(c, case, steps)
    results(c, case, steps, given)


def single(c, case, steps):
    simple = {
        "return": "back_num",
        "refuse_return": "shuffle_num",
        "approve_extend": "extended_num",
        "approve_suspend": "suspended_num",
    }
    for step in named(steps, *simple):
        c.add(simple[step.action], case, day_of(step.at), unit=unit_of(c, step))
    for step in named(steps, "pass_feedback", "reject_feedback"):
        c.add("oversee_num", case, day_of(step.at), dispatcher=step.by)
        if not step.overdue:
            c.add("intime_oversee_num", case, day_of(step.at), dispatcher=step.by)


def results(c, case, steps, given):
    found = {}
    for step in named(steps, "feedback"):
        found.setdefault(unit_of(c, step), step)
    for unit, step in found.items():
        day = day_of(step.at)
        late = "overtime_handled_num" if step.overdue else "intime_handled_num"
        kind = "event" if case.class_kind == "matter" else "component"
        sent = [one for one in given if one.seq < step.seq][-1]
        measures = ["handled_num", late, f"handled_{kind}_num"]
        measures += ["direct_done_num"] if day_of(sent.at) == day else []
        for measure in measures:
            c.add(measure, case, day, unit=unit)


def ending(c, case, steps):
    filed, last = first_of(steps, "file"), steps[-1]
    day, unit = day_of(last.at), unit_of(c, last)
    if not filed:
        return
    if last.action == "cancel":
        c.add("voided_num", case, day, unit=unit, leader=filed.by)
    if last.to_state not in {"closed", "forced_closed"}:
        return
    leader = last.by if last.action == "close" else None
    c.add("closed_num", case, day, unit=unit, leader=leader)
    late = was_late(case, steps)
    c.add("overdue_closed_num" if late else "intime_closed_num", case, day, unit=unit)
    if leader and not last.overdue:
        c.add("intime_closed_num", case, day, area=False, leader=leader)
    given = named(steps, "dispatch", "redispatch")
    if given:
        once = len({unit_of(c, step) for step in given}) == 1
        measure = "accurate_dispatch_num" if once else "wrong_dispatch_num"
        c.add(measure, case, day, dispatcher=given[0].by)
    again = any(unit_of(c, step) == unit for step in named(steps, "rework"))
    named_so = {
        "rework_num": again,
        "urgent_num": case.is_urgent,
        "important_num": case.is_important,
    }
    for measure in filter(named_so.get, named_so):
        c.add(measure, case, day, unit=unit)
    if case.is_missed:
        owner = case.duty_grid and case.duty_grid.supervisors.order_by("pk").first()
        c.add("missed_report_num", case, day, supervisor=owner)


def was_late(case, steps):
    results = named(steps, "feedback")
    if results:
        return results[-1].overdue
    due = case.handling_deadline
    return due is not None and steps[-1].at > due


def waiting(c, case, steps):
    end = datetime.combine(c.last + timedelta(days=1), time(), CITY)
    done = [step for step in steps if step.at < end]
    if not done or done[-1].to_state in ENDED:
        return
    state, day = done[-1].to_state, c.last
    later = steps[len(done) :]
    inspector = later[0].by if later else case.field_inspector
    given = named(done, "dispatch", "redispatch", "back_filing")
    has_unit = bool(given) and given[-1].action != "back_filing"
    unit = unit_of(c, given[-1]) if has_unit else None
    if state == "pending_accept":
        c.add("to_accept_num", case, day)
        seen = named(done, "verify_true", "verify_false")
        if case.source.needs_verification == "yes" and not seen:
            c.add("to_send_verify_num", case, day)
    if state in SITE:
        c.add(SITE[state], case, day, supervisor=inspector)
    if state in DESK:
        c.add(DESK[state], case, day)
    if state in UNIT_HAS_IT | PAUSED:
        c.add("to_handle_num", case, day, unit=unit)
    if first_of(done, "file"):
        c.add("not_closed_num", case, day, unit=unit)
        overdue(c, case, done, end, unit)


def overdue(c, case, done, end, unit):
    due, state = None, done[-1].to_state
    for step in done:
        if step.data.get("deadline"):
            due = datetime.fromisoformat(step.data["deadline"])
        if step.action == "back_filing":
            due = None
    if due is None or due >= end or state in PAUSED:
        return
    c.add("overdue_open_num", case, c.last)
    if state in UNIT_HAS_IT:
        c.add("overdue_pending_num", case, c.last, unit=unit)


SITE = {"verifying": "to_verify_num", "checking": "to_check_num"}
DESK = {
    "pending_check": "to_send_check_num",
    "pending_filing": "to_file_num",
    "pending_dispatch": "to_dispatch_num",
    "returned": "to_dispatch_num",
    "pending_feedback": "to_oversee_num",
}
NEEDED = {
    "need_accept_num": ("accepted_num", "not_accepted_num", "to_accept_num"),
    "need_send_verify_num": ("send_verify_num", "to_send_verify_num"),
    "need_send_check_num": ("send_check_num", "to_send_check_num"),
    "need_verify_num": ("verify_num", "to_verify_num"),
    "need_check_num": ("check_num", "to_check_num"),
    "need_dispatch_num": ("dispatched_num", "to_dispatch_num"),
    "need_oversee_num": ("oversee_num", "to_oversee_num"),
    "should_handle_num": ("handled_num", "overdue_pending_num"),
}


def derive(found):
    for (kind, _key), row in found.items():
        for measure, parts in NEEDED.items():
            row[measure] = sum(row[part] for part in parts)
        parts = ("closed_num", "overdue_open_num")
        if kind == "unit":
            parts = ("handled_num", "overdue_pending_num")
        row["should_close_num"] = sum(row[part] for part in parts)
