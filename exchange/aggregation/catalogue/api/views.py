"""What is published, for machines."""

from typing import cast

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exchange.aggregation.catalogue import selectors
from exchange.aggregation.catalogue.dcat.graph import Page, Place, Writer
from exchange.aggregation.catalogue.filters import EditionFilter
from exchange.aggregation.catalogue.models import Edition
from platform_core.accounts.models import User
from platform_core.api.permissions import Stated

from .renderers import RENDERERS
from .serializers import EditionSerializer

PAGE = 100
VIEW = "catalogue.view_edition"


class Dcat(APIView):
    """The catalogue as DCAT 3, 100 data sets a page; the header Accept decides
    between text/turtle, application/ld+json and application/rdf+xml."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = VIEW
    renderer_classes = RENDERERS

    @extend_schema(
        operation_id="catalogue_dcat",
        parameters=[OpenApiParameter("page", int)],
        responses={
            (200, renderer.media_type): OpenApiTypes.STR for renderer in RENDERERS
        },
    )
    def get(self, request: Request) -> Response:
        rows = selectors.published(cast(User, request.user)).order_by("code")
        pages = Paginator(rows, PAGE)
        asked = request.query_params.get("page", "1")
        if not asked.isdecimal() or not 1 <= int(asked) <= pages.num_pages:
            raise Http404
        page = pages.page(int(asked))
        root = request.build_absolute_uri("/").rstrip("/")
        place = Place(root, settings.NODE_CODE, settings.NODE_NAME)
        where = Page(page.number, pages.num_pages, pages.count)
        editions = list(page.object_list)
        writer = Writer(place, selectors.qualities(editions))
        answer = Response(writer.write(editions, where))
        patch_vary_headers(answer, ["Accept"])
        return answer


class Resources(ListAPIView[Edition]):
    """Published resources with their facets."""

    permission_classes = [IsAuthenticated, Stated]
    permission_required = VIEW
    serializer_class = EditionSerializer
    filterset_class = EditionFilter

    def get_queryset(self):
        return selectors.graded(selectors.published(cast(User, self.request.user)))
