"""Packages over HTTP: made, brought, taken, downloaded."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from exchange.packages.filters import PackageFilter
from exchange.packages.models import Package
from exchange.packages.policies import MAKE, TAKE, VIEW, may_download
from exchange.packages.services import downloads, making, taking

from .serializers import (
    BringSerializer,
    BroughtSerializer,
    DetailSerializer,
    MakeSerializer,
    PackageSerializer,
    ProblemSerializer,
)


class PackageViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Packages made here and brought here, newest first."""

    queryset = Package.objects.select_related("peer", "answers").order_by("-pk")
    filterset_class = PackageFilter
    lookup_field = "uid"
    lookup_value_regex = r"[0-9a-f-]{36}"
    permission_required = {
        "create": MAKE,
        "bring": TAKE,
        "take": TAKE,
        "*": VIEW,
    }

    def get_serializer_class(self):
        return DetailSerializer if self.action == "retrieve" else PackageSerializer

    @extend_schema(request=MakeSerializer, responses={201: PackageSerializer})
    def create(self, request: Request) -> Response:
        """Have a package made in the background."""
        given = MakeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        peer = given.validated_data["peer"]
        package = making.start(peer=peer, wish=given.wish, by=request.user)
        package.refresh_from_db()
        return Response(PackageSerializer(package).data, status=201)

    @extend_schema(
        request={"multipart/form-data": BringSerializer},
        responses={200: BroughtSerializer, 201: BroughtSerializer},
    )
    @action(
        detail=False,
        methods=["post"],
        parser_classes=[MultiPartParser],
        filterset_class=None,
        pagination_class=None,
    )
    def bring(self, request: Request) -> Response:
        """Bring in a package or a receipt; 200 where it had been brought before."""
        given = BringSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        upload = given.validated_data["file"]
        brought = taking.bring(upload=upload, by=request.user)
        brought.package.refresh_from_db()
        status = 200 if brought.known else 201
        return Response(BroughtSerializer(brought).data, status=status)

    @extend_schema(request=None, responses=PackageSerializer)
    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    def take(self, request: Request, uid: str) -> Response:
        """Take the records of a package that was tried."""
        package = taking.take(package=self.get_object(), by=request.user)
        package.refresh_from_db()
        return Response(PackageSerializer(package).data)

    @extend_schema(responses=ProblemSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def problems(self, request: Request, uid: str) -> Response:
        """Records that were refused, or would be."""
        page = self.paginate_queryset(self.get_object().problems.all())
        return self.get_paginated_response(ProblemSerializer(page, many=True).data)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def file(self, request: Request, uid: str) -> FileResponse:
        """The file of a package that was made here."""
        package = self.get_object()
        if not may_download(request.user, package):
            raise PermissionDenied
        stream = downloads.opened(package=package, by=request.user)
        return FileResponse(
            stream,
            as_attachment=True,
            filename=package.name,
            content_type="application/zip",
        )
