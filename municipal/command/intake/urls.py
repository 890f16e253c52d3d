"""Pages of the reception."""

from django.urls import path

from .views import calls, desk, leads, settings

app_name = "intake"
urlpatterns = [
    path("", desk.DeskPage.as_view(), name="desk"),
    path("pop/", desk.pop, name="pop"),
    path("sit/", desk.SitPage.as_view(), name="sit"),
    path("turn/", desk.TurnPage.as_view(), name="turn"),
    path("calls/", calls.CallList.as_view(), name="calls"),
    path("calls/statistics/", calls.StatisticsPage.as_view(), name="statistics"),
    path("calls/<uuid:uid>/", calls.CallPage.as_view(), name="call"),
    path("calls/<uuid:uid>/note/", calls.NotePage.as_view(), name="call-note"),
    path("calls/<uuid:uid>/report/", desk.CallReport.as_view(), name="call-report"),
    path("blocked/", calls.BlockedList.as_view(), name="blocked"),
    path("blocked/add/", calls.BlockPage.as_view(), name="block"),
    path("blocked/<int:pk>/remove/", calls.UnblockPage.as_view(), name="unblock"),
    path("leads/", leads.LeadList.as_view(), name="leads"),
    path("leads/<uuid:uid>/", leads.LeadPage.as_view(), name="lead"),
    path(
        "leads/<uuid:uid>/register/", leads.RegisterPage.as_view(), name="lead-register"
    ),
    path("leads/<uuid:uid>/refuse/", leads.RefusePage.as_view(), name="lead-refuse"),
    path("lines/", settings.LineList.as_view(), name="lines"),
    path("lines/add/", settings.LineAdd.as_view(), name="line-add"),
    path("lines/<int:pk>/", settings.LineEdit.as_view(), name="line"),
    path("seats/", settings.SeatList.as_view(), name="seats"),
    path("seats/add/", settings.SeatAdd.as_view(), name="seat-add"),
    path("seats/<int:pk>/", settings.SeatEdit.as_view(), name="seat"),
    path("phrases/", settings.PhraseList.as_view(), name="phrases"),
    path("phrases/offered/", settings.phrases, name="phrases-offered"),
    path("phrases/add/", settings.PhraseAdd.as_view(), name="phrase-add"),
    path("phrases/<int:pk>/", settings.PhraseEdit.as_view(), name="phrase"),
    path(
        "phrases/<int:pk>/remove/",
        settings.PhraseRemove.as_view(),
        name="phrase-remove",
    ),
    path("knowledge/", settings.ArticleList.as_view(), name="articles"),
    path("knowledge/add/", settings.ArticleAdd.as_view(), name="article-add"),
    path("knowledge/<int:pk>/", settings.ArticlePage.as_view(), name="article"),
    path(
        "knowledge/<int:pk>/edit/", settings.ArticleEdit.as_view(), name="article-edit"
    ),
    path("sources/", settings.SourceList.as_view(), name="sources"),
    path("sources/<str:pk>/", settings.SourceEdit.as_view(), name="source"),
]
