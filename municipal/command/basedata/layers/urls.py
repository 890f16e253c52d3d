"""Pages of layers."""

from django.urls import path

from .views import pages

ONE = "layers/features/<uuid:uid>/"
urlpatterns = [
    path("layers/", pages.FeatureList.as_view(), name="feature-list"),
    path("layers/features.geojson", pages.geojson, name="feature-geojson"),
    path("layers/add/", pages.FeatureChoose.as_view(), name="feature-choose"),
    path("layers/add/<slug:kind>/", pages.FeatureAdd.as_view(), name="feature-add"),
    path("layers/kinds/", pages.KindList.as_view(), name="kind-list"),
    path("layers/kinds/<int:pk>/", pages.KindEdit.as_view(), name="kind-edit"),
    path(ONE, pages.FeatureDetail.as_view(), name="feature-detail"),
    path(f"{ONE}edit/", pages.FeatureEdit.as_view(), name="feature-edit"),
    path(f"{ONE}remove/", pages.FeatureRemove.as_view(), name="feature-remove"),
    path(
        f"{ONE}roll-back/<int:number>/",
        pages.FeatureRollBack.as_view(),
        name="feature-roll-back",
    ),
]
