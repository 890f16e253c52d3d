"""Every write of key tasks.

Drafting and issuing, answering, reviewing, and what arrives from other nodes.
"""

from .answering import (
    break_down,
    receive,
    reply_to_supervision,
    report_progress,
    request_extension,
    submit_result,
)
from .drafting import (
    Target,
    approve_and_issue,
    archive_task,
    change_draft,
    close_task,
    draft_task,
    reject_draft,
    submit_for_approval,
    withdraw_task,
)
from .reviewing import (
    accept,
    close,
    decide_extension,
    return_for_rework,
    supervise,
    urge,
    withdraw,
)

__all__ = [
    "Target",
    "accept",
    "approve_and_issue",
    "archive_task",
    "break_down",
    "change_draft",
    "close",
    "close_task",
    "decide_extension",
    "draft_task",
    "receive",
    "reject_draft",
    "reply_to_supervision",
    "report_progress",
    "request_extension",
    "return_for_rework",
    "submit_for_approval",
    "submit_result",
    "supervise",
    "urge",
    "withdraw",
    "withdraw_task",
]
