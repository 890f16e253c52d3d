"""Pages of field work."""

from datetime import date

from django.urls import path, register_converter

from .views import attendance, leading, people, roster, tracks


class DayConverter:
    """A date in an address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(DayConverter, "patrol_day")
app_name = "patrol"
DUTY = "attendance/<int:pk>/"
LEAVE = "leave/<int:pk>/"
urlpatterns = [
    path("inspectors/", people.InspectorList.as_view(), name="inspector-list"),
    path("inspectors/<int:pk>/", people.InspectorPage.as_view(), name="inspector"),
    path("inspectors/<int:pk>/grids/", people.GridsPage.as_view(), name="grids"),
    path(
        "inspectors/<int:pk>/track/<patrol_day:day>/",
        tracks.TrackPage.as_view(),
        name="track",
    ),
    path("live/", tracks.LivePage.as_view(), name="live"),
    path("roster/", roster.RosterPage.as_view(), name="roster"),
    path("roster/plan/", roster.PlanPage.as_view(), name="roster-plan"),
    path("roster/fill/", roster.FillPage.as_view(), name="roster-fill"),
    path("roster/copy/", roster.CopyPage.as_view(), name="roster-copy"),
    path("roster/<int:pk>/remove/", roster.RemovePage.as_view(), name="roster-remove"),
    path("shifts/", roster.ShiftList.as_view(), name="shift-list"),
    path("shifts/add/", roster.ShiftAdd.as_view(), name="shift-add"),
    path("shifts/<int:pk>/", roster.ShiftEdit.as_view(), name="shift-edit"),
    path("attendance/", attendance.AttendanceList.as_view(), name="attendance-list"),
    path(DUTY, attendance.AttendanceDetail.as_view(), name="attendance-detail"),
    path(
        f"{DUTY}correct/", attendance.CorrectPage.as_view(), name="attendance-correct"
    ),
    path("statistics/", people.StatisticsPage.as_view(), name="statistics"),
    path("leave/", attendance.LeaveList.as_view(), name="leave-list"),
    path("leave/ask/", attendance.LeaveAsk.as_view(), name="leave-ask"),
    path(LEAVE, attendance.LeaveDetail.as_view(), name="leave-detail"),
    path(f"{LEAVE}approve/", attendance.LeaveApprove.as_view(), name="leave-approve"),
    path(f"{LEAVE}refuse/", attendance.LeaveRefuse.as_view(), name="leave-refuse"),
    path(
        f"{LEAVE}withdraw/", attendance.LeaveWithdraw.as_view(), name="leave-withdraw"
    ),
    path("marks/", tracks.MarkList.as_view(), name="mark-list"),
    path("marks/<int:pk>/excuse/", tracks.ExcusePage.as_view(), name="mark-excuse"),
    path("roll-calls/", leading.RollCallList.as_view(), name="roll-call-list"),
    path("roll-calls/start/", leading.RollCallStart.as_view(), name="roll-call-start"),
    path("roll-calls/<int:pk>/", leading.RollCallPage.as_view(), name="roll-call"),
    path("message/", leading.MessagePage.as_view(), name="message"),
    path("logs/", leading.LogList.as_view(), name="log-list"),
    path("logs/write/", leading.LogWrite.as_view(), name="log-write"),
    path("phones/", tracks.PhoneList.as_view(), name="phone-list"),
    path("rules/", tracks.RulesPage.as_view(), name="rules"),
    path("rules/change/", tracks.RulesChange.as_view(), name="rules-change"),
]
