"""Readers of the audit log see names of events, not codes."""

import ast

from django.utils.translation import override

from platform_core.systems.maintenance.events import event_label
from platform_core.systems.supervision.services.messages import AUDIT
from tests.architecture.sources import files


def recorded() -> set[str]:
    """Codes of events that stand in calls of `record`."""
    found = set()
    for path in files(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = getattr(node.args[0], "value", None)
                if name == "record" and isinstance(first, str) and "." in first:
                    found.add(first)
    return found


def test_every_event_has_a_name(db):
    codes = {*recorded(), *AUDIT.values()}
    assert {"case.overdue", "task.issued", "assignment.urged"} <= codes
    assert not {code for code in codes if event_label(code) in code}


def test_steps_of_cases_are_named_by_their_process(db):
    with override("zh-hans"):
        assert event_label("case.accept") == "受理"
        assert event_label("case.unheard_of") == "unheard_of"
