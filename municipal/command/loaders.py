"""Reference data of case handling: sources and the process."""

import csv
from pathlib import Path

from platform_core.processes import services as processes
from platform_core.workflow import csvfile
from platform_core.workflow.definition import Definition, Limit

from .enums import PROCESS
from .models import CaseSource

DATA = Path(__file__).parent / "data"
ROLES = {
    "监督员": "supervisor",
    "受理员": "acceptor",
    "值班长": "duty_leader",
    "派遣员": "dispatcher",
    "专业部门": "dept_handler",
    "领导": "bureau_leader",
}
CLOCKS = {
    "verify": Limit(1, "hour"),
    "accept": Limit(0.25, "hour"),
    "filing": Limit(0.25, "hour"),
    "dispatch": Limit(0.5, "hour"),
    "check": Limit(2, "work_hour"),
    "closing": Limit(0.5, "hour"),
}
GUARDS = {
    ("reported", "submit"): "case.known",
    ("reported", "register"): "case.known",
    ("reported", "self_handle"): "case.both_photos",
    ("pending_accept", "accept"): "case.complete",
    ("pending_filing", "file"): "case.complete",
    ("pending_handling", "return"): "case.returnable",
    ("handling", "return"): "case.returnable",
    ("rework", "return"): "case.returnable",
    ("handling", "apply_extend"): "case.extendable",
    ("handling", "approve_extend"): "case.extension_asked",
    ("handling", "refuse_extend"): "case.extension_asked",
    ("handling", "feedback"): "case.photos",
    ("rework", "feedback"): "case.photos",
    ("pending_check", "skip_check"): "case.skippable",
    ("checking", "check_pass"): "case.photos",
    ("pending_close", "close"): "case.checked",
}
AUTOMATIC = (
    ("reported", "register"),
    ("suspended", "resume"),
    ("deferred", "resume"),
)
ENGLISH = {
    "submit": "Submit report",
    "register": "Register report",
    "self_handle": "Handle on the spot",
    "approve_self": "Approve self-handling",
    "reject_self": "Reject self-handling",
    "send_verify": "Send for verification",
    "verify_true": "Found true",
    "verify_false": "Found not true",
    "accept": "Accept",
    "refuse": "Refuse",
    "file": "File",
    "refuse_file": "Refuse to file",
    "back_accept": "Back to acceptance",
    "dispatch": "Dispatch",
    "back_filing": "Back to the supervision centre",
    "sign": "Sign for",
    "return": "Ask to return",
    "redispatch": "Agree and dispatch anew",
    "refuse_return": "Refuse the return",
    "apply_extend": "Ask for an extension",
    "approve_extend": "Grant the extension",
    "refuse_extend": "Refuse the extension",
    "approve_suspend": "Suspend",
    "resume": "Resume",
    "approve_defer": "Defer",
    "feedback": "Report as handled",
    "pass_feedback": "Pass on for check",
    "reject_feedback": "Send back to the unit",
    "send_check": "Send for check",
    "skip_check": "Skip the site check",
    "check_pass": "Check passed",
    "check_fail": "Check failed",
    "close": "Close",
    "rework": "Send back for rework",
    "force_close": "Close by force",
    "cancel": "Cancel",
}


def load_sources() -> str:
    """Bring the table of case sources up to date."""
    with (DATA / "case_sources.csv").open(encoding="utf-8-sig") as stream:
        rows = [
            CaseSource(
                code=row["source_code"],
                name=row["name_zh"],
                name_en=row["name_en"],
                channel=row["channel_class"],
                needs_verification=row["needs_verification"],
            )
            for row in csv.DictReader(stream)
        ]
    CaseSource.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "channel", "needs_verification"],
    )
    return f"{len(rows)} case sources"


def case_process() -> Definition:
    """The case process of the standard: 21 states, 45 transitions."""
    return csvfile.load(
        DATA / "workflow_states.csv",
        DATA / "workflow_transitions.csv",
        ROLES,
        clocks=CLOCKS,
        guards=GUARDS,
        automatic=AUTOMATIC,
        names_en=ENGLISH,
    )


def ship_process() -> str:
    """Publish the case process where it is new or has changed."""
    definition = processes.ship(PROCESS, "案件办理流程", case_process())
    return f"case process version {definition.version}"
