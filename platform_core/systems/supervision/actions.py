"""Actions by their code, for pages and the API: one way in, whoever asks."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from platform_core.accounts.models import User
from platform_core.common.errors import DomainError

from . import services
from .models import Assignment, Task
from .services.targets import Target

Values = Mapping[str, Any]


def _text(values: Values) -> str:
    return str(values.get("content") or "")


def _reason(values: Values) -> str:
    return str(values.get("reason") or values.get("content") or "")


def _files(values: Values) -> list[Any]:
    return list(values.get("attachments") or ())


def _receive(assignment: Assignment, by: User, values: Values) -> Any:
    return services.receive(assignment=assignment, by=by, content=_text(values))


def _break_down(assignment: Assignment, by: User, values: Values) -> Any:
    children = [
        child if isinstance(child, Target) else Target.from_dict(child)
        for child in values.get("children") or ()
    ]
    return services.break_down(
        assignment=assignment,
        by=by,
        children=children,
        content=_text(values),
        requirement=str(values.get("requirement") or ""),
    )


def _progress(assignment: Assignment, by: User, values: Values) -> Any:
    percent = values.get("percent")
    return services.report_progress(
        assignment=assignment,
        by=by,
        content=_text(values),
        percent=assignment.percent if percent is None else percent,
        problems=str(values.get("problems") or ""),
        attachments=_files(values),
    )


def _submit(assignment: Assignment, by: User, values: Values) -> Any:
    return services.submit_result(
        assignment=assignment,
        by=by,
        result=str(values.get("result") or ""),
        content=_text(values),
        attachments=_files(values),
    )


def _reply(assignment: Assignment, by: User, values: Values) -> Any:
    return services.reply_to_supervision(
        assignment=assignment,
        by=by,
        content=_text(values) or str(values.get("result") or ""),
        attachments=_files(values),
    )


def _request_extension(assignment: Assignment, by: User, values: Values) -> Any:
    wanted = values.get("wanted_deadline") or values.get("deadline")
    if wanted is None:
        raise DomainError(
            _("Say until when you need."),
            code="required",
            fields={"wanted_deadline": _("This is required.")},
        )
    return services.request_extension(
        assignment=assignment, by=by, content=_reason(values), wanted_deadline=wanted
    )


def _accept(assignment: Assignment, by: User, values: Values) -> Any:
    return services.accept(
        assignment=assignment, by=by, content=_text(values), score=values.get("score")
    )


def _return(assignment: Assignment, by: User, values: Values) -> Any:
    return services.return_for_rework(
        assignment=assignment,
        by=by,
        reason=_reason(values),
        deadline=values.get("deadline"),
    )


def _urge(assignment: Assignment, by: User, values: Values) -> Any:
    return services.urge(assignment=assignment, by=by, content=_text(values))


def _supervise(assignment: Assignment, by: User, values: Values) -> Any:
    return services.supervise(
        assignment=assignment,
        by=by,
        content=_text(values),
        deadline=values.get("deadline"),
        attachments=_files(values),
    )


def _extend(assignment: Assignment, by: User, values: Values) -> Any:
    return services.decide_extension(
        assignment=assignment,
        by=by,
        granted=True,
        content=_text(values),
        deadline=values.get("deadline"),
    )


def _refuse(assignment: Assignment, by: User, values: Values) -> Any:
    return services.decide_extension(
        assignment=assignment, by=by, granted=False, content=_reason(values)
    )


def _withdraw(assignment: Assignment, by: User, values: Values) -> Any:
    return services.withdraw(assignment=assignment, by=by, reason=_reason(values))


def _close(assignment: Assignment, by: User, values: Values) -> Any:
    return services.close(assignment=assignment, by=by, content=_text(values))


ON_ASSIGNMENTS: dict[str, Callable[[Assignment, User, Values], Any]] = {
    "receive": _receive,
    "break_down": _break_down,
    "progress": _progress,
    "submit": _submit,
    "reply": _reply,
    "request_extension": _request_extension,
    "accept": _accept,
    "return": _return,
    "urge": _urge,
    "supervise": _supervise,
    "extend": _extend,
    "refuse_extension": _refuse,
    "close": _close,
    "withdraw": _withdraw,
}


ON_TASKS: dict[str, Callable[[Task, User, Values], Any]] = {
    "submit": lambda task, by, values: services.submit_for_approval(
        task=task, by=by, note=_text(values)
    ),
    "approve": lambda task, by, values: services.approve_and_issue(
        task=task, by=by, note=_text(values)
    ),
    "reject": lambda task, by, values: services.reject_draft(
        task=task, by=by, reason=_reason(values)
    ),
    "withdraw": lambda task, by, values: services.withdraw_task(
        task=task, by=by, reason=_reason(values)
    ),
    "close": lambda task, by, values: services.close_task(
        task=task, by=by, note=_text(values)
    ),
    "archive": lambda task, by, values: services.archive_task(
        task=task, by=by, note=_text(values)
    ),
}
