"""One thing after the other happens in the sample city."""

from collections.abc import Mapping

from municipal.command.enums import OPEN, PAUSED
from municipal.command.models import Case
from platform_core.common.errors import DomainError

from .crew import Crew

FEW_OPEN, MANY_OPEN = 40, 160
WAITING = 12
# What usually happens next in a state, and how often
NEXT: Mapping[str, Mapping[str, int]] = {
    "pending_accept": {"accept": 8, "send_verify": 3, "refuse": 1},
    "verifying": {"verify_true": 9, "verify_false": 1},
    "self_handled": {"approve_self": 1},
    "pending_filing": {"file": 15, "refuse_file": 1},
    "pending_dispatch": {"dispatch": 30, "cancel": 1},
    "returned": {"redispatch": 1},
    "pending_handling": {"sign": 12, "return": 1},
    "handling": {"feedback": 14, "apply_extend": 1, "approve_defer": 1},
    "suspended": {"resume": 1},
    "deferred": {"resume": 1},
    "rework": {"feedback": 1},
    "pending_feedback": {"pass_feedback": 12, "reject_feedback": 1},
    "pending_check": {"send_check": 1},
    "checking": {"check_pass": 9, "check_fail": 1},
    "pending_close": {"close": 1},
}


class Life:
    """What happens, and how much of it did."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.reports = 0
        self.steps = 0

    def tick(self) -> str:
        """Something happens: a report or a step; says what."""
        waiting = Case.objects.filter(state__in=OPEN).count()
        share = 0.6 if waiting < FEW_OPEN else 0 if waiting > MANY_OPEN else 0.18
        if self.crew.chance.random() < share:
            return self.report()
        case = self.oldest()
        return self.report() if case is None else self.step(case)

    def report(self) -> str:
        """Somebody reports a problem."""
        self_handled = self.crew.chance.random() < 0.05
        case = self.crew.report(self_handled=self_handled)
        self.reports += 1
        return f"{case.number} {case.state}"

    def oldest(self) -> Case | None:
        """One of the cases that wait longest; a paused one only now and then."""
        open_states = set(OPEN)
        if self.crew.chance.random() > 0.05:
            open_states -= set(PAUSED)
        rows = Case.objects.filter(state__in=open_states).order_by("state_since")
        found = list(rows.select_related("handling_unit", "field_inspector")[:WAITING])
        return self.crew.chance.choice(found) if found else None

    def step(self, case: Case) -> str:
        """Whoever has the case does what comes next."""
        action = self.next_action(case)
        try:
            case = self.crew.act(case, action)
        except DomainError as error:
            return f"{case.number} {action}: {error.message}"
        self.steps += 1
        return f"{case.number} {action} → {case.state}"

    def next_action(self, case: Case) -> str:
        """What usually comes next, by what the case has been through."""
        if case.state == "pending_accept" and case.verify_finding == "true":
            return "accept"
        if case.state == "pending_accept" and case.verify_finding == "false":
            return "refuse"
        if case.state == "handling" and case.extension_asked is not None:
            return "approve_extend"
        if case.state == "pending_close" and case.check_finding == "failed":
            return "rework"
        usual = NEXT[case.state]
        return self.crew.chance.choices(list(usual), list(usual.values()))[0]
