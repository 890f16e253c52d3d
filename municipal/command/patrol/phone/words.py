"""The words of the app; scripts take them from the page."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """All words of the app in the reader's language."""
    return {**_screens(), **_report(), **_task(), **_queue(), **_duty(), **_helpers()}


def _screens() -> dict[str, str]:
    return {
        "tasks": _("Tasks"),
        "report": _("Report a problem"),
        "task": _("Task"),
        "queue": _("Sending queue"),
        "mine": _("My reports"),
        "messages": _("Messages"),
        "map": _("Map"),
        "today": _("Today"),
        "noTasks": _("Nothing to do now. New tasks appear here."),
        "noReports": _("What you report appears here with its state."),
        "noMessages": _("Messages about your work appear here."),
        "markRead": _("Mark all as read"),
        "layer_grids": _("Unit grids"),
        "layer_components": _("Components"),
        "layer_cases": _("Tasks"),
        "measure": _("Tap to measure a way:"),
        "onceOnline": _("Open the app once with a line; then it works without one."),
        "late": _("overdue"),
        "left": _("left"),
        "hours": _("hours"),
        "minutes": _("minutes"),
    }


def _report() -> dict[str, str]:
    return {
        "chooseMajor": _("All major classes"),
        "chooseClass": _("Choose a class"),
        "searchClass": _("Part of the name or code"),
        "favourites": _("Used most"),
        "problemClass": _("Problem class"),
        "choosePhrase": _("Choose a phrase"),
        "description": _("Problem description"),
        "describe": _("Say what the problem is."),
        "address": _("Address"),
        "position": _("Position"),
        "choosePlace": _("Tap on the map to say where."),
        "whereIAm": _("Where I am"),
        "noPosition": _("The position is not known."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "pictures": _("Pictures"),
        "picturesAfter": _("Pictures afterwards"),
        "takePictures": _("Take or choose pictures"),
        "record": _("Record a voice note"),
        "recorded": _("Recorded"),
        "stop": _("Stop"),
        "solvedOnTheSpot": _("I solved it on the spot"),
    }


def _task() -> dict[str, str]:
    return {
        "before": _("Before"),
        "after": _("After"),
        "closedWhen": _("closed when"),
        "navigate": _("How far it is"),
        "whatIFound": _("What I found"),
        "opinion": _("Opinion"),
        "giveReason": _("Give a reason."),
        "taskGone": _("This task is not yours any more."),
        "askFor": _("Ask for"),
        "extension": _("More time"),
        "return": _("Return to the dispatcher"),
        "suspension": _("Suspension"),
        "until": _("Until"),
        "ask": _("Ask"),
        "instruct": _("Instruct"),
    }


def _queue() -> dict[str, str]:
    return {
        "waiting": _("Waiting to be sent"),
        "applied": _("Arrived"),
        "refused": _("Not taken"),
        "dropped": _("Discarded"),
        "mended": _("Mended"),
        "kind_report": _("Report a problem"),
        "kind_step": _("Step"),
        "kind_ask": _("Request"),
        "kind_read": _("Mark all as read"),
        "kind_track": _("Positions"),
        "lastContact": _("Last contact"),
        "noContact": _("Nothing was sent yet."),
        "signInAgain": _("Sign in again; what you did is kept."),
        "sendNow": _("Send now"),
        "emptyQueue": _("What you do appears here until it has arrived."),
        "mend": _("Mend and send again"),
        "discard": _("Discard"),
        "discardAsk": _("Discard this for good?"),
        "clockWrong": _("The clock of this phone is wrong."),
    }


def _duty() -> dict[str, str]:
    return {
        "duty": _("My duty"),
        "clock_in": _("Clock in"),
        "clock_out": _("Clock out"),
        "onDuty": _("On duty since"),
        "offDuty": _("Not on duty"),
        "noShift": _("No shift is planned for you now."),
        "rollCall": _("Roll call"),
        "answerRoll": _("I am here"),
        "shifts": _("My shifts"),
        "noRoster": _("No shift is planned for the next days."),
        "attendance": _("My attendance"),
        "noAttendance": _("Your duties appear here."),
        "lateBy": _("{minutes} minutes late"),
        "earlyBy": _("{minutes} minutes early"),
        "outside": _("outside by"),
        "leave": _("Leave"),
        "leaveKind": _("Kind of leave"),
        "fromDay": _("First day"),
        "toDay": _("Last day"),
        "reason": _("Reason"),
        "askLeave": _("Ask for leave"),
        "endBeforeBegin": _("The end lies before the beginning."),
        "noLeave": _("What you ask for appears here with its answer."),
    }


def _helpers() -> dict[str, str]:
    return {
        "log": _("Work log"),
        "saveLog": _("Write it down"),
        "noLog": _("What you write down appears here."),
        "contacts": _("Address book"),
        "searchPerson": _("Name, unit or number"),
        "noContacts": _("Nobody fits."),
        "history": _("What I did"),
        "help": _("Help"),
        "version": _("Version"),
        "lookForVersion": _("Look for a new version"),
        "helpDuty": _(
            "Clock in where your duty begins and clock out where it ends. The time "
            "counts at which you tap, also without a line."
        ),
        "helpTrack": _(
            "On duty the app notes where you are, and only then. Keep it open; it "
            "notes fewer positions while you stay in one place."
        ),
        "helpOffline": _(
            "Without a line everything goes on. What you do waits in the queue and is "
            "sent in its order as soon as there is a line."
        ),
        "helpRoll": _(
            "A roll call appears on the first screen. Answer before the time that it "
            "shows; your position goes with the answer."
        ),
    }
