"""Pages under /exchange/fusion/."""

from django.urls import path

from .views import codes, pairs, pieces, runs, subjects, tasks, unmatched

app_name = "fusion"
TASK = "tasks/<uuid:uid>/"
PARTS = f"{TASK}parts/<slug:section>/"
MAP = "code-maps/<uuid:uid>/"
PAIR = "pairs/<uuid:uid>/"

urlpatterns = [
    path("tasks/", tasks.TaskList.as_view(), name="task-list"),
    path("tasks/make/", tasks.TaskMake.as_view(), name="task-make"),
    path(TASK, tasks.TaskPage.as_view(), name="task"),
    path(f"{TASK}edit/", tasks.TaskEdit.as_view(), name="task-edit"),
    path(f"{TASK}draft/", tasks.TaskDraft.as_view(), name="task-draft"),
    path(f"{TASK}define/", tasks.Define.as_view(), name="define"),
    path(f"{TASK}publish/", tasks.Publish.as_view(), name="task-publish"),
    path(f"{TASK}start/", tasks.Start.as_view(), name="start"),
    path(f"{TASK}trial/", tasks.TrialPage.as_view(), name="trial"),
    path(f"{TASK}compare/", tasks.ComparePage.as_view(), name="task-compare"),
    path(f"{TASK}definition/", tasks.DefinitionPage.as_view(), name="definition"),
    path(f"{TASK}limits/", pieces.Limits.as_view(), name="limits"),
    path(f"{PARTS}add/", pieces.PartAdd.as_view(), name="part-add"),
    path(f"{PARTS}<slug:code>/edit/", pieces.PartEdit.as_view(), name="part-edit"),
    path(f"{PARTS}<slug:code>/drop/", pieces.PartDrop.as_view(), name="part-drop"),
    path(
        f"{TASK}mapping/<slug:code>/", pieces.Mapping.as_view(), name="source-mapping"
    ),
    path("code-maps/", codes.CodeMapList.as_view(), name="codemap-list"),
    path("code-maps/make/", codes.CodeMapMake.as_view(), name="codemap-make"),
    path(MAP, codes.CodeMapPage.as_view(), name="codemap"),
    path(f"{MAP}codes/", codes.EntryList.as_view(), name="entry-list"),
    path(f"{MAP}draft/", codes.CodeMapDraft.as_view(), name="codemap-draft"),
    path(f"{MAP}add/", codes.EntryAdd.as_view(), name="entry-add"),
    path(f"{MAP}take/", codes.CodesTake.as_view(), name="codes-take"),
    path(f"{MAP}publish/", codes.CodeMapPublish.as_view(), name="codemap-publish"),
    path("codes/<int:pk>/edit/", codes.EntryEdit.as_view(), name="entry-edit"),
    path("codes/<int:pk>/drop/", codes.EntryDrop.as_view(), name="entry-drop"),
    path("unmatched/", unmatched.UnmatchedList.as_view(), name="unmatched-list"),
    path("unmatched/<int:pk>/", unmatched.UnmatchedPage.as_view(), name="unmatched"),
    path("unmatched/<int:pk>/settle/", unmatched.Settle.as_view(), name="settle"),
    path("unmatched/<int:pk>/ignore/", unmatched.Ignore.as_view(), name="ignore"),
    path("runs/", runs.RunList.as_view(), name="run-list"),
    path("runs/<uuid:uid>/", runs.RunPage.as_view(), name="run"),
    path("pairs/", pairs.PairList.as_view(), name="pair-list"),
    path(PAIR, pairs.PairPage.as_view(), name="pair"),
    path(f"{PAIR}accept/", pairs.Accept.as_view(), name="pair-accept"),
    path(f"{PAIR}reject/", pairs.Reject.as_view(), name="pair-reject"),
    path(f"{PAIR}reopen/", pairs.Reopen.as_view(), name="pair-reopen"),
    path("subjects/", subjects.SubjectList.as_view(), name="subject-list"),
    path("subjects/<uuid:uid>/", subjects.MasterList.as_view(), name="subject"),
    path("masters/<uuid:uid>/", subjects.MasterPage.as_view(), name="master"),
    path("masters/<uuid:uid>/lineage/", subjects.LineagePage.as_view(), name="lineage"),
]
