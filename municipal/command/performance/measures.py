"""Base measures: what is counted, when it is counted, for which objects.

A count is a sum of flags.  `FLAGS` are written by steps, in the step's transaction;
`WAITING` are written for every open case when a day is over, and worked out from the
open cases while a period still runs.  All other measures add up some of these: what
is "needed" is what was done in the period and what waits at its end.  [GB/T 30428.4]
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .catalogue import ACCEPT, FILE, REPORT, SITE, A, D, L, Measure, U
from .catalogue import S as INSPECTORS
from .enums import ObjectKind

GROUPS: Mapping[str, Promise] = {
    "report": _("Reports"),
    "accept": _("Acceptance"),
    "site": _("Verification and check"),
    "file": _("Filing"),
    "dispatch": _("Dispatch"),
    "handle": _("Handling by units"),
    "close": _("Closing"),
    "kind": _("Kinds of cases"),
    "visit": _("Return visits"),
}


def rate(numerator: int, denominator: int) -> float | None:
    """A share in percent; None where there is nothing to compare with."""
    return numerator * 100 / denominator if denominator else None


DISPATCH = (
    Measure(
        "dispatched_num",
        "dispatch",
        _("Dispatched cases"),
        _("A case is given to a unit for the first time."),
        A + D,
    ),
    Measure(
        "need_dispatch_num",
        "dispatch",
        _("To be dispatched"),
        _("Dispatched, or waiting for dispatch."),
        A + D,
        ("dispatched_num", "to_dispatch_num"),
        {ObjectKind.DISPATCHER: ("dispatched_num",)},
    ),
    Measure(
        "intime_dispatch_num",
        "dispatch",
        _("Dispatched in time"),
        _("Dispatched before the deadline of dispatch."),
        A + D,
    ),
    Measure(
        "accurate_dispatch_num",
        "dispatch",
        _("Accurately dispatched"),
        _("A case is closed that was never given to a second unit."),
        A + D,
    ),
    Measure(
        "wrong_dispatch_num",
        "dispatch",
        _("Wrongly dispatched"),
        _("A case is closed that had to be given to a second unit."),
        A + D,
    ),
    Measure(
        "to_dispatch_num",
        "dispatch",
        _("Waiting for dispatch"),
        _("Waits for dispatch or a new dispatch at the end of the period."),
        A,
    ),
    Measure(
        "turned_num",
        "dispatch",
        _("Turned over"),
        _("A returned case is given to another unit."),
        A + D,
    ),
    Measure(
        "need_oversee_num",
        "dispatch",
        _("Results that need review"),
        _("Reviewed, or waiting for the dispatcher's review."),
        A + D,
        ("oversee_num", "to_oversee_num"),
        {ObjectKind.DISPATCHER: ("oversee_num",)},
    ),
    Measure(
        "oversee_num",
        "dispatch",
        _("Results reviewed"),
        _("The dispatcher passes a unit's result on or sends it back."),
        A + D,
    ),
    Measure(
        "intime_oversee_num",
        "dispatch",
        _("Results reviewed in time"),
        _("Reviewed before the deadline."),
        A + D,
    ),
)
HANDLE = (
    Measure(
        "handled_num",
        "handle",
        _("Handled cases"),
        _("A unit reports a case as handled, for the first time."),
        A + U,
    ),
    Measure(
        "should_handle_num",
        "handle",
        _("Should be handled"),
        _("Handled, or overdue and not handled at the end of the period."),
        A + U,
        ("handled_num", "overdue_pending_num"),
    ),
    Measure(
        "intime_handled_num",
        "handle",
        _("Handled in time"),
        _("Handled before the deadline."),
        A + U,
    ),
    Measure(
        "overtime_handled_num",
        "handle",
        _("Handled late"),
        _("Handled after the deadline."),
        A + U,
    ),
    Measure(
        "to_handle_num",
        "handle",
        _("Waiting for handling"),
        _("With a unit at the end of the period, or suspended."),
        A + U,
    ),
    Measure(
        "overdue_pending_num",
        "handle",
        _("Overdue, not handled"),
        _("With a unit and overdue at the end of the period."),
        A + U,
    ),
    Measure(
        "direct_done_num",
        "handle",
        _("Handled at once"),
        _("Handled on the day of dispatch."),
        A + U,
    ),
    Measure(
        "rework_num",
        "handle",
        _("Cases with rework"),
        _("A case is closed that its unit had to do again after a failed check."),
        A + U,
    ),
    Measure(
        "back_num",
        "handle",
        _("Returned by units"),
        _("A unit asks to return a case."),
        A + U,
    ),
    Measure(
        "shuffle_num",
        "handle",
        _("Wrongly returned"),
        _("A return is refused: the unit is in charge."),
        A + U,
    ),
    Measure(
        "suspended_num",
        "handle",
        _("Suspensions"),
        _("A case is suspended."),
        A + U,
    ),
    Measure(
        "extended_num",
        "handle",
        _("Extensions granted"),
        _("A deadline is extended."),
        A + U,
    ),
    Measure(
        "self_handled_num",
        "handle",
        _("Self-handled cases"),
        _("An inspector solves a problem on the spot."),
        A + INSPECTORS,
    ),
    Measure(
        "self_handled_closed_num",
        "handle",
        _("Self-handled and closed"),
        _("A self-handled case is approved."),
        A + INSPECTORS,
    ),
    Measure(
        "self_handled_invalid_num",
        "handle",
        _("Self-handled in vain"),
        _("A self-handled case is not approved."),
        A + INSPECTORS,
    ),
)
CLOSE = (
    Measure(
        "closed_num",
        "close",
        _("Closed cases"),
        _("A filed case is closed, also by force or with its main case."),
        A + U + L,
    ),
    Measure(
        "should_close_num",
        "close",
        _("Should be closed"),
        _(
            "Closed, or open and past the handling deadline at the end of the "
            "period; for a unit: handled, or overdue and not handled."
        ),
        A + U,
        ("closed_num", "overdue_open_num"),
        {ObjectKind.UNIT: ("handled_num", "overdue_pending_num")},
    ),
    Measure(
        "intime_closed_num",
        "close",
        _("Closed in time"),
        _("Closed and handled in time; for a shift leader: closed without delay."),
        A + U + L,
        instead={ObjectKind.LEADER: ("prompt_closed_num",)},
    ),
    Measure(
        "overdue_closed_num",
        "close",
        _("Closed overdue"),
        _("Closed and handled late."),
        A + U,
    ),
    Measure(
        "not_closed_num",
        "close",
        _("Not yet closed"),
        _("Filed and open at the end of the period."),
        A + U,
    ),
    Measure(
        "voided_num",
        "close",
        _("Cancelled cases"),
        _("A filed case is cancelled; counted for the shift leader who filed it."),
        A + U + L,
    ),
)
KIND = (
    Measure(
        "urgent_num", "kind", _("Urgent cases"), _("An urgent case is closed."), A + U
    ),
    Measure(
        "important_num",
        "kind",
        _("Important cases"),
        _("An important case is closed."),
        A + U,
    ),
    Measure("event_num", "kind", _("Cases about matters"), _("A matter is filed."), A),
    Measure(
        "component_num",
        "kind",
        _("Cases about components"),
        _("A component is filed."),
        A,
    ),
    Measure(
        "handled_event_num",
        "kind",
        _("Matters handled"),
        _("A matter is handled."),
        A + U,
    ),
    Measure(
        "handled_component_num",
        "kind",
        _("Components handled"),
        _("A component is handled."),
        A + U,
    ),
)
VISIT = (
    Measure(
        "returned_visit_num",
        "visit",
        _("Return visits made"),
        _("A citizen was asked about the result."),
        A + U,
    ),
    Measure(
        "very_satisfied",
        "visit",
        _("Very satisfied"),
        _("The citizen is very satisfied."),
        A + U,
    ),
    Measure(
        "satisfied", "visit", _("Satisfied"), _("The citizen is satisfied."), A + U
    ),
    Measure(
        "unsatisfied",
        "visit",
        _("Not satisfied"),
        _("The citizen is not satisfied."),
        A + U,
    ),
)
MEASURES: Mapping[str, Measure] = {
    one.code: one
    for group in (REPORT, ACCEPT, SITE, FILE, DISPATCH, HANDLE, CLOSE, KIND, VISIT)
    for one in group
}
# Waiting at the end of a day; the last two serve sums only.
WAITING = (
    "to_accept_num",
    "to_send_verify_num",
    "to_send_check_num",
    "to_verify_num",
    "to_check_num",
    "to_file_num",
    "to_dispatch_num",
    "to_oversee_num",
    "to_handle_num",
    "overdue_pending_num",
    "not_closed_num",
    "overdue_open_num",
)
# Beside the measures of their own name: cases given to a unit, closings in time.
FLAGS = (
    *(code for code, one in MEASURES.items() if not one.parts and code not in WAITING),
    "given_num",
    "prompt_closed_num",
)
STORED = (*FLAGS, *WAITING)


def of(kind: ObjectKind) -> list[Measure]:
    """The measures of a kind of object."""
    return [one for one in MEASURES.values() if kind in one.kinds]


def stored(kind: ObjectKind) -> list[str]:
    """The flags that are summed for a kind of object."""
    needed = {name for one in of(kind) for name in one.columns(kind)}
    return [name for name in STORED if name in needed]


def names(codes: Iterable[str]) -> list[str]:
    """Measures by their names in the reader's language."""
    return [str(MEASURES[code].name) for code in codes]
