"""The operator's pages under /exchange/status/."""

from django.urls import path

from .views import interfaces, peers, records, signing, transfers

app_name = "delivery"

urlpatterns = [
    path("", peers.StatusPage.as_view(), name="status"),
    path("peers/add/", peers.PeerAdd.as_view(), name="peer-add"),
    path("peers/<str:code>/", peers.PeerPage.as_view(), name="peer"),
    path("peers/<str:code>/edit/", peers.PeerEdit.as_view(), name="peer-edit"),
    path("peers/<str:code>/test/", peers.PeerTest.as_view(), name="peer-test"),
    path("peers/<str:code>/suspend/", peers.PeerSuspend.as_view(), name="peer-suspend"),
    path("peers/<str:code>/resume/", peers.PeerResume.as_view(), name="peer-resume"),
    path("peers/<str:code>/invite/", peers.PeerInvite.as_view(), name="peer-invite"),
    path("peers/<str:code>/state/", peers.PeerMove.as_view(), name="peer-state"),
    path("peers/<str:code>/rules/", peers.PeerRules.as_view(), name="peer-policy"),
    path("peers/<str:code>/resend/", peers.PeerResend.as_view(), name="peer-resend"),
    path("keys/", signing.KeyPage.as_view(), name="key-list"),
    path("keys/public/", signing.public_keys, name="public-keys"),
    path("keys/new/", signing.KeyRotate.as_view(), name="key-rotate"),
    path("keys/<int:serial>/retire/", signing.KeyRetire.as_view(), name="key-retire"),
    path("problems/", records.ProblemList.as_view(), name="problem-list"),
    path("rejected/", records.RejectedList.as_view(), name="rejected-list"),
    path("batches/", records.BatchList.as_view(), name="batch-list"),
    path("batches/<uuid:uid>/", records.BatchPage.as_view(), name="batch"),
    path(
        "batches/<uuid:uid>/resend/", records.BatchResend.as_view(), name="batch-resend"
    ),
    path("files/", transfers.TransferList.as_view(), name="transfer-list"),
    path("trace/", records.TracePage.as_view(), name="trace"),
    path("interfaces/", interfaces.InterfaceList.as_view(), name="interface-list"),
    path(
        "interfaces/<str:code>/<int:version>/",
        interfaces.InterfacePage.as_view(),
        name="interface",
    ),
]
