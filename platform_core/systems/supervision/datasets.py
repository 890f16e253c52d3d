"""The contracts of key tasks between platforms.  [exchange protocol section 10]"""

from django.utils.translation import gettext_lazy as _

from platform_core.datasets.registry import Dataset, register

from .models import Assignment, Feedback, Notice
from .services import incoming
from .wire import FeedbackWire, NoticeWire, TaskWire


def to_receiver(assignment: Assignment) -> list[str]:
    """A task goes to the node it is given to."""
    return [assignment.receiver]


def notice_to_receiver(notice: Notice) -> list[str]:
    """A notice goes where its task went."""
    return [notice.assignment.receiver]


def to_issuer(feedback: Feedback) -> list[str]:
    """Feedback goes to the issuer of the task."""
    return [feedback.assignment.origin]


register(
    Dataset(
        code="supervision.task",
        version=1,
        name=_("Key task"),
        direction="down",
        model=Assignment,
        serializer=TaskWire,
        apply=incoming.take_task,
        recipients=to_receiver,
    )
)
register(
    Dataset(
        code="supervision.notice",
        version=1,
        name=_("Notice on a key task"),
        direction="down",
        model=Notice,
        serializer=NoticeWire,
        apply=incoming.take_notice,
        recipients=notice_to_receiver,
    )
)
register(
    Dataset(
        code="supervision.feedback",
        version=1,
        name=_("Feedback on a key task"),
        direction="up",
        model=Feedback,
        serializer=FeedbackWire,
        apply=incoming.take_feedback,
        recipients=to_issuer,
    )
)
