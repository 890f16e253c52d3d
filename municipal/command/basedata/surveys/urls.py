"""Pages of surveys at the desk."""

from django.urls import path

from .views import desk

ONE = "surveys/<uuid:uid>/"
urlpatterns = [
    path("surveys/", desk.CampaignList.as_view(), name="campaign-list"),
    path("surveys/add/", desk.CampaignAdd.as_view(), name="campaign-add"),
    path(ONE, desk.CampaignDetail.as_view(), name="campaign-detail"),
    path(f"{ONE}begin/", desk.BeginPage.as_view(), name="campaign-begin"),
    path(f"{ONE}finish/", desk.FinishPage.as_view(), name="campaign-finish"),
]
