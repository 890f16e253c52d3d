"""Key tasks over HTTP: draft, decide, answer, review."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from platform_core.api.pagination import CursorPages
from platform_core.api.permissions import Stated
from platform_core.common.errors import DomainError
from platform_core.files.models import Attachment
from platform_core.systems.supervision import actions, people, selectors, services
from platform_core.systems.supervision.filters import AssignmentFilter, TaskFilter
from platform_core.systems.supervision.models import Assignment, Task
from platform_core.systems.supervision.services.targets import Target

from .serializers import (
    AssignmentActionSerializer,
    AssignmentDetailSerializer,
    AssignmentSerializer,
    DraftSerializer,
    FiguresSerializer,
    TaskActionSerializer,
    TaskDetailSerializer,
    TaskSerializer,
)

VIEW = "supervision.view_task"


def own_files(user: Any, uids: Iterable[UUID]) -> list[Attachment]:
    """Uploads of this user that are not attached yet; all of them or an error."""
    wanted = set(uids)
    found = list(
        Attachment.objects.filter(
            uid__in=wanted, uploaded_by=user, target_type=""
        ).select_related("blob")
    )
    if len(found) != len(wanted):
        message = _("There is no such upload of yours.")
        raise DomainError(message, fields={"attachments": message})
    return found


def given(serializer: Any, request: Request) -> dict[str, Any]:
    """The checked values of a request, uploads resolved."""
    filled = serializer(data=request.data, partial=request.method == "PATCH")
    filled.is_valid(raise_exception=True)
    values: dict[str, Any] = filled.validated_data
    if values.get("attachments"):
        values["attachments"] = own_files(
            people.signed_in(request), values["attachments"]
        )
    if "targets" in values:
        values["targets"] = [Target.from_dict(item) for item in values["targets"]]
    return values


class TaskViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Tasks drafted and issued at this node."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = {
        "create": "supervision.draft_task",
        "partial_update": "supervision.draft_task",
        "*": VIEW,
    }
    pagination_class = CursorPages
    filterset_class = TaskFilter
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> Any:
        return selectors.tasks(people.signed_in(self.request))

    def get_serializer_class(self) -> Any:
        return TaskDetailSerializer if self.action == "retrieve" else TaskSerializer

    def _answer(self, task: Task, status: int = 200) -> Response:
        fresh = get_object_or_404(self.get_queryset(), pk=task.pk)
        data = TaskDetailSerializer(fresh, context=self.get_serializer_context()).data
        return Response(data, status=status)

    @extend_schema(request=DraftSerializer, responses={201: TaskDetailSerializer})
    def create(self, request: Request) -> Response:
        """Keep a draft."""
        values = given(DraftSerializer, request)
        return self._answer(
            services.draft_task(by=people.signed_in(request), **values), 201
        )

    @extend_schema(request=DraftSerializer, responses=TaskDetailSerializer)
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """Change a draft; what is not named stays."""
        task = get_object_or_404(
            Task.objects.visible_to(people.signed_in(request)), uid=uid
        )
        values = given(DraftSerializer, request)
        return self._answer(
            services.change_draft(task=task, by=people.signed_in(request), **values)
        )

    @extend_schema(request=TaskActionSerializer, responses=TaskDetailSerializer)
    @action(detail=True, methods=["post"], url_path="actions/(?P<code>[a-z_]+)")
    def act(self, request: Request, uid: UUID, code: str) -> Response:
        """submit, approve, reject, withdraw, close or archive."""
        task = get_object_or_404(
            Task.objects.visible_to(people.signed_in(request)), uid=uid
        )
        if code not in actions.ON_TASKS:
            raise Http404(code)
        values = given(TaskActionSerializer, request)
        actions.ON_TASKS[code](task, people.signed_in(request), values)
        return self._answer(task)


class AssignmentViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Shares of tasks, given by this node or to it."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    permission_classes = [IsAuthenticated, Stated]
    permission_required = VIEW
    pagination_class = CursorPages
    filterset_class = AssignmentFilter
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f-]{36}"

    def get_queryset(self) -> Any:
        return selectors.assignments(people.signed_in(self.request))

    def get_serializer_class(self) -> Any:
        detailed = self.action == "retrieve"
        return AssignmentDetailSerializer if detailed else AssignmentSerializer

    @extend_schema(
        request=AssignmentActionSerializer, responses=AssignmentDetailSerializer
    )
    @action(detail=True, methods=["post"], url_path="actions/(?P<code>[a-z_]+)")
    def act(self, request: Request, uid: UUID, code: str) -> Response:
        """One of the codes under `actions`; fields as the action needs them."""
        rows = Assignment.objects.visible_to(people.signed_in(request))
        assignment = get_object_or_404(rows, uid=uid)
        if code not in actions.ON_ASSIGNMENTS:
            raise Http404(code)
        values = given(AssignmentActionSerializer, request)
        actions.ON_ASSIGNMENTS[code](assignment, people.signed_in(request), values)
        fresh = get_object_or_404(self.get_queryset(), pk=assignment.pk)
        context = self.get_serializer_context()
        return Response(AssignmentDetailSerializer(fresh, context=context).data)

    @extend_schema(responses=FiguresSerializer)
    @action(detail=False, pagination_class=None)
    def figures(self, request: Request) -> Response:
        """How the filtered assignments stand."""
        found = selectors.figures(self.filter_queryset(self.get_queryset()))
        return Response(FiguresSerializer(found).data)
