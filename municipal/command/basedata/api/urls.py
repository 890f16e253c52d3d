"""Addresses of components, proposals and surveys."""

from rest_framework.routers import SimpleRouter

from . import views

app_name = "basedata_api"
router = SimpleRouter(trailing_slash=False)
router.register("base-data/components", views.ComponentViewSet, "component")
router.register("base-data/proposals", views.ProposalViewSet, "proposal")
router.register("base-data/survey-grids", views.SurveyViewSet, "survey-grid")
urlpatterns = router.urls
