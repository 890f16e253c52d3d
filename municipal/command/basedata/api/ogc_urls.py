"""Addresses of OGC API - Features, below /api/v1/ogc/."""

from django.urls import path

from . import ogc

app_name = "ogc"
urlpatterns = [
    path("", ogc.Landing.as_view(), name="landing"),
    path("conformance", ogc.Conformance.as_view(), name="conformance"),
    path("collections", ogc.CollectionList.as_view(), name="collections"),
    path("collections/<str:name>", ogc.CollectionPage.as_view(), name="collection"),
    path("collections/<str:name>/items", ogc.Items.as_view(), name="items"),
    path("collections/<str:name>/items/<str:key>", ogc.Item.as_view(), name="item"),
]
