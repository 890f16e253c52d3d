"""Days and times are picked from the browser's calendar."""

import re
from datetime import date, datetime, time

from django import forms
from django.template import Context, Template

PAGE = Template("{% load ui %}{% form_fields form %}")


class Form(forms.Form):
    day = forms.DateField(initial=date(2026, 11, 21))
    at = forms.DateTimeField(initial=datetime(2026, 11, 21, 8, 30))
    clock = forms.TimeField(initial=time(8, 30))
    month = forms.DateField(widget=forms.DateInput({"type": "month"}, format="%Y-%m"))


def drawn(form: forms.Form) -> dict[str, str]:
    """The input of each field."""
    inputs = re.findall(r"<input[^>]*>", PAGE.render(Context({"form": form})))
    return {re.findall(r'name="(\w+)"', text)[0]: text for text in inputs}


def test_a_day_and_a_time_have_one_type_and_its_value():
    found = drawn(Form())
    expected = {
        "day": ("date", "2026-11-21"),
        "at": ("datetime-local", "2026-11-21T08:30"),
        "clock": ("time", "08:30"),
    }
    for name, (kind, value) in expected.items():
        assert re.findall(r' ?\btype="([\w-]+)"', found[name]) == [kind]
        assert f'value="{value}"' in found[name]


def test_a_widget_that_names_its_type_keeps_it():
    assert 'type="month"' in drawn(Form())["month"]


def test_what_the_calendar_sends_is_understood():
    sent = {"day": "2026-11-22", "at": "2026-11-22T09:05", "clock": "09:05"}
    form = Form({**sent, "month": "2026-11-01"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 11, 22)
    assert form.cleaned_data["clock"] == time(9, 5)
