"""Key tasks as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from platform_core.systems.supervision import policies, selectors
from platform_core.systems.supervision.enums import Category, FeedbackCycle, Priority
from platform_core.systems.supervision.models import Assignment, Task

BRIEF = (
    "uid",
    "number",
    "title",
    "category",
    "content",
    "requirement",
    "basis",
    "priority",
    "feedback_cycle",
    "sign_within_hours",
    "deadline",
    "issued_at",
    "state",
)


class TargetSerializer(serializers.Serializer):
    """A receiver: a platform below by its code, or an own unit by its code."""

    node = serializers.CharField(required=False, max_length=9)
    unit = serializers.CharField(required=False, max_length=32)
    deadline = serializers.DateTimeField(required=False, allow_null=True)

    def validate(self, attrs):
        if bool(attrs.get("node")) == bool(attrs.get("unit")):
            raise serializers.ValidationError("node or unit, one of them")
        return attrs


class DraftSerializer(serializers.Serializer):
    """A draft to make."""

    title = serializers.CharField(max_length=200)
    content = serializers.CharField()
    category = serializers.ChoiceField(
        choices=Category.choices, default=Category.SPECIAL_ACTION
    )
    requirement = serializers.CharField(required=False, allow_blank=True)
    basis = serializers.CharField(required=False, allow_blank=True, max_length=300)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    feedback_cycle = serializers.ChoiceField(
        choices=FeedbackCycle.choices, required=False
    )
    sign_within_hours = serializers.IntegerField(
        required=False, min_value=1, max_value=8760
    )
    deadline = serializers.DateTimeField(required=False)
    targets = TargetSerializer(many=True, required=False)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="uids of uploads"
    )


class OfferSerializer(serializers.Serializer):
    """An action and, where it is not possible now, why not."""

    code = serializers.CharField()
    name = serializers.CharField()
    allowed = serializers.BooleanField()
    why = serializers.CharField(allow_null=True)


class LineSerializer(serializers.Serializer):
    """One line of the history of both ends."""

    title = serializers.CharField()
    at = serializers.DateTimeField()
    by_name = serializers.CharField()
    unit_name = serializers.CharField()
    note = serializers.CharField()
    files = serializers.ListField(child=serializers.DictField())


class AssignmentSerializer(serializers.ModelSerializer):
    """One receiver's share of a task."""

    task = serializers.UUIDField(source="task.uid", allow_null=True, default=None)
    unit = serializers.CharField(source="unit.code", allow_null=True, default=None)
    light = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = (
            *BRIEF,
            "origin",
            "task",
            "parent_uid",
            "receiver",
            "unit",
            "receiver_name",
            "division",
            "original_deadline",
            "issuer_unit",
            "issuer_name",
            "percent",
            "signed_at",
            "signed_by",
            "submitted_at",
            "accepted_at",
            "ended_at",
            "last_feedback_at",
            "score",
            "overdue",
            "urged_count",
            "returned_count",
            "supervise_state",
            "supervise_deadline",
            "extension_state",
            "wanted_deadline",
            "light",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(["green", "yellow", "red"]))
    def get_light(self, assignment):
        return selectors.light(assignment)


class AssignmentDetailSerializer(AssignmentSerializer):
    """With what may be done and what was said."""

    actions = serializers.SerializerMethodField()
    history = serializers.SerializerMethodField()
    children = serializers.SerializerMethodField()

    class Meta(AssignmentSerializer.Meta):
        fields: Any = (
            *AssignmentSerializer.Meta.fields,
            "wire_files",
            "actions",
            "history",
            "children",
        )
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(many=True))
    def get_actions(self, assignment):
        user = self.context["request"].user
        found = policies.assignment_offers(user, assignment)
        return OfferSerializer(found, many=True).data

    @extend_schema_field(LineSerializer(many=True))
    def get_history(self, assignment):
        return LineSerializer(selectors.history(assignment), many=True).data

    @extend_schema_field(AssignmentSerializer(many=True))
    def get_children(self, assignment):
        rows = selectors.assignments(self.context["request"].user)
        below = rows.filter(task__parent_assignment=assignment)
        return AssignmentSerializer(below, many=True).data


class TaskSerializer(serializers.ModelSerializer):
    """A task of this node."""

    drafted_by = serializers.CharField(source="drafted_by.full_name", default=None)
    receiver_count = serializers.IntegerField(read_only=True)
    done_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Task
        fields = (
            *BRIEF,
            "targets",
            "drafted_by",
            "review_note",
            "ended_at",
            "receiver_count",
            "done_count",
        )
        read_only_fields = fields


class TaskDetailSerializer(TaskSerializer):
    """With its receivers and what may be done."""

    actions = serializers.SerializerMethodField()
    assignments = serializers.SerializerMethodField()

    class Meta(TaskSerializer.Meta):
        fields: Any = (
            *TaskSerializer.Meta.fields,
            "wire_files",
            "actions",
            "assignments",
        )
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(many=True))
    def get_actions(self, task):
        user = self.context["request"].user
        return OfferSerializer(policies.task_offers(user, task), many=True).data

    @extend_schema_field(AssignmentSerializer(many=True))
    def get_assignments(self, task):
        rows = selectors.assignments(self.context["request"].user).filter(task=task)
        return AssignmentSerializer(rows, many=True).data


class TaskActionSerializer(serializers.Serializer):
    """What an action on a task may bring; which field is needed depends on it."""

    content = serializers.CharField(required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True)


class AssignmentActionSerializer(TaskActionSerializer):
    """What an action on an assignment may bring."""

    percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    problems = serializers.CharField(required=False, allow_blank=True)
    result = serializers.CharField(required=False, allow_blank=True)
    requirement = serializers.CharField(required=False, allow_blank=True)
    deadline = serializers.DateTimeField(required=False)
    wanted_deadline = serializers.DateTimeField(required=False)
    score = serializers.DecimalField(
        required=False, max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    children = TargetSerializer(many=True, required=False)
    attachments = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="uids of uploads"
    )


class FiguresSerializer(serializers.Serializer):
    """How assignments stand."""

    issued = serializers.IntegerField()
    signed = serializers.IntegerField()
    done = serializers.IntegerField()
    on_time = serializers.IntegerField()
    overdue = serializers.IntegerField()
    supervised = serializers.IntegerField()
    returned = serializers.IntegerField()
    percent = serializers.FloatField()
    sign_rate = serializers.FloatField(allow_null=True)
    done_rate = serializers.FloatField(allow_null=True)
    on_time_rate = serializers.FloatField(allow_null=True)
