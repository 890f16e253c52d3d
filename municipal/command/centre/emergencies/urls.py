"""Pages of emergencies; names are those of the centre."""

from django.urls import path

from .views import acts, course, plans

ONE = "<uuid:uid>/"
urlpatterns = [
    path("", course.EmergencyList.as_view(), name="emergency-list"),
    path("raise/", course.RaisePage.as_view(), name="emergency-raise"),
    path("plans/", plans.PlanList.as_view(), name="emergency-plans"),
    path("plans/add/", plans.PlanAdd.as_view(), name="emergency-plan-add"),
    path("plans/<int:pk>/", plans.PlanPage.as_view(), name="emergency-plan"),
    path("plans/<int:pk>/edit/", plans.PlanEdit.as_view(), name="emergency-plan-edit"),
    path("resources/", plans.ResourceList.as_view(), name="resource-list"),
    path("resources/add/", plans.ResourceAdd.as_view(), name="resource-add"),
    path("resources/<int:pk>/", plans.ResourceEdit.as_view(), name="resource-edit"),
    path("settings/", plans.RulesPage.as_view(), name="emergency-rules"),
    path("calls/<int:pk>/", acts.CallDetail.as_view(), name="call"),
    path("calls/<int:pk>/answer/", acts.CallAnswer.as_view(), name="call-answer"),
    path(ONE, course.EmergencyPage.as_view(), name="emergency"),
    path(f"{ONE}report/", course.ReportPage.as_view(), name="emergency-report"),
    path(f"{ONE}level/", acts.LevelPage.as_view(), name="emergency-level"),
    path(f"{ONE}attach/", acts.AttachPage.as_view(), name="emergency-attach"),
    path(f"{ONE}call/", acts.CallPage.as_view(), name="call-out"),
    path(f"{ONE}close/", acts.ClosePage.as_view(), name="emergency-close"),
    path(f"{ONE}write/", acts.EntryPage.as_view(), name="emergency-write"),
    path(f"{ONE}steps/<int:step>/", acts.StepPage.as_view(), name="emergency-step"),
    path(
        f"{ONE}cases/<uuid:case>/dispatch/",
        acts.DispatchPage.as_view(),
        name="emergency-dispatch",
    ),
]
