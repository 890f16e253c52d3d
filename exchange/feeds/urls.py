"""Pages under /exchange/feeds/."""

from django.urls import path

from .views import applications as own
from .views import changes
from .views import subscriptions as theirs

app_name = "feeds"

urlpatterns = [
    path("", theirs.SubscriptionList.as_view(), name="subscription-list"),
    path("<uuid:uid>/", theirs.SubscriptionPage.as_view(), name="subscription"),
    path("<uuid:uid>/own-data/", theirs.OwnerApproval.as_view(), name="approve-owner"),
    path("<uuid:uid>/approve/", theirs.ManagerApproval.as_view(), name="approve"),
    path("<uuid:uid>/refuse/", theirs.Refusal.as_view(), name="refuse"),
    path(
        "<uuid:uid>/terms/owner/", changes.OwnerAgreement.as_view(), name="agree-owner"
    ),
    path("<uuid:uid>/terms/agree/", changes.ManagerAgreement.as_view(), name="agree"),
    path("<uuid:uid>/terms/decline/", changes.Decline.as_view(), name="decline"),
    path("<uuid:uid>/limit/", changes.Limit.as_view(), name="limit"),
    path("<uuid:uid>/suspend/", theirs.Suspension.as_view(), name="suspend"),
    path("<uuid:uid>/resume/", theirs.Resumption.as_view(), name="resume"),
    path("<uuid:uid>/cancel/", theirs.Cancellation.as_view(), name="cancel"),
    path("own/", own.ApplicationList.as_view(), name="application-list"),
    path("own/add/", own.ApplicationAdd.as_view(), name="application-add"),
    path("own/<uuid:uid>/", own.ApplicationPage.as_view(), name="application"),
    path("own/<uuid:uid>/ask/", own.Refresh.as_view(), name="application-refresh"),
    path("own/<uuid:uid>/terms/", own.Change.as_view(), name="application-change"),
    path("own/<uuid:uid>/cancel/", own.Cancel.as_view(), name="application-cancel"),
    path("own/<uuid:uid>/again/", own.ReadAgain.as_view(), name="application-again"),
]
