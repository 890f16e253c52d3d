"""Bare lists and details of the REST framework, to compare machines by.

Calls a second are bound to a machine; how they stand to a list and a detail without
people, rights and a process is not. Addresses and views of `bare_settings`.
"""

from rest_framework.pagination import PageNumberPagination
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from platform_core.regions.models import Division


class Pages(PageNumberPagination):
    page_size = 25


class DivisionSerializer(ModelSerializer[Division]):
    class Meta:
        model = Division
        exclude = ("boundary",)


class Divisions(ReadOnlyModelViewSet[Division]):
    """Seven columns of one table, for everybody."""

    authentication_classes = ()
    permission_classes = ()
    pagination_class = Pages
    queryset = Division.objects.defer("boundary")
    serializer_class = DivisionSerializer


router = SimpleRouter()
router.register("divisions", Divisions)
urlpatterns = router.urls
