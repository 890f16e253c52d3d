"""Addresses of evaluations, schemes and appeals."""

from django.urls import path

from .views import appeals, results, runs, schemes

RUN, SCHEME, APPEAL = "runs/<int:pk>/", "schemes/<int:pk>/", "appeals/<int:pk>/"
urlpatterns = [
    path("overview/", results.OverviewPage.as_view(), name="overview"),
    path("runs/", runs.RunList.as_view(), name="run-list"),
    path("runs/start/", runs.RunStart.as_view(), name="run-start"),
    path(RUN, runs.RunPage.as_view(), name="run"),
    path(f"{RUN}again/", runs.RunAgain.as_view(), name="run-again"),
    path(f"{RUN}lock/", runs.RunLock.as_view(), name="run-lock"),
    path(f"{RUN}show/", runs.RunShow.as_view(), name="run-show"),
    path(f"{RUN}reopen/", runs.RunReopen.as_view(), name="run-reopen"),
    path(f"{RUN}approve/", runs.RunApprove.as_view(), name="run-approve"),
    path(f"{RUN}publish/", runs.RunPublish.as_view(), name="run-publish"),
    path(f"{RUN}correct/", runs.RunCorrect.as_view(), name="run-correct"),
    path(f"{RUN}discard/", runs.RunDiscard.as_view(), name="run-discard"),
    path(f"{RUN}bulletin/", results.BulletinPage.as_view(), name="bulletin"),
    path(f"{RUN}bulletin.docx", results.BulletinFile.as_view(), name="bulletin-file"),
    path(f"{RUN}objects/<str:key>/", results.ResultPage.as_view(), name="result"),
    path("schemes/", schemes.SchemeList.as_view(), name="scheme-list"),
    path(SCHEME, schemes.SchemePage.as_view(), name="scheme"),
    path(f"{SCHEME}draft/", schemes.SchemeDraft.as_view(), name="scheme-draft"),
    path(f"{SCHEME}edit/", schemes.SchemeEdit.as_view(), name="scheme-edit"),
    path(f"{SCHEME}groups/add/", schemes.GroupEdit.as_view(), name="scheme-group-add"),
    path(
        f"{SCHEME}groups/<slug:group>/",
        schemes.GroupEdit.as_view(),
        name="scheme-group",
    ),
    path(
        f"{SCHEME}groups/<slug:group>/remove/",
        schemes.GroupRemove.as_view(),
        name="scheme-group-remove",
    ),
    path(f"{SCHEME}preview/", schemes.SchemePreview.as_view(), name="scheme-preview"),
    path(f"{SCHEME}publish/", schemes.SchemePublish.as_view(), name="scheme-publish"),
    path(f"{SCHEME}discard/", schemes.SchemeDiscard.as_view(), name="scheme-discard"),
    path("timetable/", schemes.TimetableList.as_view(), name="timetable-list"),
    path("timetable/edit/", schemes.TimetableEdit.as_view(), name="timetable-edit"),
    path("appeals/", appeals.AppealList.as_view(), name="appeal-list"),
    path(APPEAL, appeals.AppealPage.as_view(), name="appeal"),
    path(f"{APPEAL}review/", appeals.AppealReview.as_view(), name="appeal-review"),
    path(
        f"{APPEAL}withdraw/", appeals.AppealWithdraw.as_view(), name="appeal-withdraw"
    ),
    path("cases/<uuid:uid>/appeal/", appeals.AppealMake.as_view(), name="appeal-make"),
]
