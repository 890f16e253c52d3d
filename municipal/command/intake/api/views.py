"""Calls from the switchboard and leads from other systems, over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.api.uploads import own_files
from municipal.command.intake import services
from municipal.command.intake.services.calls import CallEvent
from municipal.command.requests import user_of
from platform_core.api.permissions import Stated

from .serializers import CallEventSerializer, CallSerializer, LeadSerializer


class CallEventView(APIView):
    """Events of calls; sending one again, or late, does no harm."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "intake.push_call"

    @extend_schema(request=CallEventSerializer, responses=CallSerializer)
    def post(self, request: Request) -> Response:
        given = CallEventSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        event = CallEvent(**given.validated_data)
        call = services.receive(event=event, by=user_of(request))
        return Response(CallSerializer(call).data)


class LeadView(APIView):
    """Leads of other channels; 201 for a new one, 200 for one that is known."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "intake.push_lead"

    @extend_schema(request=LeadSerializer, responses={201: LeadSerializer})
    def post(self, request: Request) -> Response:
        given = LeadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        user = user_of(request)
        pictures = own_files(user, values.pop("attachments", ()))
        lead, new = services.take_lead(by=user, attachments=tuple(pictures), **values)
        return Response(LeadSerializer(lead).data, status=201 if new else 200)
