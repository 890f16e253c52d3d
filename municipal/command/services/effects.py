"""What each step of the case process does to a case, beside its state."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from municipal.command import clocks, grades, places, rules, selectors, sources
from municipal.command.enums import Finding, Purpose
from municipal.command.models import Case
from platform_core.accounts.models import OrgUnit
from platform_core.classification import selectors as classification
from platform_core.classification.models import FilingCondition
from platform_core.common.models import Sequence

from .moves import Move, inspector, moment, number, other_case, refuse, unit

Effect = Callable[[Move], None]


def nothing(move: Move) -> None:
    """The step changes the state only; what was sent along is kept."""
    move.keep_pictures(Purpose.REPORT)


# Report and verification ------------------------------------------------------


def self_handle(move: Move) -> None:
    """Keep the pictures taken after the inspector solved it."""
    move.add_pictures(Purpose.HANDLE, move.given.get("after") or ())


def approve_self(move: Move) -> None:
    """Close what the inspector solved on the spot."""
    move.case.closed_at = move.now
    move.counted.append("cases.closed")


def send_verify(move: Move) -> None:
    """Send an inspector to see whether the report is true."""
    _send(move)
    move.case.verify_finding = Finding.NONE


def send_check(move: Move) -> None:
    """Send an inspector to see whether the problem is solved."""
    _send(move)
    move.case.check_finding = Finding.NONE


def _send(move: Move) -> None:
    person = inspector(move)
    move.case.field_inspector = person
    move.kept["inspector"] = str(person)


def verify_true(move: Move) -> None:
    """The problem exists."""
    move.case.verify_finding = Finding.TRUE
    move.keep_pictures(Purpose.VERIFY)


def verify_false(move: Move) -> None:
    """The problem does not exist."""
    move.case.verify_finding = Finding.FALSE
    move.keep_pictures(Purpose.VERIFY)


def check_pass(move: Move) -> None:
    """The problem is solved."""
    move.case.check_finding = Finding.PASSED
    move.keep_pictures(Purpose.CHECK)


def check_fail(move: Move) -> None:
    """The problem is still there."""
    move.case.check_finding = Finding.FAILED
    move.keep_pictures(Purpose.CHECK)


def skip_check(move: Move) -> None:
    """The pictures prove it."""
    move.case.check_finding = Finding.SKIPPED


# Acceptance and filing --------------------------------------------------------


def accept(move: Move) -> None:
    """Take the report in, with corrections of class, place and component."""
    case, given = move.case, move.given
    code = given.get("class_code")
    if code and code != case.class_code:
        _reclassify(case, str(given.get("class_kind") or case.class_kind), str(code))
        move.kept["class"] = case.class_name
    for name in ("address", "description", "component_code"):
        if given.get(name):
            setattr(case, name, given[name])
    if given.get("lon") is not None and given.get("lat") is not None:
        _relocate(move, given["lon"], given["lat"])
    if "is_urgent" in given:
        case.is_urgent = bool(given["is_urgent"])
    if given.get("is_missed"):
        case.is_missed = move.kept["missed"] = True
    if sources.is_unverified(case):
        move.kept["unverified"] = True


def _relocate(move: Move, lon: float, lat: float) -> None:
    case, place = move.case, places.locate(lon, lat)
    if (place.lon, place.lat) == (case.lon, case.lat):
        return
    for name in places.KEPT:
        setattr(case, name, getattr(place, name))
    move.kept["moved"] = [place.lon, place.lat]


def _reclassify(case: Case, kind: str, code: str) -> None:
    found = classification.problem_class(kind, code, case.edition)
    if found is None or not found.is_case_class:
        raise refuse("class_code", _("There is no such class in the catalogue."))
    case.class_kind, case.class_code = found.kind, found.code
    case.class_name, case.condition = found.name, ""


def end(move: Move) -> None:
    """End the case; name the one that it repeats, or say that it repeats none."""
    if "duplicate_of" not in move.given:
        return
    other = other_case(move)
    move.case.duplicate_of = other
    if other is not None:
        move.kept["duplicate_of"] = other.number


def file(move: Move) -> None:
    """Give the case its task number and its limit by the filing condition."""
    case = move.case
    if not case.task_number:
        case.task_number = task_number(move)
        move.counted.append("cases.filed")
        case.filed_at = move.now
    case.grade = grades.grade_of(case)
    condition, value = _condition(move)
    case.condition = condition.number
    case.limit_value, case.limit_unit = value, condition.limit_unit
    move.kept |= {"task_number": case.task_number, "condition": condition.number}
    if case.grade:
        move.kept["grade"] = case.grade


def _condition(move: Move) -> tuple[FilingCondition, float]:
    """The condition that applies, with the limit of the area's grade."""
    case = move.case
    known = selectors.conditions(case)
    first = known[0].number if known else ""
    number_ = str(move.given.get("condition") or case.condition or first)
    found = grades.limit_of(known, number_, case.grade)
    if found is None:
        raise refuse("condition", _("Choose the filing condition that applies."))
    return found


def task_number(move: Move) -> str:
    """The number under which a filed case is spoken of: day and serial."""
    day = f"{clocks.local(move.now):%Y%m%d}"
    serial = Sequence.take(f"case.task:{move.case.division_code}:{day}")
    return f"{day}{serial:04d}"


# Dispatch and handling --------------------------------------------------------


def dispatch(move: Move) -> None:
    """Give the case to a unit and start its clock."""
    if move.case.dispatched_at is None and not move.case.return_count:
        move.counted.append("cases.dispatched")
    _give_to(move, unit(move))
    if move.action == "redispatch":
        keep_finality(move)


