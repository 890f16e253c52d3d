"""Pages of collaborative work."""

from django.urls import path

from .views import duty, pressure, systems, together, work

NOTICE = "notices/<int:pk>/"
app_name = "collaboration"
CASE = "cases/<uuid:uid>/"
urlpatterns = [
    path("desk/", work.DeskPage.as_view(), name="desk"),
    path("units/", work.UnitsPage.as_view(), name="units"),
    path("parts/", work.PartList.as_view(), name="part-list"),
    path("parts/<int:pk>/", work.PartDetail.as_view(), name="part-detail"),
    path("parts/<int:pk>/sign/", work.PartSign.as_view(), name="part-sign"),
    path("parts/<int:pk>/answer/", work.PartAnswer.as_view(), name="part-answer"),
    path("parts/<int:pk>/refuse/", work.PartRefuse.as_view(), name="part-refuse"),
    path("parts/<int:pk>/withdraw/", work.PartWithdraw.as_view(), name="part-withdraw"),
    path(f"{CASE}involve/", work.InvolvePage.as_view(), name="involve"),
    path(f"{CASE}team/", work.TeamPage.as_view(), name="team"),
    path(f"{CASE}stage/", work.StagePage.as_view(), name="stage"),
    path(f"{CASE}supervise/", pressure.SupervisePage.as_view(), name="supervise"),
    path(f"{CASE}instruct/", pressure.InstructPage.as_view(), name="instruct"),
    path(f"{CASE}meeting/", pressure.MeetingPage.as_view(), name="meeting"),
    path(f"{CASE}merge/", together.MergePage.as_view(), name="merge"),
    path(f"{CASE}unmerge/", together.UnmergePage.as_view(), name="unmerge"),
    path("notices/", pressure.NoticeList.as_view(), name="notice-list"),
    path("notices/<int:pk>/", pressure.NoticeDetail.as_view(), name="notice-detail"),
    path(
        "notices/<int:pk>/reply/", pressure.NoticeReply.as_view(), name="notice-reply"
    ),
    path(
        "notices/<int:pk>/judge/", pressure.NoticeJudge.as_view(), name="notice-judge"
    ),
    path("instructions/", pressure.InstructionList.as_view(), name="instruction-list"),
    path(
        "instructions/<int:pk>/answer/",
        pressure.InstructionAnswer.as_view(),
        name="instruction-answer",
    ),
    path("meetings/", pressure.MeetingList.as_view(), name="meeting-list"),
    path("meetings/<int:pk>/", pressure.MeetingDetail.as_view(), name="meeting-detail"),
    path(
        "meetings/<int:pk>/follow-ups/<int:row>/",
        pressure.FollowUpPage.as_view(),
        name="follow-up",
    ),
    path("batches/<uuid:uid>/", together.BatchPage.as_view(), name="batch"),
    path("district/", together.DistrictList.as_view(), name="district-list"),
    path(
        "district/figures/",
        together.DistrictFigures.as_view(),
        name="district-figures",
    ),
    path(
        "district/<int:pk>/dispatch/",
        together.InsidePage.as_view(),
        name="district-dispatch",
    ),
    path("district/<int:pk>/pass/", together.PassPage.as_view(), name="district-pass"),
    path("platforms/", together.PlatformsPage.as_view(), name="platform-list"),
    path("platforms/set/", together.PlatformSet.as_view(), name="platform-set"),
    path("rules/", duty.RuleList.as_view(), name="rule-list"),
    path("rules/add/", duty.RuleAdd.as_view(), name="rule-add"),
    path("rules/import/", duty.RuleImport.as_view(), name="rule-import"),
    path("rules/learn/", duty.LearnPage.as_view(), name="learn"),
    path("rules/<int:pk>/", duty.RuleDetail.as_view(), name="rule-detail"),
    path("rules/<int:pk>/edit/", duty.RuleEdit.as_view(), name="rule-edit"),
    path("rules/<int:pk>/switch/", duty.RuleSwitch.as_view(), name="rule-switch"),
    path("suggestions/", duty.SuggestionList.as_view(), name="suggestion-list"),
    path("suggestions/<int:pk>/", duty.SuggestionDetail.as_view(), name="suggestion"),
    path(
        "suggestions/<int:pk>/accept/",
        duty.SuggestionAccept.as_view(),
        name="suggestion-accept",
    ),
    path(
        "suggestions/<int:pk>/dismiss/",
        duty.SuggestionDismiss.as_view(),
        name="suggestion-dismiss",
    ),
    path("automatic/", duty.AutoList.as_view(), name="auto-list"),
    path("automatic/set/", duty.AutoSet.as_view(), name="auto-set"),
    path("department-types/", duty.DepartmentTypes.as_view(), name="type-list"),
    path("department-types/add/", duty.TypeAdd.as_view(), name="type-add"),
    path("department-types/<int:pk>/", duty.TypeEdit.as_view(), name="type-edit"),
    path("systems/", systems.SystemList.as_view(), name="system-list"),
    path("systems/add/", systems.SystemAdd.as_view(), name="system-add"),
    path("systems/<int:pk>/", systems.SystemDetail.as_view(), name="system-detail"),
    path("systems/<int:pk>/edit/", systems.SystemEdit.as_view(), name="system-edit"),
    path("systems/<int:pk>/map/", systems.SystemMap.as_view(), name="system-map"),
    path("systems/<int:pk>/token/", systems.SystemToken.as_view(), name="system-token"),
    path("deliveries/", systems.CallbackList.as_view(), name="callback-list"),
    path("deliveries/<int:pk>/", systems.CallbackDetail.as_view(), name="callback"),
    path(
        "deliveries/<int:pk>/resend/",
        systems.CallbackResend.as_view(),
        name="callback-resend",
    ),
]
