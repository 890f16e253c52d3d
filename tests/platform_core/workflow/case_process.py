"""The case process read straight from its tables, without our loader."""

import csv
from pathlib import Path

from platform_core.workflow import csvfile

DATA = Path(__file__).parents[3] / "municipal/command/data"
STATES = DATA / "workflow_states.csv"
TRANSITIONS = DATA / "workflow_transitions.csv"
ROLES = {
    "监督员": "supervisor",
    "受理员": "acceptor",
    "值班长": "duty_leader",
    "派遣员": "dispatcher",
    "专业部门": "dept_handler",
    "领导": "bureau_leader",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


STATE_ROWS = {row["state_code"]: row for row in rows(STATES)}
STEP_ROWS = {(row["from_state"], row["action_code"]): row for row in rows(TRANSITIONS)}
ACTIONS = sorted({action for _, action in STEP_ROWS})
ENDS = {code for code, row in STATE_ROWS.items() if row["terminal"] == "yes"}


def permitted(state: str, action: str, role: str, note: str) -> str | None:
    """Where the tables let this lead, or None: the oracle of the walks."""
    row = STEP_ROWS.get((state, action))
    if row is None or ROLES[row["actor_role"]] != role:
        return None
    if row["reason_required"] == "yes" and not note.strip():
        return None
    return row["to_state"]


def load(**more):
    return csvfile.load(STATES, TRANSITIONS, ROLES, **more)
