"""Video analysis sends what it saw."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from municipal.command.centre.models import Detection
from municipal.command.centre.video import hits
from municipal.command.requests import user_of
from platform_core.api.permissions import Stated


class DetectionSerializer(serializers.Serializer[Any]):
    """Something seen at a video point; `problem` is a class as kind:code."""

    external_id = serializers.CharField(max_length=64)
    point = serializers.CharField(max_length=40)
    label: Any = serializers.CharField(max_length=60)
    problem = serializers.CharField(max_length=20, required=False, allow_blank=True)
    confidence = serializers.FloatField(min_value=0, max_value=1)
    at = serializers.DateTimeField()
    picture = serializers.FileField(required=False)


class TakenSerializer(serializers.ModelSerializer[Detection]):
    """What is known of it here."""

    case_number: Any = serializers.CharField(
        source="case.number", default=None, read_only=True
    )

    class Meta:
        model = Detection
        fields = ("uid", "external_id", "state", "received_at", "case_number")


class DetectionView(APIView):
    """Results of video analysis; 201 for a new one, 200 for one that is known."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = "centre.push_detection"
    parser_classes = [MultiPartParser, JSONParser]

    @extend_schema(
        operation_id="video_detections_push",
        request={"multipart/form-data": DetectionSerializer},
        responses={201: TakenSerializer, 200: TakenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Send what was seen; the same number again changes nothing."""
        given = DetectionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found, new = hits.take(by=user_of(request), **given.validated_data)
        return Response(TakenSerializer(found).data, status=201 if new else 200)
