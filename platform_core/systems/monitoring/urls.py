"""Addresses of the monitoring system, below /centre/."""

from django.urls import path

from .views import centre, figures, lists

app_name = "monitoring"
urlpatterns = [
    path("", centre.CentrePage.as_view(), name="centre"),
    path("data/", centre.data, name="centre-data"),
    path("widgets/<str:code>/", centre.widget, name="centre-widget"),
    path("indicators/", figures.Overview.as_view(), name="indicators"),
    path("explorer/", figures.Explorer.as_view(), name="explorer"),
    path("values/", lists.ValueList.as_view(), name="values"),
    path("cases/", lists.CaseList.as_view(), name="cases"),
    path("cases/<uuid:uid>/", lists.CasePage.as_view(), name="case"),
]
