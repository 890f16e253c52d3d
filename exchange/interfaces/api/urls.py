"""Addresses of the data standard's API, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from .views import BatchViewSet, RowViewSet, TableViewSet, VersionViewSet

router = SimpleRouter(trailing_slash=False)
router.register("standard/tables", TableViewSet, basename="standard-table")
router.register("standard/versions", VersionViewSet, basename="standard-version")
router.register("standard/batches", BatchViewSet, basename="standard-batch")
router.register("standard/rows", RowViewSet, basename="standard-row")

urlpatterns = router.urls
