"""Addresses of packages, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from .views import PackageViewSet

router = SimpleRouter(trailing_slash=False)
router.register("exchange/packages", PackageViewSet, basename="exchange-package")

urlpatterns = router.urls
