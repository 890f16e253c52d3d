"""Conditions of the case process, as pure functions of facts.

A guard gives None or the code of the reason against the step; `REASONS` holds
the sentences, in the words of the user.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from platform_core.processes import guards as processes
from platform_core.workflow.guards import Facts, Guard

REASONS = {
    "class_unknown": _("the class of the problem is not in the catalogue"),
    "outside": _("the position lies outside the city"),
    "not_true": _("the inspector found the report not true"),
    "unverified": _("a report of this source must be verified on site first"),
    "unverified_reason": _(
        "say why a report of this source is accepted without a visit on site"
    ),
    "photos_missing": _("photographs are needed for this step"),
    "both_photos_missing": _("photographs from before and after are needed"),
    "return_limit": _("the case was returned as often as is allowed"),
    "return_late": _("the time for returning the case is over"),
    "extend_limit": _("the deadline was extended as often as is allowed"),
    "extend_late": _("an extension must be asked for before the deadline"),
    "extend_pending": _("an extension is waiting for an answer already"),
    "extend_not_asked": _("no extension was asked for"),
    "check_not_passed": _("the check on site was not passed"),
    "skip_not_allowed": _("this city wants every case checked on site"),
}


def complete(facts: Facts) -> str | None:
    """Class and place are known and nobody found the report untrue."""
    if not facts.get("class_known"):
        return "class_unknown"
    if not facts.get("in_region"):
        return "outside"
    return "not_true" if facts.get("found_false") else None


def acceptable(facts: Facts) -> str | None:
    """Complete, and verified where the source wants it or a reason is given."""
    problem = complete(facts)
    if problem or not facts.get("unverified"):
        return problem
    rule = facts.get("verification")
    if rule == "always":
        return "unverified"
    return "unverified_reason" if rule == "reason" and not facts.get("reason") else None


def known(facts: Facts) -> str | None:
    """Class and place are known."""
    if not facts.get("class_known"):
        return "class_unknown"
    return None if facts.get("in_region") else "outside"


def photos(facts: Facts) -> str | None:
    """Pictures come with the step."""
    return None if facts.get("photos") else "photos_missing"


def both_photos(facts: Facts) -> str | None:
    """There are pictures from before and after."""
    return None if facts.get("both_photos") else "both_photos_missing"


def returnable(facts: Facts) -> str | None:
    """Not returned too often, and soon enough."""
    if facts.get("return_count", 0) >= facts.get("return_most", 0):
        return "return_limit"
    return "return_late" if facts.get("return_late") else None


def extendable(facts: Facts) -> str | None:
    """Asked before the deadline, not too often, one request at a time."""
    if facts.get("extend_count", 0) >= facts.get("extend_most", 0):
        return "extend_limit"
    if facts.get("extension_asked"):
        return "extend_pending"
    return "extend_late" if facts.get("past_deadline") else None


def extension_asked(facts: Facts) -> str | None:
    """The unit asked for more time."""
    return None if facts.get("extension_asked") else "extend_not_asked"


def checked(facts: Facts) -> str | None:
    """The inspector found the problem solved."""
    return None if facts.get("check_passed") else "check_not_passed"


def skippable(facts: Facts) -> str | None:
    """The city lets pictures prove the result."""
    if not facts.get("skip_allowed"):
        return "skip_not_allowed"
    return None if facts.get("handling_photos") else "photos_missing"


GUARDS: Mapping[str, Guard] = {
    "case.complete": complete,
    "case.acceptable": acceptable,
    "case.known": known,
    "case.photos": photos,
    "case.both_photos": both_photos,
    "case.returnable": returnable,
    "case.extendable": extendable,
    "case.extension_asked": extension_asked,
    "case.checked": checked,
    "case.skippable": skippable,
}


def register() -> None:
    """Make the guards known to the process engine; safe to run twice."""
    for name, guard in GUARDS.items():
        processes.register(name, guard, REASONS)
