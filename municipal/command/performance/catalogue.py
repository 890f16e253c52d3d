"""The measures of reports up to filing, and what a measure is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import AREAS, ObjectKind

Kinds = tuple[ObjectKind, ...]
A: Kinds = AREAS
U: Kinds = (ObjectKind.UNIT,)
S: Kinds = (ObjectKind.SUPERVISOR, ObjectKind.COMPANY)
C: Kinds = (ObjectKind.ACCEPTOR,)
L: Kinds = (ObjectKind.LEADER,)
D: Kinds = (ObjectKind.DISPATCHER,)


@dataclass(frozen=True)
class Measure:
    """A count: its code, its name, when a case counts, and for which objects.

    `parts` are the flags that it adds up; `instead` names others for some objects.
    """

    code: str
    group: str
    name: Promise
    when: Promise
    kinds: Kinds
    parts: tuple[str, ...] = ()
    instead: Mapping[ObjectKind, tuple[str, ...]] = field(default_factory=dict)

    def columns(self, kind: ObjectKind) -> tuple[str, ...]:
        """The flags that make it up for a kind of object."""
        return self.instead.get(kind) or self.parts or (self.code,)


REPORT = (
    Measure(
        "reported_num",
        "report",
        _("Reported cases"),
        _("A report enters the system, whatever its source."),
        A,
    ),
    Measure(
        "patrol_report_num",
        "report",
        _("Reported on patrol"),
        _("A field inspector reports, or reports what was solved on the spot."),
        A + S,
    ),
    Measure(
        "valid_patrol_report_num",
        "report",
        _("Valid patrol reports"),
        _("A patrol report is filed, even if it is cancelled later."),
        A + S,
    ),
    Measure(
        "public_report_num",
        "report",
        _("Reported by the public"),
        _("A report comes in by a public channel."),
        A,
    ),
    Measure(
        "valid_public_report_num",
        "report",
        _("Valid public reports"),
        _("A public report is filed."),
        A,
    ),
    Measure(
        "verified_public_report_num",
        "report",
        _("Public reports verified"),
        _("An inspector finds a public report true, for the first time."),
        A + S,
    ),
    Measure(
        "missed_report_num",
        "report",
        _("Missed reports"),
        _("A case is closed that the grid's inspector ought to have reported."),
        A + S,
    ),
)
ACCEPT = (
    Measure(
        "accepted_num",
        "accept",
        _("Accepted cases"),
        _("A report is accepted for the first time."),
        A + C,
    ),
    Measure(
        "intime_accepted_num",
        "accept",
        _("Accepted in time"),
        _("Accepted before the deadline of acceptance."),
        A + C,
    ),
    Measure(
        "overtime_accept_num",
        "accept",
        _("Accepted late"),
        _("Accepted after the deadline of acceptance."),
        A + C,
    ),
    Measure(
        "to_accept_num",
        "accept",
        _("Waiting for acceptance"),
        _("Waits for acceptance at the end of the period."),
        A,
    ),
    Measure(
        "need_accept_num",
        "accept",
        _("To be accepted"),
        _("Accepted, refused or waiting for acceptance."),
        A + C,
        ("accepted_num", "not_accepted_num", "to_accept_num"),
        {ObjectKind.ACCEPTOR: ("accepted_num", "not_accepted_num")},
    ),
    Measure(
        "not_accepted_num",
        "accept",
        _("Reports refused"),
        _("A report is not accepted."),
        A + C,
    ),
    Measure(
        "wrong_accept_num",
        "accept",
        _("Wrongly accepted"),
        _("What was accepted is sent back or not filed; once per case."),
        A + C,
    ),
    Measure(
        "accurate_accepted_num",
        "accept",
        _("Accurately accepted"),
        _("What was accepted is filed without having been sent back."),
        A + C,
    ),
)
SITE = (
    Measure(
        "need_send_verify_num",
        "site",
        _("Verifications to send"),
        _("Sent for verification, or waiting to be sent."),
        A + C,
        ("send_verify_num", "to_send_verify_num"),
        {ObjectKind.ACCEPTOR: ("send_verify_num",)},
    ),
    Measure(
        "send_verify_num",
        "site",
        _("Verifications sent"),
        _("An inspector is sent to verify a report."),
        A + C,
    ),
    Measure(
        "intime_send_verify_num",
        "site",
        _("Verifications sent in time"),
        _("Sent before the deadline of acceptance."),
        A + C,
    ),
    Measure(
        "need_send_check_num",
        "site",
        _("Checks to send"),
        _("Sent for check, or waiting to be sent."),
        A + C,
        ("send_check_num", "to_send_check_num"),
        {ObjectKind.ACCEPTOR: ("send_check_num",)},
    ),
    Measure(
        "send_check_num",
        "site",
        _("Checks sent"),
        _("An inspector is sent to check a result."),
        A + C,
    ),
    Measure(
        "intime_send_check_num",
        "site",
        _("Checks sent in time"),
        _("Sent before the deadline for sending."),
        A + C,
    ),
    Measure(
        "check_trans_num",
        "site",
        _("Checks passed on"),
        _("The result of a check that was sent goes on to the shift leader."),
        A + C,
    ),
    Measure(
        "need_verify_num",
        "site",
        _("To be verified"),
        _("Verified, or waiting for the inspector."),
        A + S,
        ("verify_num", "to_verify_num"),
    ),
    Measure(
        "verify_num",
        "site",
        _("Verified on site"),
        _("An inspector finds a report true or not true."),
        A + S,
    ),
    Measure(
        "intime_verify_num",
        "site",
        _("Verified in time"),
        _("Verified before the deadline."),
        A + S,
    ),
    Measure(
        "overtime_verify_num",
        "site",
        _("Verified late"),
        _("Verified after the deadline."),
        A + S,
    ),
    Measure(
        "to_verify_num",
        "site",
        _("Waiting for verification"),
        _("With an inspector for verification at the end of the period."),
        A + S,
    ),
    Measure(
        "need_check_num",
        "site",
        _("To be checked"),
        _("Checked, or waiting for the inspector."),
        A + S,
        ("check_num", "to_check_num"),
    ),
    Measure(
        "check_num",
        "site",
        _("Checked on site"),
        _("An inspector finds a result good or not."),
        A + S,
    ),
    Measure(
        "intime_check_num",
        "site",
        _("Checked in time"),
        _("Checked before the deadline."),
        A + S,
    ),
    Measure(
        "invalid_check_num",
        "site",
        _("Checks without value"),
        _("A result found good on site is sent back for rework all the same."),
        A + S,
    ),
    Measure(
        "to_check_num",
        "site",
        _("Waiting for check"),
        _("With an inspector for check at the end of the period."),
        A + S,
    ),
)
FILE = (
    Measure(
        "filed_num",
        "file",
        _("Filed cases"),
        _("A case is filed for the first time; for a unit: given to it."),
        A + L + U,
        instead={ObjectKind.UNIT: ("given_num",)},
    ),
    Measure(
        "intime_filed_num",
        "file",
        _("Filed in time"),
        _("Filed before the deadline of filing."),
        A + L,
    ),
    Measure(
        "to_file_num",
        "file",
        _("Waiting for filing"),
        _("Waits for filing at the end of the period."),
        A,
    ),
    Measure(
        "not_filed_num",
        "file",
        _("Reports not filed"),
        _("The shift leader does not file a report."),
        A + L,
    ),
    Measure(
        "accurate_filed_num",
        "file",
        _("Accurately filed"),
        _("Filed and not cancelled since."),
        A + L,
    ),
)
