"""Pages of case handling."""

from django.urls import path

from .views import actions, course, detail, lists, report, requests, rules
from .worklists import GENERAL, WORKLISTS

app_name = "command"
urlpatterns = [
    path("cases/", lists.CaseList.as_view(), name="case-list"),
    path("report/", report.ReportPage.as_view(), name="report"),
    path("similar/", report.similar, name="similar"),
    path("cases/<uuid:uid>/", detail.CaseDetail.as_view(), name="case-detail"),
    path("cases/<uuid:uid>/urge/", actions.UrgePage.as_view(), name="case-urge"),
    path(
        "cases/<uuid:uid>/actions/<slug:action>/",
        actions.StepPage.as_view(),
        name="case-act",
    ),
    path("cases/<uuid:uid>/flow/", course.FlowPage.as_view(), name="case-flow"),
    path("cases/<uuid:uid>/print/", course.PrintPage.as_view(), name="case-print"),
    path("cases/<uuid:uid>/follow/", actions.FollowPage.as_view(), name="case-follow"),
    path("cases/<uuid:uid>/missed/", actions.MissedPage.as_view(), name="case-missed"),
    path(
        "cases/<uuid:uid>/ask/<slug:kind>/",
        requests.AskPage.as_view(),
        name="request-ask",
    ),
    path("requests/", requests.RequestList.as_view(), name="request-list"),
    path("requests/waiting/", requests.WaitingList.as_view(), name="request-waiting"),
    path(
        "requests/<uuid:uid>/decide/",
        requests.DecidePage.as_view(),
        name="request-decide",
    ),
    path(
        "requests/<uuid:uid>/withdraw/",
        requests.WithdrawPage.as_view(),
        name="request-withdraw",
    ),
    path("rules/", rules.RulesList.as_view(), name="rules-list"),
    path("rules/draft/", rules.RulesDraft.as_view(), name="rules-draft"),
    path("rules/<int:version>/", rules.RulesPage.as_view(), name="rules"),
    path("rules/<int:version>/edit/", rules.RulesEdit.as_view(), name="rules-edit"),
    path(
        "rules/<int:version>/publish/",
        rules.RulesPublish.as_view(),
        name="rules-publish",
    ),
    path(
        "rules/<int:version>/discard/",
        rules.RulesDiscard.as_view(),
        name="rules-discard",
    ),
    path("grades/", rules.GradeList.as_view(), name="grades"),
    path("grades/add/", rules.GradeAdd.as_view(), name="grade-add"),
    *(
        path(
            f"work/{work.code}/",
            lists.GeneralPage.as_view(work=work, permission_required=work.permission),
            name=f"work-{work.code}",
        )
        for work in GENERAL.values()
    ),
    *(
        path(
            f"work/{work.code}/",
            lists.WorkPage.as_view(work=work, permission_required=work.permission),
            name=f"work-{work.code}",
        )
        for work in WORKLISTS.values()
    ),
]
