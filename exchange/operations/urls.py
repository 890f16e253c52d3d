"""The operator's pages under /exchange/operations/."""

from django.urls import path

from .views import (
    alarms,
    board,
    endings,
    figures,
    flows,
    reports,
    resending,
    rules,
    schedules,
    tracing,
)

app_name = "operations"

urlpatterns = [
    path("", board.BoardPage.as_view(), name="board"),
    path("topology/", board.TopologyPage.as_view(), name="topology"),
    path("figures/", figures.FigureList.as_view(), name="figures"),
    path("interfaces/", flows.FlowList.as_view(), name="flow-list"),
    path("endings/", endings.EndingsPage.as_view(), name="endings"),
    path("errors/", figures.ErrorsPage.as_view(), name="errors"),
    path("statistics/", figures.StatisticsPage.as_view(), name="statistics"),
    path("alarms/", alarms.AlarmList.as_view(), name="alarm-list"),
    path("alarms/<int:pk>/", alarms.AlarmPage.as_view(), name="alarm"),
    path(
        "alarms/<int:pk>/acknowledge/",
        alarms.Acknowledge.as_view(),
        name="alarm-acknowledge",
    ),
    path("alarms/<int:pk>/comment/", alarms.Comment.as_view(), name="alarm-comment"),
    path("outages/", alarms.OutageList.as_view(), name="outage-list"),
    path("outages/<int:pk>/", alarms.OutagePage.as_view(), name="outage"),
    path(
        "outages/<int:pk>/explain/",
        alarms.OutageExplain.as_view(),
        name="outage-explain",
    ),
    path("trace/", tracing.TracePage.as_view(), name="trace"),
    path("schedules/", schedules.ScheduleList.as_view(), name="schedule-list"),
    path("schedules/<str:name>/", schedules.SchedulePage.as_view(), name="schedule"),
    path("schedules/<str:name>/run/", schedules.RunNow.as_view(), name="schedule-run"),
    path(
        "schedules/<str:name>/pause/", schedules.Pause.as_view(), name="schedule-pause"
    ),
    path(
        "schedules/<str:name>/resume/",
        schedules.Resume.as_view(),
        name="schedule-resume",
    ),
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("reports/write/", reports.ReportWrite.as_view(), name="report-write"),
    path("reports/<int:pk>/", reports.ReportPage.as_view(), name="report"),
    path("reports/<int:pk>/<str:form>/", reports.download, name="report-file"),
    path("resend/", resending.ResendPage.as_view(), name="resend"),
    path("rules/", rules.RuleList.as_view(), name="rule-list"),
    path("rules/add/", rules.RuleAdd.as_view(), name="rule-add"),
    path("rules/<slug:code>/", rules.RulePage.as_view(), name="rule"),
    path("rules/<slug:code>/edit/", rules.RuleEdit.as_view(), name="rule-edit"),
]
