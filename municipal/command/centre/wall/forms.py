"""Forms of screens and their pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipal.command.centre.models import Screen
from platform_core.accounts.models import User

from . import panels
from .scope import areas

KEEP = ("", _("Keep the pages as they are"))


class ScreenForm(forms.ModelForm):
    """A screen; its pages come from a scene and are changed one by one."""

    scene = forms.ChoiceField(label=_("Scene to begin with"), required=False)

    class Meta:
        model = Screen
        fields = ("name", "area", "span", "seconds", "is_active")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = forms.ChoiceField(
            label=self.fields["area"].label,
            choices=[(one.code, one.label) for one in areas(user)],
        )
        self.fields["span"] = forms.ChoiceField(
            label=self.fields["span"].label, choices=panels.SPANS, initial="week"
        )
        self.fields["seconds"].max_value = 3600  # type: ignore[attr-defined]
        scenes = [(code, name) for code, (name, _make) in panels.SCENES.items()]
        first = [KEEP] if self.instance.pk else []
        self.fields["scene"].choices = [*first, *scenes]  # type: ignore[attr-defined]


class PageForm(forms.Form):
    """A page: how it is split, and what stands in each slot from above to below."""

    title = forms.CharField(label=_("Title"), max_length=60)
    layout = forms.ChoiceField(
        label=_("Layout"),
        choices=[(one.code, one.label) for one in panels.LAYOUTS.values()],
    )
    COLUMNS = 4

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", pgettext_lazy("wall", "Nothing")),
            *((one.code, one.label) for one in panels.PANELS.values()),
        ]
        for column in range(self.COLUMNS):
            for place in range(panels.MOST_PANELS):
                self.fields[f"panel_{column}_{place}"] = forms.ChoiceField(
                    label=_("Column %(column)d, place %(place)d")
                    % {"column": column + 1, "place": place + 1},
                    choices=choices,
                    required=False,
                )

    @staticmethod
    def values_of(page: dict[str, Any]) -> dict[str, Any]:
        """A page as the form shows it."""
        found = {"title": page["title"], "layout": page["layout"]}
        for column, slot in enumerate(panels.LAYOUTS[page["layout"]].slots):
            for place, code in enumerate(page["slots"].get(slot, [])):
                found[f"panel_{column}_{place}"] = code
        return found

    def page(self) -> dict[str, Any]:
        """The page that was put together."""
        given = self.cleaned_data
        slots = panels.LAYOUTS[given["layout"]].slots
        return panels.page(
            given["title"],
            given["layout"],
            **{slot: self._column(column) for column, slot in enumerate(slots)},
        )

    def _column(self, column: int) -> list[str]:
        found = [
            self.cleaned_data[f"panel_{column}_{place}"]
            for place in range(panels.MOST_PANELS)
        ]
        return [code for code in found if code]
