"""Reference data of case handling: sources and the process."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

from platform_core.processes import services as processes
from platform_core.workflow import csvfile
from platform_core.workflow.definition import Definition, Escalation, Limit, Transition

from .enums import OPEN, PROCESS
from .models import CaseSource
from .services import ruling

DATA = Path(__file__).parent / "data"
ROLES = {
    "监督员": "supervisor",
    "受理员": "acceptor",
    "值班长": "duty_leader",
    "派遣员": "dispatcher",
    "专业部门": "dept_handler",
    "领导": "bureau_leader",
}
# A case merged into another one ends with it; only the platform does that.
MERGED: dict[str, Any] = {
    "action": "close_merged",
    "name": "随主件结案",
    "name_en": "Close with the main case",
    "role": "platform",
    "target": "closed",
    "automatic": True,
}
TOLD = {"platform": "平台", "dept_leader": "专业部门负责人", "overseer": "督查员"}
TEN_MINUTES = round(10 / 60, 4)
CLOCKS = {  # codes.md 13; the handling clock of each case is its own
    "verify": Limit(1, "hour"),
    "accept": Limit(TEN_MINUTES, "hour"),
    "filing": Limit(0.25, "hour"),
    "dispatch": Limit(0.5, "hour"),
    "sign": Limit(1, "work_hour"),
    "feedback": Limit(0.5, "hour"),
    "send_check": Limit(0.5, "hour"),
    "check": Limit(2, "work_hour"),
    "closing": Limit(0.5, "hour"),
}
# What the standard's table of states leaves open: clocks of its own for the review
# of results and the sending of checks, and the time for signing beside handling.
STATE_CLOCKS: dict[str, dict[str, Any]] = {
    "pending_feedback": {"clock": "feedback"},
    "pending_check": {"clock": "send_check"},
    "pending_handling": {"also": "sign"},
}
ESCALATIONS = (
    Escalation("handling", 0.8, "dept_handler", "info"),
    Escalation("handling", 1, "dept_leader", "warning"),
    Escalation("handling", 1.25, "overseer", "urgent"),
    Escalation("sign", 1, "dept_leader", "warning"),
    Escalation("verify", 1, "supervisor", "warning"),
    Escalation("accept", 1, "duty_leader", "warning"),
    Escalation("filing", 1, "overseer", "warning"),
    Escalation("dispatch", 1, "overseer", "warning"),
    Escalation("feedback", 1, "overseer", "warning"),
    Escalation("check", 0.8, "supervisor", "info"),
    Escalation("check", 1, "overseer", "warning"),
)
GUARDS = {
    ("reported", "submit"): "case.known",
    ("reported", "register"): "case.known",
    ("reported", "self_handle"): "case.both_photos",
    ("pending_accept", "accept"): "case.acceptable",
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
    ("pending_accept", "accept"),
    ("pending_filing", "file"),
    ("pending_dispatch", "dispatch"),
    ("pending_feedback", "pass_feedback"),
    ("pending_check", "send_check"),
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
    """The case process of the standard, with the end of merged cases."""
    standard = csvfile.load(
        DATA / "workflow_states.csv",
        DATA / "workflow_transitions.csv",
        ROLES,
        clocks=CLOCKS,
        guards=GUARDS,
        automatic=AUTOMATIC,
        names_en=ENGLISH,
        escalations=ESCALATIONS,
    )
    states = tuple(
        replace(state, **STATE_CLOCKS.get(state.code, {})) for state in standard.states
    )
    merged = tuple(Transition(state, **MERGED) for state in OPEN)
    return replace(
        standard,
        states=states,
        transitions=standard.transitions + merged,
        roles={**standard.roles, **TOLD},
    )


def ship_process() -> str:
    """Publish the case process where it is new or has changed."""
    definition = processes.ship(PROCESS, "案件办理流程", case_process())
    return f"case process version {definition.version}"


def load_rules() -> str:
    """Publish the first rules; those that the city made stay."""
    row = ruling.ship()
    return f"case rules version {row.version}"
