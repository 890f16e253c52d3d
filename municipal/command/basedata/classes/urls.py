"""Addresses of the class dictionary."""

from django.urls import path

from . import views

urlpatterns = [
    path("classes/", views.ClassList.as_view(), name="classes"),
    path("classes/add/", views.ExtensionAdd.as_view(), name="class-add"),
    path("classes/<int:pk>/revise/", views.ClassRevise.as_view(), name="class-revise"),
    path("class-versions/", views.RevisionList.as_view(), name="class-revisions"),
    path(
        "class-versions/<int:pk>/", views.RevisionPage.as_view(), name="class-revision"
    ),
    path(
        "class-versions/<int:pk>/restore/",
        views.RestorePage.as_view(),
        name="class-restore",
    ),
    path(
        "class-versions/<int:pk>/withdraw/",
        views.WithdrawPage.as_view(),
        name="class-withdraw",
    ),
    path("editions/", views.MoveList.as_view(), name="edition-moves"),
    path("editions/add/", views.MoveAdd.as_view(), name="edition-add"),
    path("editions/codes/", views.CodeList.as_view(), name="changed-codes"),
    path("editions/<int:pk>/", views.MovePage.as_view(), name="edition-move"),
    path(
        "editions/<int:pk>/decide/", views.DecidePage.as_view(), name="edition-decide"
    ),
    path("editions/<int:pk>/run/", views.RunPage.as_view(), name="edition-run"),
    path("editions/<int:pk>/undo/", views.UndoPage.as_view(), name="edition-undo"),
]
