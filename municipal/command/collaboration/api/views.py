"""Other dispatch systems push cases and ask for them by their own number."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.collaboration.models import DispatchSystem, PushedCase
from municipal.command.collaboration.services import systems
from municipal.command.collaboration.services.callbacks import mapping_of
from platform_core.api.permissions import Stated
from platform_core.geo.coords import SYSTEMS

KEYWORD = "System"


class SystemAuthentication(BaseAuthentication):
    """`Authorization: System <token>`: the token shown at registration."""

    def authenticate(self, request: Request) -> tuple[Any, DispatchSystem] | None:
        parts = get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].decode(errors="replace") != KEYWORD:
            return None
        system = systems.by_token(parts[1].decode(errors="replace"))
        if system is None:
            raise AuthenticationFailed(_("Invalid token."))
        return system.account, system

    def authenticate_header(self, request: Request) -> str:
        return KEYWORD


class SystemScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the tokens of systems."""

    target_class = f"{SystemAuthentication.__module__}.SystemAuthentication"
    name = "systemToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization"}


class PushSerializer(serializers.Serializer[Any]):
    """A case as another system sends it; `class` in its words or as kind:code."""

    number = serializers.CharField(max_length=64)
    description = serializers.CharField(max_length=2000)
    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    coord_sys = serializers.ChoiceField(choices=SYSTEMS, default="cgcs2000")
    address = serializers.CharField(max_length=256, required=False, allow_blank=True)
    reporter = serializers.CharField(max_length=60, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=60, required=False, allow_blank=True)
    is_urgent = serializers.BooleanField(default=False)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "class": serializers.CharField(max_length=64)}


class PushedSerializer(serializers.Serializer[Any]):
    """How a pushed case stands, in their words and ours."""

    number = serializers.CharField()
    case_number = serializers.CharField()
    state = serializers.CharField()
    case_state = serializers.CharField()
    unit = serializers.CharField()
    reported_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


def stands(pushed: PushedCase) -> dict[str, Any]:
    """What the system is answered about its case."""
    case, found = pushed.case, mapping_of(pushed)
    states = found.states if found else {}
    return {
        "number": pushed.their_number,
        "case_number": case.number,
        "state": states.get(case.state, case.state),
        "case_state": case.state,
        "unit": str(case.handling_unit or ""),
        "reported_at": case.reported_at,
        "deadline": case.handling_deadline,
        "closed_at": case.closed_at,
    }


class SystemView(APIView):
    """What all addresses for systems have in common."""

    authentication_classes = [SystemAuthentication]
    permission_classes = [IsAuthenticated, Stated]
    permission_required = "collaboration.push_case"

    def system(self, request: Request) -> DispatchSystem:
        """The system that asks."""
        return cast(DispatchSystem, request.auth)

    def pushed(self, request: Request, number: str) -> PushedCase:
        """A case that this system sent; 404 for any other."""
        rows = PushedCase.objects.select_related("system", "case__handling_unit")
        return get_object_or_404(rows, system=self.system(request), their_number=number)


class PushView(SystemView):
    """Cases pushed by another system."""

    @extend_schema(
        operation_id="external_cases_push",
        request=PushSerializer,
        responses={201: PushedSerializer, 200: PushedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Push a case; the same number again gives the case that is there."""
        given = PushSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        number = given.validated_data["number"]
        _case, made = systems.push(
            system=self.system(request),
            their_number=number,
            given=given.validated_data,
        )
        found = PushedSerializer(stands(self.pushed(request, number)))
        return Response(found.data, status=201 if made else 200)


class PushedCaseView(SystemView):
    """A pushed case."""

    @extend_schema(operation_id="external_cases_retrieve", responses=PushedSerializer)
    def get(self, request: Request, number: str) -> Response:
        """How a case stands, by the number it has in the asking system."""
        return Response(PushedSerializer(stands(self.pushed(request, number))).data)
