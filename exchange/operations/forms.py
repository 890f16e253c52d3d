"""Forms of the operator's part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.delivery.enums import OutageCause
from exchange.delivery.models import Batch, Parcel, Peer
from exchange.delivery.services import resending
from platform_core.accounts.roles import tier_roles
from platform_core.datasets import registry

from .enums import ReportSpan
from .models import AlarmRule


class RemarkForm(forms.Form):
    """A remark that may be left out."""

    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why, where one wants to say it."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ReportForm(forms.Form):
    """Of which month or day."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ReportSpan.choices)
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput,
        help_text=_("For a monthly report any day of the month."),
    )


class NoteForm(forms.Form):
    """A remark."""

    note = forms.CharField(label=_("Note"), max_length=300, widget=forms.Textarea)


class ExplainForm(forms.Form):
    """Why a connection was out."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=OutageCause.choices, required=False
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


def peers():
    return [(peer.code, str(peer)) for peer in Peer.objects.all()]


def interfaces():
    codes = dict.fromkeys(dataset.code for dataset in registry.all())
    return [(code, code) for code in sorted(codes)]


def roles():
    return [(role.code, role.name) for role in tier_roles()]


def _several(label, choices, help_text=""):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class RuleForm(forms.ModelForm):
    """What a rule watches, from when on it speaks, and to whom."""

    peers = _several(_("Platforms"), peers, _("None chosen: all."))
    interfaces = _several(_("Interfaces watched"), interfaces, _("None chosen: all."))
    roles = _several(_("Roles that are told"), roles)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    class Meta:
        model = AlarmRule
        fields: tuple[str, ...] = (
            "name",
            "kind",
            "threshold",
            "window_hours",
            "compared_days",
            "same_weekday",
            "least",
            "peers",
            "interfaces",
            "severity",
            "roles",
            "quiet_from",
            "quiet_to",
            "active",
            "reason",
        )
        widgets = {
            "quiet_from": forms.TimeInput(attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(attrs={"type": "time"}),
        }
        help_texts = {
            "threshold": _(
                "Minutes for connection down, late and lag; per cent for drop and "
                "errors; points of 100 for quality."
            ),
            "least": _("Fewer calls or records than this raise no alarm."),
            "compared_days": _("The same hours of so many days before are compared."),
            "same_weekday": _("Then these are so many weeks before."),
        }

    def __init__(self, *args, **kwargs):
        kwargs["initial"] = {"reason": ""} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class NewRuleForm(RuleForm):
    """The same for a rule that is new."""

    class Meta(RuleForm.Meta):
        fields = ("code", *RuleForm.Meta.fields)

    def clean_code(self):
        code = self.cleaned_data["code"]
        if AlarmRule.objects.filter(code=code).exists():
            raise forms.ValidationError(_("A rule has this code already."))
        return code


class ResendForm(forms.Form):
    """What is to go again: a record, a batch, or what was made in some time."""

    uid = forms.UUIDField(
        label=_("Record or batch"),
        required=False,
        help_text=_("Its identifier; or choose a platform and a time below."),
    )
    peer = forms.ModelChoiceField(
        label=_("Platform"), queryset=Peer.objects.none(), required=False
    )
    interface = forms.ChoiceField(label=_("Interface"), required=False)
    start = forms.DateTimeField(
        label=_("Beginning"), required=False, widget=forms.DateTimeInput
    )
    end = forms.DateTimeField(label=_("To"), required=False, widget=forms.DateTimeInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        peer, interface = self.fields["peer"], self.fields["interface"]
        assert isinstance(peer, forms.ModelChoiceField)
        assert isinstance(interface, forms.ChoiceField)
        peer.queryset = Peer.objects.all()
        interface.choices = [("", _("All")), *interfaces()]

    def clean(self):
        given = super().clean() or {}
        if given.get("uid") or "uid" in self.errors:
            return given
        for name in ("peer", "start", "end"):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Needed without a record or batch."))
        return given

    @property
    def batch(self):
        """The batch with the identifier that was given, if there is one."""
        return Batch.objects.filter(uid=self.cleaned_data["uid"]).first()

    def period(self):
        names = ("peer", "start", "end", "interface")
        return {name: self.cleaned_data[name] for name in names}

    def parcels(self):
        """What would go again."""
        uid = self.cleaned_data["uid"]
        if not uid:
            return resending.made_between(**self.period())
        if self.batch:
            return Parcel.objects.filter(batch=self.batch)
        return resending.carrying(uid, self.cleaned_data["peer"])

    def send(self, by):
        """Send it; the number of groups."""
        uid = self.cleaned_data["uid"]
        if not uid:
            return resending.resend_between(by=by, **self.period())
        if self.batch:
            return resending.resend_batch(batch=self.batch, by=by)
        peer = self.cleaned_data["peer"]
        return resending.resend_record(uid=uid, peer=peer, by=by)
