"""Pages under /exchange/catalogue/."""

from django.urls import path

from .views import backups, boards, entries, resources, uses

app_name = "catalogue"

urlpatterns = [
    path("", entries.EntryList.as_view(), name="entry-list"),
    path("entries/<uuid:uid>/", entries.EntryPage.as_view(), name="entry"),
    path("entries/<uuid:uid>/preview/", entries.Preview.as_view(), name="preview"),
    path("entries/<uuid:uid>/lineage/", entries.Lineage.as_view(), name="lineage"),
    path("entries/<uuid:uid>/apply/", uses.Apply.as_view(), name="apply"),
    path("editing/", resources.ResourceList.as_view(), name="resource-list"),
    path("editing/add/", resources.ResourceAdd.as_view(), name="resource-add"),
    path("editing/propose/", resources.Propose.as_view(), name="propose"),
    path("editing/<uuid:uid>/", resources.ResourcePage.as_view(), name="resource"),
    path("editing/<uuid:uid>/change/", resources.Change.as_view(), name="change"),
    path("editing/<uuid:uid>/submit/", resources.Submit.as_view(), name="submit"),
    path("editing/<uuid:uid>/review/", resources.Review.as_view(), name="review"),
    path("editing/<uuid:uid>/return/", resources.SendBack.as_view(), name="return"),
    path("editing/<uuid:uid>/publish/", resources.Publish.as_view(), name="publish"),
    path("editing/<uuid:uid>/withdraw/", resources.Withdraw.as_view(), name="withdraw"),
    path("uses/", uses.UseList.as_view(), name="use-list"),
    path("uses/<uuid:uid>/", uses.UsePage.as_view(), name="use"),
    path("uses/<uuid:uid>/approve/", uses.Approve.as_view(), name="use-approve"),
    path("uses/<uuid:uid>/refuse/", uses.Refuse.as_view(), name="use-refuse"),
    path("uses/<uuid:uid>/end/", uses.End.as_view(), name="use-end"),
    path("board/", boards.Board.as_view(), name="board"),
    path("volume/", boards.Volume.as_view(), name="volume"),
    path("timeliness/", boards.Timeliness.as_view(), name="timeliness"),
    path("capacity/", boards.Capacity.as_view(), name="capacity"),
    path("backups/", backups.BackupList.as_view(), name="backup-list"),
    path(
        "backups/<int:pk>/tested/",
        backups.BackupTested.as_view(),
        name="backup-tested",
    ),
    path("store/", boards.Store.as_view(), name="store"),
]
