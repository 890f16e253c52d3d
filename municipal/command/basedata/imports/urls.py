"""Pages of imports."""

from django.urls import path

from .views import pages

ONE = "imports/<uuid:uid>/"
urlpatterns = [
    path("imports/", pages.DeliveryList.as_view(), name="delivery-list"),
    path("imports/add/", pages.DeliveryAdd.as_view(), name="delivery-add"),
    path("imports/systems/", pages.SystemList.as_view(), name="system-list"),
    path("imports/systems/add/", pages.SystemAdd.as_view(), name="system-add"),
    path(ONE, pages.DeliveryDetail.as_view(), name="delivery-detail"),
    path(f"{ONE}columns/", pages.ColumnsPage.as_view(), name="delivery-columns"),
    path(f"{ONE}trial/", pages.TrialPage.as_view(), name="delivery-trial"),
    path(f"{ONE}import/", pages.ImportPage.as_view(), name="delivery-import"),
]
