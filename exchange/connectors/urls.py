"""Pages under /exchange/connectors/."""

from django.urls import path

from .views import codes, flows, outward, rejects, runs, sources, trials, uploads

app_name = "connectors"

urlpatterns = [
    path("", flows.FlowList.as_view(), name="flow-list"),
    path("flows/<uuid:uid>/", flows.FlowPage.as_view(), name="flow"),
    path("flows/<uuid:uid>/edit/", flows.FlowEdit.as_view(), name="flow-edit"),
    path("flows/<uuid:uid>/mapping/", flows.MappingEdit.as_view(), name="mapping"),
    path("flows/<uuid:uid>/trial/", trials.TrialPage.as_view(), name="trial"),
    path("flows/<uuid:uid>/activate/", flows.Activation.as_view(), name="activate"),
    path("flows/<uuid:uid>/pause/", flows.Pausing.as_view(), name="flow-pause"),
    path("flows/<uuid:uid>/run/", runs.Start.as_view(), name="flow-run"),
    path("flows/<uuid:uid>/again/", runs.StartAgain.as_view(), name="flow-again"),
    path("upload/", uploads.Upload.as_view(), name="upload"),
    path("upload/<slug:code>.xlsx", uploads.template, name="upload-template"),
    path("sources/", sources.SourceList.as_view(), name="source-list"),
    path("sources/add/<slug:kind>/", sources.SourceAdd.as_view(), name="source-add"),
    path("sources/<uuid:uid>/", sources.SourcePage.as_view(), name="source"),
    path("sources/<uuid:uid>/edit/", sources.SourceEdit.as_view(), name="source-edit"),
    path("sources/<uuid:uid>/test/", sources.SourceTest.as_view(), name="source-test"),
    path("sources/<uuid:uid>/sample/", trials.SamplePage.as_view(), name="sample"),
    path("sources/<uuid:uid>/flow/", flows.FlowAdd.as_view(), name="flow-add"),
    path(
        "sources/<uuid:uid>/outgoing/",
        outward.OutFlowAdd.as_view(),
        name="out-flow-add",
    ),
    path(
        "flows/<uuid:uid>/columns/",
        outward.OutMappingEdit.as_view(),
        name="out-mapping",
    ),
    path("runs/", runs.RunList.as_view(), name="run-list"),
    path("runs/<uuid:uid>/", runs.RunPage.as_view(), name="run"),
    path("runs/<uuid:uid>/pause/", runs.Pause.as_view(), name="run-pause"),
    path("runs/<uuid:uid>/resume/", runs.Resume.as_view(), name="run-resume"),
    path("runs/<uuid:uid>/report/", runs.report, name="run-report"),
    path("rejects/", rejects.RejectList.as_view(), name="reject-list"),
    path("rejects/<int:pk>/", rejects.RejectPage.as_view(), name="reject"),
    path("rejects/<int:pk>/fix/", rejects.Fix.as_view(), name="reject-fix"),
    path("rejects/<int:pk>/drop/", rejects.Drop.as_view(), name="reject-drop"),
    path("codes/", codes.CodeMapList.as_view(), name="codemap-list"),
    path("codes/add/", codes.CodeMapAdd.as_view(), name="codemap-add"),
    path("codes/<slug:code>/", codes.CodeMapPage.as_view(), name="codemap"),
    path("codes/<slug:code>/edit/", codes.CodeMapEdit.as_view(), name="codemap-edit"),
]
