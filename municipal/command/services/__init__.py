"""Everything that changes a case.

`fire` makes any step of the process. The named services are the same steps in
the words of the posts: `accept(case, by=user, note="")`.
"""

from typing import Any, Protocol

from municipal.command.models import Case
from platform_core.accounts.models import User

from .asking import ask, decide, require_pending, withdraw
from .marking import follow, mark_missed
from .pending import is_final
from .reopening import reopen
from .reports import report_case
from .steps import case_options, fire, fire_seen, urge
from .upkeep import mark_overdue, resume_paused


class Step(Protocol):
    """A named step of the case process."""

    def __call__(
        self, case: Case, *, by: User | None, note: str = "", **data: Any
    ) -> Case: ...


def _named(action: str) -> Step:
    def step(case: Case, *, by: User | None, note: str = "", **data: Any) -> Case:
        return fire(case, action, by=by, note=note, **data)

    step.__name__ = f"{action}_case"
    step.__doc__ = f"Make the step {action!r} of the case process."
    return step


accept_case = _named("accept")
refuse_case = _named("refuse")
send_verify_case = _named("send_verify")
verify_true_case = _named("verify_true")
verify_false_case = _named("verify_false")
file_case = _named("file")
refuse_file_case = _named("refuse_file")
back_accept_case = _named("back_accept")
dispatch_case = _named("dispatch")
back_filing_case = _named("back_filing")
sign_case = _named("sign")
return_case = _named("return")
redispatch_case = _named("redispatch")
refuse_return_case = _named("refuse_return")
apply_extend_case = _named("apply_extend")
approve_extend_case = _named("approve_extend")
refuse_extend_case = _named("refuse_extend")
approve_suspend_case = _named("approve_suspend")
approve_defer_case = _named("approve_defer")
resume_case = _named("resume")
feedback_case = _named("feedback")
pass_feedback_case = _named("pass_feedback")
reject_feedback_case = _named("reject_feedback")
send_check_case = _named("send_check")
skip_check_case = _named("skip_check")
check_pass_case = _named("check_pass")
check_fail_case = _named("check_fail")
close_case = _named("close")
rework_case = _named("rework")
force_close_case = _named("force_close")
cancel_case = _named("cancel")
approve_self_case = _named("approve_self")
reject_self_case = _named("reject_self")

__all__ = [
    "Step",
    "accept_case",
    "apply_extend_case",
    "approve_defer_case",
    "approve_extend_case",
    "approve_self_case",
    "approve_suspend_case",
    "ask",
    "back_accept_case",
    "back_filing_case",
    "cancel_case",
    "case_options",
    "check_fail_case",
    "check_pass_case",
    "close_case",
    "decide",
    "dispatch_case",
    "feedback_case",
    "file_case",
    "fire",
    "fire_seen",
    "follow",
    "force_close_case",
    "is_final",
    "mark_missed",
    "mark_overdue",
    "pass_feedback_case",
    "redispatch_case",
    "refuse_case",
    "refuse_extend_case",
    "refuse_file_case",
    "refuse_return_case",
    "reject_feedback_case",
    "reject_self_case",
    "reopen",
    "report_case",
    "require_pending",
    "resume_case",
    "resume_paused",
    "return_case",
    "rework_case",
    "send_check_case",
    "send_verify_case",
    "sign_case",
    "skip_check_case",
    "urge",
    "verify_false_case",
    "verify_true_case",
    "withdraw",
]
