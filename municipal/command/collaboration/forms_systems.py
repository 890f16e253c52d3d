"""Forms of the systems that cases are exchanged with."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.models import CaseSource

from .forms import area
from .models import DispatchSystem


class SystemForm(forms.ModelForm):
    """Another dispatch system."""

    class Meta:
        model = DispatchSystem
        fields = (
            "code",
            "name",
            "kind",
            "source",
            "callback_url",
            "allow_private",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = CaseSource.objects.all()  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["code"].disabled = True


class MappingForm(forms.Form):
    """Words of the other system, one pair a line."""

    classes = area(
        gettext_lazy("Classes: theirs = kind:code of ours"), required=False, most=20000
    )
    states = area(gettext_lazy("States: ours = their word"), required=False, most=5000)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("classes", "states"):
            given[name] = self._pairs(name, given.get(name, ""))
        return given

    def _pairs(self, name: str, value: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(value.splitlines(), 1):
            left, sign, right = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not (left and sign and right):
                problem = _("Line %(number)d is not a pair.") % {"number": number}
                self.add_error(name, problem)
            found[left] = right
        return found


def lines(pairs: dict[str, str]) -> str:
    """Pairs as the form shows them."""
    return "\n".join(f"{left} = {right}" for left, right in pairs.items())


def as_json(value: Any) -> str:
    """A payload as people read it."""
    return json.dumps(value, ensure_ascii=False, indent=2)