def keep_finality(move: Move) -> None:
    """Note that the unit cannot return the case again after this decision."""
    if move.case.return_count >= rules.current().return_most:
        move.kept["final"] = True


def _give_to(move: Move, chosen: OrgUnit) -> None:
    case = move.case
    case.handling_unit = chosen
    case.dispatched_at = move.now
    anew = case.clock_started_at is None
    _set_clock(case, move, anew or rules.current().redispatch_clock == rules.ANEW)
    move.kept |= {"unit": chosen.name, "unit_code": chosen.code, **_limit(case)}


def _set_clock(case: Case, move: Move, anew: bool) -> None:
    if anew:
        clocks.start(case, move.now)
    else:
        clocks.go_on(case, move.now)


def _limit(case: Case) -> dict[str, object]:
    return {
        "limit_value": case.limit_value,
        "limit_unit": case.limit_unit,
        "extended": case.extended_value,
        "deadline": str(case.handling_deadline or ""),
    }


def back_filing(move: Move) -> None:
    """Take the case from the unit again, if it has one."""
    case = move.case
    case.handling_unit = case.dispatched_at = None
    clocks.stop(case)


def return_(move: Move) -> None:
    """The unit says that the case is not its business."""
    move.case.return_count += 1
    move.keep_pictures(Purpose.REQUEST)
    if move.given.get("unit"):
        move.kept["suggested_unit"] = unit(move).name


def apply_extend(move: Move) -> None:
    """The unit asks for more time, at most a share of the limit itself."""
    limit = (move.case.limit_value or 1) * rules.current().extension_share
    asked = number(move, "value", default=limit, most=limit)
    move.case.extension_asked = asked
    move.kept |= {"asked": asked, "limit_unit": move.case.limit_unit}


def approve_extend(move: Move) -> None:
    """Grant the time that was asked for."""
    case = move.case
    case.extended_value += case.extension_asked or 0
    case.extension_asked = None
    case.extend_count += 1
    clocks.recompute(case)
    not_late_any_more(move)
    move.kept |= _limit(case)


def not_late_any_more(move: Move) -> None:
    """Take the mark of a late case back where it has time again."""
    case = move.case
    late = case.handling_deadline is None or move.now > case.handling_deadline
    if case.overdue_at is not None and not late and case.handled_at is None:
        case.overdue_at = None
        move.kept["overdue_lifted"] = True


def refuse_extend(move: Move) -> None:
    """The deadline stays."""
    move.case.extension_asked = None


def suspend(move: Move) -> None:
    """Stop the clock for a long reason, until a day."""
    _pause(move, rules.current().suspend_days)


def defer(move: Move) -> None:
    """Stop the clock for a short reason, until a day."""
    _pause(move, rules.current().defer_days)


def _pause(move: Move, furthest: int) -> None:
    until = moment(move, "until", furthest=furthest)
    clocks.pause(move.case, move.now, until)
    move.kept["until"] = until.isoformat()


def resume(move: Move) -> None:
    """Let the clock run on."""
    clocks.resume(move.case, move.now)
    move.kept |= _limit(move.case)


def feedback(move: Move) -> None:
    """The unit has done it; the clock ends here."""
    case = move.case
    late = bool(case.handling_deadline and move.now > case.handling_deadline)
    if case.handled_at is None:
        move.counted.append("cases.handled")
        if not late:
            move.counted.append("cases.on_time")
    if late:
        late_now(move)
    case.handled_at, case.on_time = move.now, not late
    case.extension_asked = None
    move.keep_pictures(Purpose.HANDLE)


def late_now(move: Move) -> None:
    """Mark the case as overdue, once."""
    if move.case.overdue_at is None:
        move.case.overdue_at = move.case.handling_deadline
        move.counted.append("cases.overdue")


def reject_feedback(move: Move) -> None:
    """The result is not enough; the clock starts anew or runs on."""
    if rules.current().rework_clock == rules.ANEW:
        clocks.start(move.case, move.now)
    else:
        clocks.go_on(move.case, move.now, since=move.case.handled_at)
    move.kept |= _limit(move.case)


def rework(move: Move) -> None:
    """The check was not passed; the unit does it again."""
    move.case.rework_count += 1
    move.counted.append("cases.reworked")
    reject_feedback(move)


def close(move: Move) -> None:
    """The end of a case."""
    move.case.closed_at = move.now
    move.counted.append("cases.closed")


EFFECTS: Mapping[str, Effect] = {
    "submit": nothing,
    "register": nothing,
    "self_handle": self_handle,
    "approve_self": approve_self,
    "reject_self": nothing,
    "send_verify": send_verify,
    "verify_true": verify_true,
    "verify_false": verify_false,
    "accept": accept,
    "refuse": end,
    "file": file,
    "refuse_file": end,
    "back_accept": nothing,
    "dispatch": dispatch,
    "back_filing": back_filing,
    "sign": nothing,
    "return": return_,
    "redispatch": dispatch,
    "refuse_return": keep_finality,
    "apply_extend": apply_extend,
    "approve_extend": approve_extend,
    "refuse_extend": refuse_extend,
    "approve_suspend": suspend,
    "approve_defer": defer,
    "resume": resume,
    "feedback": feedback,
    "pass_feedback": nothing,
    "reject_feedback": reject_feedback,
    "send_check": send_check,
    "skip_check": skip_check,
    "check_pass": check_pass,
    "check_fail": check_fail,
    "close": close,
    "close_merged": close,
    "rework": rework,
    "force_close": close,
    "cancel": end,
}
