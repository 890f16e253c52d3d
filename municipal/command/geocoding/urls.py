"""Pages of geocoding, below /geocoding/."""

from django.urls import path

from .views import addresses as views
from .views import lookups

app_name = "geocoding"
urlpatterns = [
    path("", views.SearchPage.as_view(), name="search"),
    path("addresses/", views.AddressList.as_view(), name="addresses"),
    path("addresses/add/", views.AddressAdd.as_view(), name="address-add"),
    path("addresses/import/", views.ImportPage.as_view(), name="import"),
    path("addresses/<int:pk>/", views.AddressPage.as_view(), name="address"),
    path("addresses/<int:pk>/edit/", views.AddressEdit.as_view(), name="address-edit"),
    path(
        "addresses/<int:pk>/retire/",
        views.AddressRetire.as_view(),
        name="address-retire",
    ),
    path("changes/", views.ChangeList.as_view(), name="changes"),
    path("changes/<int:pk>/review/", views.ReviewPage.as_view(), name="review"),
    path(
        "changes/<int:pk>/approve-import/",
        views.ImportApprove.as_view(),
        name="approve-import",
    ),
    path("lists/", lookups.LookupList.as_view(), name="lookups"),
    path("lists/add/", lookups.LookupAdd.as_view(), name="lookup-add"),
    path("lists/<int:pk>/", lookups.LookupPage.as_view(), name="lookup"),
    path("lists/rows/<int:pk>/", lookups.LookupFix.as_view(), name="lookup-fix"),
]
