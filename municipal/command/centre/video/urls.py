"""Pages of video; names are those of the centre."""

from django.urls import path

from .views import hits, patrols, points

urlpatterns = [
    path("", points.TreePage.as_view(), name="video"),
    path("branch/", points.branch, name="video-branch"),
    path("shapes/", points.shapes, name="video-shapes"),
    path("points/", points.PointList.as_view(), name="point-list"),
    path("points/add/", points.PointAdd.as_view(), name="point-add"),
    path("points/import/", points.PointImport.as_view(), name="point-import"),
    path("points/<int:pk>/", points.PointPage.as_view(), name="video-point"),
    path("points/<int:pk>/edit/", points.PointEdit.as_view(), name="point-edit"),
    path("points/<int:pk>/report/", points.SeenPage.as_view(), name="video-report"),
    path("servers/", points.ServerList.as_view(), name="server-list"),
    path("servers/add/", points.ServerAdd.as_view(), name="server-add"),
    path("servers/<int:pk>/", points.ServerEdit.as_view(), name="server-edit"),
    path("patrols/", patrols.PlanList.as_view(), name="plan-list"),
    path("patrols/add/", patrols.PlanAdd.as_view(), name="plan-add"),
    path("patrols/<int:pk>/", patrols.PlanDetail.as_view(), name="video-plan"),
    path("patrols/<int:pk>/edit/", patrols.PlanEdit.as_view(), name="plan-edit"),
    path("patrols/<int:pk>/start/", patrols.WalkStart.as_view(), name="walk-start"),
    path("walks/<int:pk>/", patrols.WalkPage.as_view(), name="video-walk"),
    path("walks/<int:pk>/<int:order>/", patrols.LookPage.as_view(), name="walk-look"),
    path("hits/", hits.HitList.as_view(), name="hit-list"),
    path("hits/figures/", hits.HitFigures.as_view(), name="hit-figures"),
    path("hits/<uuid:uid>/", hits.HitPage.as_view(), name="hit"),
    path("hits/<uuid:uid>/confirm/", hits.HitConfirm.as_view(), name="hit-confirm"),
    path("hits/<uuid:uid>/reject/", hits.HitReject.as_view(), name="hit-reject"),
]
