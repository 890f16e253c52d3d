"""Pages under /exchange/cleansing/."""

from django.urls import path

from .views import problems, rules, runs, scores, senders

app_name = "cleansing"

urlpatterns = [
    path("", rules.RuleSetList.as_view(), name="ruleset-list"),
    path("make/", rules.RuleSetMake.as_view(), name="ruleset-make"),
    path("runs/", runs.RunList.as_view(), name="run-list"),
    path("runs/<uuid:uid>/", runs.RunPage.as_view(), name="run"),
    path("scores/", scores.ScoreList.as_view(), name="score-list"),
    path("scores/<int:pk>/", scores.ScorePage.as_view(), name="score"),
    path("senders/", senders.SenderList.as_view(), name="sender-list"),
    path("senders/<int:pk>/", senders.SenderEdit.as_view(), name="sender-edit"),
    path("problems/", problems.ProblemList.as_view(), name="problem-list"),
    path("duties/", problems.DutyList.as_view(), name="duty-list"),
    path("problems/<uuid:uid>/", problems.ProblemPage.as_view(), name="problem"),
    path("problems/<uuid:uid>/assign/", problems.Assign.as_view(), name="assign"),
    path("problems/<uuid:uid>/correct/", problems.Correct.as_view(), name="correct"),
    path("problems/<uuid:uid>/explain/", problems.Explain.as_view(), name="explain"),
    path("problems/<uuid:uid>/accept/", problems.Accept.as_view(), name="accept"),
    path(
        "problems/<uuid:uid>/send-back/", problems.SendBack.as_view(), name="send-back"
    ),
    path("problems/<uuid:uid>/verify/", problems.Verify.as_view(), name="verify"),
    path("<uuid:uid>/", rules.RuleSetPage.as_view(), name="ruleset"),
    path("<uuid:uid>/draft/", rules.DraftMake.as_view(), name="draft-make"),
    path("<uuid:uid>/schedule/", rules.Schedule.as_view(), name="schedule"),
    path("<uuid:uid>/publish/", rules.Publish.as_view(), name="publish"),
    path("<uuid:uid>/trial/", rules.TrialPage.as_view(), name="trial"),
    path("<uuid:uid>/compare/", rules.ComparePage.as_view(), name="compare"),
    path("<uuid:uid>/start/", runs.Start.as_view(), name="start"),
    path("<uuid:uid>/rules/add/", rules.RuleAdd.as_view(), name="rule-add"),
    path("rules/<int:pk>/edit/", rules.RuleEdit.as_view(), name="rule-edit"),
    path("rules/<int:pk>/drop/", rules.RuleDrop.as_view(), name="rule-drop"),
]
