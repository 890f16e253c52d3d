"""Uploads over HTTP."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platform_core.common.access import SIGNED_IN
from platform_core.files.models import Attachment
from platform_core.files.policies import may_read
from platform_core.files.services import store

from .serializers import AttachmentSerializer, UploadSerializer


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
