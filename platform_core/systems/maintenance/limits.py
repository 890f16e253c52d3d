"""The form of a process's time limits and of the warnings about them."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from platform_core.accounts import roles
from platform_core.accounts.roles import tier_roles
from platform_core.calendars.enums import Unit
from platform_core.notices.enums import Level
from platform_core.workflow.definition import PAUSED, Definition

SPARE = 3  # empty lines for further warnings
MOST_PERCENT = 1000
Body = dict[str, Any]


def clock_names(definition: Definition) -> list[str]:
    """The clocks of a process in the order of its states."""
    names = [name for state in definition.states for name in (state.clock, state.also)]
    return [name for name in dict.fromkeys(names) if name and name != PAUSED]


class LimitsForm(forms.Form):
    """How long each clock may run, and whom to tell at which share of it."""

    def __init__(self, *args: Any, body: Body, labels: dict[str, Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        definition = Definition.from_dict(body)
        self.body, self.clocks = body, clock_names(definition)
        self.labels = labels
        for name in self.clocks:
            self._add_clock(name, definition)
        self.count = len(definition.escalations) + SPARE
        for number in range(self.count):
            self._add_warning(number)
        for number, item in enumerate(definition.escalations):
            self.initial[f"clock-{number}"] = item.clock
            self.initial[f"percent-{number}"] = round(item.share * 100)
            self.initial[f"role-{number}"] = item.role
            self.initial[f"level-{number}"] = item.level

    def _add_clock(self, name: str, definition: Definition) -> None:
        limit = definition.clocks.get(name)
        self.fields[f"value-{name}"] = forms.FloatField(
            label=self.labels.get(name, name),
            required=False,
            min_value=0.01,
            max_value=10_000,
            initial=limit.value if limit else None,
            widget=forms.NumberInput(attrs={"step": "any"}),
        )
        self.fields[f"unit-{name}"] = forms.ChoiceField(
            label=_("unit of the limit"),
            choices=Unit.choices,
            initial=limit.unit if limit else Unit.HOUR,
        )

    def _add_warning(self, number: int) -> None:
        named = [(name, self.labels.get(name, name)) for name in self.clocks]
        posts = [(role.code, role.name) for role in tier_roles()]
        blank = ("", "—")
        self.fields[f"clock-{number}"] = forms.ChoiceField(
            label=_("Clock"), choices=[blank, *named], required=False
        )
        self.fields[f"percent-{number}"] = forms.IntegerField(
            label=_("Percent"), min_value=1, max_value=MOST_PERCENT, required=False
        )
        self.fields[f"role-{number}"] = forms.ChoiceField(
            label=_("Role"), choices=[blank, *posts], required=False
        )
        self.fields[f"level-{number}"] = forms.ChoiceField(
            label=_("Level"), choices=Level.choices, initial=Level.WARNING
        )

    def limit_rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Value and unit of each clock."""
        for name in self.clocks:
            yield self[f"value-{name}"], self[f"unit-{name}"]

    def warning_rows(self) -> Iterator[list[BoundField]]:
        """Clock, percent, role and level of each warning."""
        parts = ("clock", "percent", "role", "level")
        for number in range(self.count):
            yield [self[f"{part}-{number}"] for part in parts]

    def clean(self) -> Body:
        """A warning is given wholly or not at all."""
        given = super().clean() or {}
        for number in range(self.count):
            if not given.get(f"clock-{number}"):
                continue
            for part in ("percent", "role"):
                if not given.get(f"{part}-{number}"):
                    self.add_error(f"{part}-{number}", _("This is needed."))
        return given

    def changed_body(self) -> Body:
        """The definition with these limits and warnings."""
        given = self.cleaned_data
        clocks = {
            name: {"value": given[f"value-{name}"], "unit": given[f"unit-{name}"]}
            for name in self.clocks
            if given[f"value-{name}"]
        }
        warnings = [self._warning(n) for n in range(self.count) if given[f"clock-{n}"]]
        told = {row["role"]: roles.label(row["role"]) for row in warnings}
        return {
            **self.body,
            "clocks": clocks,
            "escalations": warnings,
            "roles": told | self.body["roles"],
        }

    def _warning(self, number: int) -> Body:
        given = self.cleaned_data
        return {
            "clock": given[f"clock-{number}"],
            "share": given[f"percent-{number}"] / 100,
            "role": given[f"role-{number}"],
            "level": given[f"level-{number}"],
        }
