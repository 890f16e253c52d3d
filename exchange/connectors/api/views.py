"""HTTP access to flows and runs; every write is the pages' own service."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from exchange.connectors.enums import Trigger
from exchange.connectors.filters import FlowFilter, RejectFilter, RunFilter
from exchange.connectors.models import Flow, Reject, Run
from exchange.connectors.services import rejects, running

from .serializers import (
    FlowDetailSerializer,
    FlowSerializer,
    ReasonSerializer,
    RejectSerializer,
    ResendSerializer,
    RunDetailSerializer,
    RunSerializer,
    StartSerializer,
)

VIEW = "connectors.view_flow"
RUN = "connectors.run_flow"
FIX = "connectors.fix_reject"


class Reading(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Lists and single objects; a single one may tell more."""

    lookup_field = "uid"
    detail_serializer_class: type | None = None

    def get_serializer_class(self):
        if self.action == "retrieve" and self.detail_serializer_class:
            return self.detail_serializer_class
        return super().get_serializer_class()


def _given(serializer, request):
    """What the body says."""
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    return read.validated_data


class FlowViewSet(Reading):
    """Flows of connectors, in and out."""

    queryset = Flow.objects.select_related("source", "table", "current")
    serializer_class = FlowSerializer
    detail_serializer_class = FlowDetailSerializer
    filterset_class = FlowFilter
    permission_required = {"run": RUN, "*": VIEW}

    @extend_schema(request=StartSerializer, responses={202: RunSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def run(self, request, uid):
        """Run it in the background; `again` begins from the start."""
        made = running.start(
            flow=self.get_object(),
            by=request.user,
            trigger=Trigger.PERSON,
            again=_given(StartSerializer, request)["again"],
        )
        return Response(RunSerializer(made).data, status=status.HTTP_202_ACCEPTED)


class RunViewSet(Reading):
    """Runs of flows, newest first."""

    queryset = Run.objects.select_related("flow", "version").order_by("-pk")
    serializer_class = RunSerializer
    detail_serializer_class = RunDetailSerializer
    filterset_class = RunFilter
    permission_required = {"pause": RUN, "resume": RUN, "*": VIEW}

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def pause(self, request, uid):
        """Stop it behind the batch at hand."""
        done = running.pause(run=self.get_object(), by=request.user)
        return Response(RunSerializer(done).data)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def resume(self, request, uid):
        """Let it go on where it stands."""
        done = running.resume(run=self.get_object(), by=request.user)
        return Response(RunSerializer(done).data)


class RejectViewSet(Reading):
    """Rows that were not taken, newest first."""

    queryset = Reject.objects.select_related("flow", "run").order_by("-pk")
    serializer_class = RejectSerializer
    filterset_class = RejectFilter
    permission_required = {"resend": FIX, "drop": FIX, "*": VIEW}
    lookup_field = "pk"
    lookup_value_regex = r"\d+"

    @extend_schema(request=ResendSerializer, responses=RejectSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def resend(self, request, pk):
        """Take it once more, corrected."""
        reject = self.get_object()
        changed = _given(ResendSerializer, request)["changed"]
        raw = {**reject.raw, **changed}
        done = rejects.resend(reject=reject, by=request.user, raw=raw)
        return Response(RejectSerializer(done).data)

    @extend_schema(request=ReasonSerializer, responses=RejectSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def drop(self, request, pk):
        """Give it up."""
        reason = _given(ReasonSerializer, request)["reason"]
        reject = self.get_object()
        done = rejects.drop(reject=reject, by=request.user, reason=reason)
        return Response(RejectSerializer(done).data)
