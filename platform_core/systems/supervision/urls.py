"""Addresses of key tasks, below /supervision/."""

from django.urls import path

from .views import assignments, tasks

app_name = "supervision"
urlpatterns = [
    path("tasks/", tasks.TaskList.as_view(), name="task-list"),
    path("tasks/new/", tasks.NewTask.as_view(), name="task-new"),
    path("tasks/<uuid:uid>/", tasks.TaskPage.as_view(), name="task-detail"),
    path("tasks/<uuid:uid>/change/", tasks.ChangeTask.as_view(), name="task-change"),
    path(
        "tasks/<uuid:uid>/<str:code>/", tasks.TaskAction.as_view(), name="task-action"
    ),
    path("received/", assignments.ReceivedList.as_view(), name="received-list"),
    path("assignments/", assignments.AssignmentList.as_view(), name="assignment-list"),
    path(
        "assignments/<uuid:uid>/",
        assignments.AssignmentPage.as_view(),
        name="assignment-detail",
    ),
    path(
        "assignments/<uuid:uid>/files/<str:sha256>/",
        assignments.AssignmentFile.as_view(),
        name="assignment-file",
    ),
    path(
        "assignments/<uuid:uid>/<str:code>/",
        assignments.AssignmentAction.as_view(),
        name="assignment-action",
    ),
    path("statistics/", assignments.Statistics.as_view(), name="statistics"),
]
