"""Pages with a form: make, change, act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from platform_core.common.errors import DomainError

from .base import PageMixin
from .detail import ObjectMixin

Label = str | Promise


def add_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put a broken rule beside the field it is about, or above the form."""
    placed = False
    for name, text in error.as_dict()["fields"].items():
        if name in form.fields:
            form.add_error(name, text)
            placed = True
    if not placed:
        form.add_error(None, str(error.message))


class FormPage(PageMixin):
    """A form; `perform(form)` calls the service and gives the object or None.

    `following` names fields whose choices follow what is in other fields: those
    ask for them again by HTMX, with the field's box as the target.
    """

    form_class: type[forms.BaseForm]
    template_name = "ui/form.html"
    dialog_name = "ui/partials/_dialog.html"
    control_name = "ui/partials/_control.html"
    success_url: str = ""
    success_message: Label = ""
    submit_label: Label = ""
    submit_level = "primary"
    lead: Label = ""
    following: tuple[str, ...] = ()
    object: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object = None

    def prepare(self) -> None:
        """Load what the form is about; the permission is already checked."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = {"initial": self.get_initial()}
        if self.request.method == "POST":
            kwargs |= {"data": self.request.POST, "files": self.request.FILES}
        return kwargs

    def get_initial(self) -> dict[str, Any]:
        """Prefill; values in the address come first."""
        return {key: value for key, value in self.request.GET.items() if value}

    def get_form(self) -> Any:
        return self.form_class(**self.get_form_kwargs())

    def perform(self, form: Any) -> Any:
        """Do it, by calling a service."""
        raise NotImplementedError

    def get_success_url(self, result: Any) -> str:
        if self.success_url:
            return resolve_url(self.success_url)
        target = result if hasattr(result, "get_absolute_url") else self.object
        return str(target.get_absolute_url())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.prepare()
        form = self.get_form()
        name = request.headers.get("HX-Target", "").removeprefix("id_")
        if name in self.following:
            return render(request, self.control_name, {"field": form[name]})
        return self.show(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.prepare()
        form = self.get_form()
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            result = self.perform(form)
        except DomainError as error:
            add_error(form, error)
            return self.show(form, status=error.status if error.status > 400 else 422)
        if isinstance(result, HttpResponseBase):
            return result
        if self.success_message:
            messages.success(request, str(self.success_message))
        return self.leave(self.get_success_url(result))

    def leave(self, url: str) -> HttpResponseBase:
        """Go on to the result; a dialog reloads the whole page."""
        if self.request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def show(self, form: Any, status: int = 200) -> HttpResponseBase:
        partial = bool(self.request.headers.get("HX-Request"))
        name = self.dialog_name if partial else self.template_name
        context = self.get_context_data(form=form)
        if partial and status != 200:
            status = 422
        return render(self.request, name, context, status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **self.page_context(),
            "object": self.object,
            "lead": self.lead,
            "submit_label": self.get_submit_label(),
            "submit_level": self.submit_level,
            "cancel_url": self.get_cancel_url(),
            "draft_key": self.request.path,
            **kwargs,
        }

    def get_submit_label(self) -> Label:
        """What the button says; "Save" without words of its own."""
        return self.submit_label

    def get_cancel_url(self) -> str:
        if hasattr(self.object, "get_absolute_url"):
            return str(self.object.get_absolute_url())
        return resolve_url(self.success_url) if self.success_url else ""


class ActionPage(ObjectMixin, FormPage):
    """A form about one object the user may see; opens as a dialog by HTMX.

    Without `form_class` it only asks for confirmation.
    """

    form_class: type[forms.BaseForm] = forms.Form
    success_message: Label = gettext_lazy("It is done.")

    def prepare(self) -> None:
        self.object = self.get_object()

    def get_submit_label(self) -> Label:
        """The button says what it does: the title names the action."""
        return self.submit_label or self.title


class EditPage(ActionPage):
    """A model form over one object; `perform` calls the service."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def get_submit_label(self) -> Label:
        """What was changed is saved."""
        return self.submit_label
