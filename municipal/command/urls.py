"""Pages of case handling."""

from django.urls import path

from .views import actions, detail, lists, report
from .worklists import WORKLISTS

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
    *(
        path(
            f"work/{work.code}/",
            lists.WorkPage.as_view(work=work, permission_required=work.permission),
            name=f"work-{work.code}",
        )
        for work in WORKLISTS.values()
    ),
]
