"""Addresses of Open311 GeoReport v2."""

from django.urls import path
from rest_framework.urlpatterns import format_suffix_patterns

from . import views

app_name = "open311"
urlpatterns = format_suffix_patterns(
    [
        path("discovery", views.Discovery.as_view(), name="discovery"),
        path("v2/discovery", views.Discovery.as_view(), name="discovery-v2"),
        path("v2/services", views.ServiceList.as_view(), name="services"),
        path(
            "v2/services/<slug:service_code>",
            views.ServiceDefinition.as_view(),
            name="service",
        ),
        path("v2/requests", views.RequestList.as_view(), name="requests"),
        path(
            "v2/requests/<slug:number>", views.SingleRequest.as_view(), name="request"
        ),
        path("v2/tokens/<slug:token>", views.Token.as_view(), name="token"),
    ],
    allowed=["json", "xml"],
)
