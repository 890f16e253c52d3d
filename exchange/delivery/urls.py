"""The operator's pages under /exchange/status/."""

from django.urls import path

from .views import interfaces, peers, records

app_name = "delivery"

urlpatterns = [
    path("", peers.StatusPage.as_view(), name="status"),
    path("peers/add/", peers.PeerAdd.as_view(), name="peer-add"),
    path("peers/<str:code>/", peers.PeerPage.as_view(), name="peer"),
    path("peers/<str:code>/suspend/", peers.PeerSuspend.as_view(), name="peer-suspend"),
    path("peers/<str:code>/resume/", peers.PeerResume.as_view(), name="peer-resume"),
    path("peers/<str:code>/invite/", peers.PeerInvite.as_view(), name="peer-invite"),
    path("peers/<str:code>/resend/", peers.PeerResend.as_view(), name="peer-resend"),
    path("problems/", records.ProblemList.as_view(), name="problem-list"),
    path("rejected/", records.RejectedList.as_view(), name="rejected-list"),
    path("batches/", records.BatchList.as_view(), name="batch-list"),
    path("batches/<uuid:uid>/", records.BatchPage.as_view(), name="batch"),
    path(
        "batches/<uuid:uid>/resend/", records.BatchResend.as_view(), name="batch-resend"
    ),
    path("trace/", records.TracePage.as_view(), name="trace"),
    path("interfaces/", interfaces.InterfaceList.as_view(), name="interface-list"),
    path(
        "interfaces/<str:code>/<int:version>/",
        interfaces.InterfacePage.as_view(),
        name="interface",
    ),
]
