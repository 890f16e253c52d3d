"""Addresses of the API of key tasks, below /api/v1/."""

from rest_framework.routers import SimpleRouter

from .views import AssignmentViewSet, TaskViewSet

router = SimpleRouter(trailing_slash=False)
router.register("tasks", TaskViewSet)
router.register("assignments", AssignmentViewSet)

urlpatterns = router.urls
