"""Uploads over HTTP."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.access import SIGNED_IN
from platform_core.common.errors import DomainError
from platform_core.files import uploads
from platform_core.files.models import Attachment, PartialUpload
from platform_core.files.policies import may_read
from platform_core.files.services import store

from .serializers import (
    AttachmentSerializer,
    BeginSerializer,
    PartialSerializer,
    UploadSerializer,
)

PIECE = 4 * 1024 * 1024


class UploadView(APIView):
    """Upload a file; attach it by its `uid` to what is reported next."""

    permission_required = SIGNED_IN
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="files_create",
        request=UploadSerializer,
        responses={201: AttachmentSerializer},
    )
    def post(self, request: Request) -> Response:
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        attachment = store(
            given.validated_data["file"],
            by=request.user,
            purpose=given.validated_data["purpose"],
        )
        return Response(AttachmentSerializer(attachment).data, status=201)


class AttachmentView(APIView):
    """What is known about a file that the user may read."""

    permission_required = SIGNED_IN

    @extend_schema(operation_id="files_retrieve", responses=AttachmentSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        found = get_object_or_404(Attachment.objects.select_related("blob"), uid=uid)
        if not may_read(request.user, found):
            raise Http404
        return Response(AttachmentSerializer(found).data)


class Octets(BaseParser):
    """A piece of a file as it is."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None):
        return stream.read(PIECE + 1)


class PartialsView(APIView):
    """Begin a file that comes in pieces, or learn where to go on."""

    permission_required = SIGNED_IN
    parser_classes = [JSONParser]

    @extend_schema(request=BeginSerializer, responses=PartialSerializer)
    def post(self, request: Request) -> Response:
        given = BeginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = uploads.begin(by=request.user, **given.validated_data)
        return Response(PartialSerializer(upload).data)


class PartialView(APIView):
    """Send a piece at `Upload-Offset`; ask how much is there."""

    permission_required = SIGNED_IN
    parser_classes = [Octets]

    @extend_schema(
        operation_id="uploads_piece",
        request=OpenApiTypes.BINARY,
        responses=PartialSerializer,
        parameters=[OpenApiParameter("Upload-Offset", int, "header", required=True)],
    )
    def patch(self, request: Request, uid: UUID) -> Response:
        upload = self._own(request, uid)
        offset = request.headers.get("Upload-Offset", "")
        piece = request.data if isinstance(request.data, bytes) else b""
        if not offset.isdecimal() or not 0 < len(piece) <= PIECE:
            text = _("Send a piece of at most %(size)d bytes and its offset.")
            raise DomainError(text % {"size": PIECE}, code="upload_piece")
        upload = uploads.add(upload=upload, offset=int(offset), piece=piece)
        return Response(PartialSerializer(upload).data)

    @extend_schema(operation_id="uploads_state", responses=PartialSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        return Response(PartialSerializer(self._own(request, uid)).data)

    def _own(self, request: Request, uid: UUID) -> PartialUpload:
        mine = PartialUpload.objects.filter(by=request.user.pk)
        return get_object_or_404(mine.select_related("attachment"), uid=uid)
