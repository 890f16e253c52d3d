"""Addresses of the wall, below /duty-desk/wall/."""

from django.urls import path

from . import board_views, views

PAGE = "screens/<int:pk>/pages/<int:number>/"
urlpatterns = [
    path("", views.WallPage.as_view(), name="wall"),
    path("<int:pk>/", views.WallPage.as_view(), name="wall-screen"),
    path("data/", views.data, name="wall-data"),
    path("people/", views.inspectors, name="wall-people"),
    path("people/<int:pk>/track/", views.track, name="wall-track"),
    path("inside/", views.within, name="wall-inside"),
    path("act/", views.act, name="wall-act"),
    path("message/", views.message, name="wall-message"),
    path("inspectors/", board_views.PeoplePage.as_view(), name="people"),
    path(
        "inspectors/message/",
        board_views.PeopleMessage.as_view(),
        name="people-message",
    ),
    path("rebuild/", board_views.RebuildPage.as_view(), name="wall-rebuild"),
    path("screens/", board_views.ScreenList.as_view(), name="screen-list"),
    path("screens/add/", board_views.ScreenAdd.as_view(), name="screen-add"),
    path("screens/<int:pk>/", board_views.ScreenDetail.as_view(), name="screen"),
    path(
        "screens/<int:pk>/edit/", board_views.ScreenEdit.as_view(), name="screen-edit"
    ),
    path(PAGE, board_views.PageEdit.as_view(), name="screen-page"),
    path(f"{PAGE}drop/", board_views.PageDrop.as_view(), name="screen-page-drop"),
    path(f"{PAGE}move/", board_views.PageMove.as_view(), name="screen-page-move"),
]
