"""The contracts of problem lists between platforms.  [exchange.md, section 6]"""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from platform_core.datasets.registry import Dataset, register

from .enums import FEEDBACK, PROBLEM, ProblemState
from .models import Problem, ProblemFeedback
from .services import incoming


class ProblemWire(serializers.ModelSerializer):
    """`data` of aggregation.problem; personal values are masked already."""

    table = serializers.CharField(source="table_code", max_length=40)
    source = serializers.CharField(  # type: ignore[assignment]
        source="sender.name", max_length=120
    )

    class Meta:
        model = Problem
        fields = (
            "table",
            "source",
            "record",
            "key",
            "rule_code",
            "rule_name",
            "kind",
            "severity",
            "field",
            "value",
            "state",
            "found_at",
            "assigned_at",
            "due_at",
            "closed_at",
            "feedback",
            "reason",
        )


class FeedbackWire(serializers.ModelSerializer):
    """`data` of aggregation.problem_feedback."""

    problem = serializers.UUIDField(source="problem.uid")
    state = serializers.ChoiceField(
        choices=[ProblemState.FIXED.value, ProblemState.EXPLAINED.value]
    )

    class Meta:
        model = ProblemFeedback
        fields = ("problem", "state", "note", "by_name")


def to_sender(problem: Problem) -> list[str]:
    """The platform that sent the row."""
    return [problem.sender.origin]


def to_finder(feedback: ProblemFeedback) -> list[str]:
    """The platform that found the problem."""
    return [feedback.problem.origin]


register(
    Dataset(
        code=PROBLEM,
        version=1,
        name=_("Problems found in data"),
        direction="down",
        model=Problem,
        serializer=ProblemWire,
        apply=incoming.take_problem,
        recipients=to_sender,
        share="none",
    )
)
register(
    Dataset(
        code=FEEDBACK,
        version=1,
        name=_("Answers to problems found in data"),
        direction="up",
        model=ProblemFeedback,
        serializer=FeedbackWire,
        apply=incoming.take_feedback,
        recipients=to_finder,
        share="none",
    )
)
