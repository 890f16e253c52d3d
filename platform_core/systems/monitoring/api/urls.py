"""Addresses of the monitoring API, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from .views import CaseDigestViewSet, IndicatorValueViewSet, IndicatorViewSet

router = SimpleRouter(trailing_slash=False)
router.register("indicators", IndicatorViewSet)
router.register("indicator-values", IndicatorValueViewSet)
router.register("case-digests", CaseDigestViewSet)

urlpatterns = router.urls
