"""What pages and the API are asked for: kind of object, period, measures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from platform_core.accounts.models import User
from platform_core.common.clock import today
from platform_core.common.errors import DomainError

from . import measures, scopes
from .catalogue import Measure
from .enums import ObjectKind, PeriodKind
from .periods import Period, period_of

MOST_DAYS = 1830
OVERVIEW = (
    *("reported_num", "accepted_num", "filed_num", "dispatched_num", "handled_num"),
    *("intime_handled_num", "closed_num", "intime_closed_num", "should_close_num"),
    *("verify_num", "check_num", "send_verify_num", "send_check_num", "oversee_num"),
)
SHOWN = 10


class CountsForm(forms.Form):
    """Which counts are shown."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of object"), required=False)
    period = forms.ChoiceField(
        label=gettext_lazy("Period"), choices=PeriodKind.choices, required=False
    )
    first = forms.DateField(
        label=gettext_lazy("Day, or first day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last = forms.DateField(
        label=gettext_lazy("Last free day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Counts of"),
        choices=[("", gettext_lazy("Main counts")), *measures.GROUPS.items()],
        required=False,
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        known = scopes.kinds(user)
        given = {
            "kind": known[0].value if known else "",
            "period": PeriodKind.MONTH.value,
            "first": today().isoformat(),
        }
        super().__init__(
            {**given, **{key: value for key, value in data.items() if value}}
        )
        field = self.fields["kind"]
        field.choices = [(kind.value, kind.label) for kind in known]  # type: ignore[attr-defined]
        for one in self.fields.values():
            one.widget.attrs["data-filter"] = ""

    @property
    def chosen(self) -> ObjectKind:
        return ObjectKind(self.cleaned_data["kind"])

    @property
    def asked(self) -> Period:
        """The period, checked: a free one runs forward and is not endless."""
        given: dict[str, Any] = self.cleaned_data
        first: date = given["first"]
        if given["period"] != PeriodKind.FREE:
            return period_of(given["period"], first)
        return free(first, given["last"] or first)


def free(first: date, last: date) -> Period:
    """Free dates that make sense."""
    if first > last:
        raise DomainError(_("The first day comes after the last one."))
    if (last - first).days > MOST_DAYS:
        raise DomainError(_("At most five years can be counted at once."))
    return Period(PeriodKind.FREE, first, last)


def read(data: QueryDict, user: User) -> CountsForm:
    """The form with what was asked for; DomainError for what cannot be read."""
    form = CountsForm(data, user=user)
    if not form.is_valid():
        raise DomainError(_("These conditions cannot be read."), fields=form.errors)
    return form


def shown(kind: ObjectKind, group: str) -> list[str]:
    """The measures that are shown unless others are chosen."""
    known = {one.code: one.group for one in measures.of(kind)}
    wanted = [code for code in known if known[code] == group]
    main = [code for code in OVERVIEW if code in known]
    return (wanted or main or list(known))[:SHOWN]


@dataclass(frozen=True)
class Figure:
    """One count: of which object, of what, in which days."""

    kind: ObjectKind
    key: str
    measure: Measure
    period: Period

    @property
    def columns(self) -> tuple[str, ...]:
        return self.measure.columns(self.kind)


def figure(data: QueryDict, user: User) -> Figure | None:
    """The count of an address; None for one that is unknown or not to be seen."""
    measure = measures.MEASURES.get(data.get("measure", ""))
    try:
        kind = ObjectKind(data.get("kind", ""))
        first = date.fromisoformat(data.get("first", ""))
        period = free(first, date.fromisoformat(data.get("last", "")))
    except ValueError:
        return None
    key = data.get("key", "")
    if measure is None or kind not in measure.kinds:
        return None
    if not scopes.among(user, kind, [key]):
        return None
    return Figure(kind, key, measure, period)
