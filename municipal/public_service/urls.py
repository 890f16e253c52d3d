"""Addresses of the citizens' pages."""

from django.urls import path

from . import views, visits

app_name = "public_service"
urlpatterns = [
    path("", views.HomePage.as_view(), name="home"),
    path("report/", views.ReportPage.as_view(), name="report"),
    path("thanks/<str:code>/", views.thanks, name="thanks"),
    path("progress/<str:code>/", views.ProgressPage.as_view(), name="progress"),
    path("progress/<str:code>/<uuid:uid>/", views.own_photo, name="own-photo"),
    path("photos/<uuid:uid>/", views.photo, name="photo"),
    path("requests/", views.RequestListPage.as_view(), name="requests"),
    path("visits/", visits.VisitList.as_view(), name="visits"),
    path("visits/<uuid:uid>/", visits.VisitPage.as_view(), name="visit"),
]
