"""Addresses of connectors, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from .views import FlowViewSet, RejectViewSet, RunViewSet

router = SimpleRouter(trailing_slash=False)
router.register("connectors/flows", FlowViewSet, basename="connector-flow")
router.register("connectors/runs", RunViewSet, basename="connector-run")
router.register("connectors/rejects", RejectViewSet, basename="connector-reject")

urlpatterns = router.urls
