"""Addresses of the maintenance system, below /maintenance/."""

from django.urls import path

from .views import calendar, catalogue, log, messages, people, processes, roles, units

app_name = "maintenance"
urlpatterns = [
    path("messages/", messages.TemplateList.as_view(), name="messages"),
    path("messages/add/", messages.TemplateAdd.as_view(), name="message-add"),
    path("messages/<int:pk>/", messages.TemplateEdit.as_view(), name="message-edit"),
    path("texts/", messages.TextList.as_view(), name="texts"),
    path("texts/<int:pk>/again/", messages.TextAgain.as_view(), name="text-again"),
    path("units/", units.UnitList.as_view(), name="units"),
    path("units/add/", units.UnitAdd.as_view(), name="unit-add"),
    path("units/<int:pk>/", units.UnitPage.as_view(), name="unit"),
    path("units/<int:pk>/edit/", units.UnitEdit.as_view(), name="unit-edit"),
    path("units/<int:pk>/move/", units.UnitMove.as_view(), name="unit-move"),
    path("units/<int:pk>/active/", units.UnitActive.as_view(), name="unit-active"),
    path("units/<int:pk>/posts/add/", units.UnitPost.as_view(), name="unit-post"),
    path("people/", people.PersonList.as_view(), name="people"),
    path("people/add/", people.PersonAdd.as_view(), name="person-add"),
    path("people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/edit/", people.PersonEdit.as_view(), name="person-edit"),
    path(
        "people/<int:pk>/duties/", people.PersonDuties.as_view(), name="person-duties"
    ),
    path(
        "people/<int:pk>/active/", people.PersonActive.as_view(), name="person-active"
    ),
    path(
        "people/<int:pk>/password/",
        people.PersonPassword.as_view(),
        name="person-password",
    ),
    path("roles/", roles.RoleList.as_view(), name="roles"),
    path("roles/add/", roles.RoleAdd.as_view(), name="role-add"),
    path("roles/<int:pk>/", roles.RolePage.as_view(), name="role"),
    path("roles/<int:pk>/edit/", roles.RoleEdit.as_view(), name="role-edit"),
    path("roles/<int:pk>/remove/", roles.RoleRemove.as_view(), name="role-remove"),
    path("processes/", processes.ProcessList.as_view(), name="processes"),
    path("processes/<int:pk>/", processes.ProcessPage.as_view(), name="process"),
    path(
        "processes/<int:pk>/draft/",
        processes.ProcessDraft.as_view(),
        name="process-draft",
    ),
    path(
        "processes/<int:pk>/edit/", processes.ProcessEdit.as_view(), name="process-edit"
    ),
    path(
        "processes/<int:pk>/limits/",
        processes.ProcessLimits.as_view(),
        name="process-limits",
    ),
    path(
        "processes/<int:pk>/replay/",
        processes.ProcessReplay.as_view(),
        name="process-replay",
    ),
    path(
        "processes/<int:pk>/publish/",
        processes.ProcessPublish.as_view(),
        name="process-publish",
    ),
    path(
        "processes/<int:pk>/discard/",
        processes.ProcessDiscard.as_view(),
        name="process-discard",
    ),
    path("calendar/", calendar.CalendarPage.as_view(), name="calendar"),
    path("calendar/day/", calendar.DayPage.as_view(), name="calendar-day"),
    path("calendar/hours/", calendar.HoursPage.as_view(), name="calendar-hours"),
    path("classes/", catalogue.ClassList.as_view(), name="classes"),
    path("classes/<int:pk>/", catalogue.ClassPage.as_view(), name="class"),
    path(
        "classes/<int:pk>/active/",
        catalogue.ClassActive.as_view(),
        name="class-active",
    ),
    path("limits/<int:pk>/", catalogue.LimitPage.as_view(), name="limit"),
    path("audit/", log.LogList.as_view(), name="audit"),
    path("audit/verify/", log.verify, name="audit-verify"),
    path("audit/<int:pk>/", log.LogEntry.as_view(), name="audit-entry"),
]
