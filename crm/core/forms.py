"""Forms of the ground: sign-in's own fields, each wrong try counted like a wrong sign-in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import sign_in
from crm.core.errors import Invalid
from crm.core.lists import ListKind
from crm.core.middleware import client_ip
from crm.core.models import Article, DeliveryChannel, ExportFormat, GuideArea, WorkDay
from crm.core.parameters import Definition
from crm.core.text import clean_text, narrow, refuse_characters


class SignInForm(LoginForm):
    """Staff number and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Staff number")
        self.fields["password"].label = _("Password")
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""

    def clean_login(self) -> str:
        """Full-width digits are ordinary ones; a character nobody can have in his number is refused."""
        try:
            refuse_characters(self.cleaned_data["login"])
        except Invalid as problem:
            raise ValidationError(str(problem)) from problem
        return narrow(self.cleaned_data["login"]).strip()


class ChangeForm(ChangePasswordForm):
    """A new password; a wrong current one counts as a wrong sign-in."""

    def clean_oldpassword(self) -> str:
        """The current password, checked where guesses are counted."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data.get("oldpassword", "")):
            raise get_adapter().validation_error("enter_current_password")
        return str(self.cleaned_data["oldpassword"])


class _CountedCode:
    """Codes are counted and used once, across all processes."""

    user: Any

    def clean_code(self) -> str:
        """Check the code as the library does, inside our count."""
        adapter = get_adapter()
        now = timezone.now()
        name = f"code {self.user.pk}"
        try:
            attempt = sign_in.begin(name, client_ip(context.request), now=now)
        except sign_in.TooManyAttempts:
            raise adapter.validation_error("too_many_login_attempts") from None
        code = str(super().clean_code())  # type: ignore[misc]
        if not sign_in.first_use(self.user.pk, code, now=now):
            raise adapter.validation_error("incorrect_code")
        attempt.succeeded()
        return code


class CodeForm(_CountedCode, AuthenticateForm):
    """The second factor at sign-in."""


class CodeAgainForm(_CountedCode, ReauthenticateForm):
    """The second factor before something sensitive."""


class UnlockForm(forms.Form):
    """The password of the one whose screen it is."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class ParameterForm(forms.Form):
    """A new value of one parameter and the day from which it holds (PLT-10)."""

    effective_from = forms.DateField(
        label=_("Holds from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Earlier periods keep their number."),
    )
    field_order = ("value", "effective_from")

    def __init__(self, definition: Definition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(definition)
        self.order_fields(self.field_order)


def _value_field(definition: Definition) -> forms.Field:
    """The input that fits the parameter's type; its limits are checked once more where the value is set."""
    label, help_text = _("New value"), str(definition.unit)
    if definition.kind is bool:
        return forms.BooleanField(label=label, required=False, help_text=help_text)
    if definition.kind is list:
        choices = definition.choices() if definition.choices else ()
        return forms.MultipleChoiceField(
            label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    if definition.choices:
        return forms.ChoiceField(label=label, choices=definition.choices())
    limits = {"min_value": definition.minimum, "max_value": definition.maximum}
    if definition.kind is int:
        return forms.IntegerField(label=label, help_text=help_text, **limits)
    if definition.kind is Decimal:
        return forms.DecimalField(label=label, help_text=help_text, max_digits=12, decimal_places=4, **limits)
    return forms.CharField(label=label, help_text=help_text, max_length=200)


class WorkDayForm(forms.Form):
    """A date that differs from Monday-to-Friday (PLT-5)."""

    date = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    kind = forms.ChoiceField(label=_("Kind"), choices=WorkDay.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=64, required=False)

    def clean_name(self) -> str:
        """Cleaned like every text."""
        try:
            return clean_text(self.cleaned_data["name"], max_length=64)
        except Invalid as problem:
            raise ValidationError(str(problem)) from problem


class LinkSignForm(forms.Form):
    """A customer's signature by link: his name, and his drawing when he makes one."""

    name = forms.CharField(label=_("Your name"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    drawing = forms.CharField(required=False, max_length=400_000, widget=forms.HiddenInput)


class NoticeChoiceForm(forms.Form):
    """How one wants to be told (PLT-6)."""

    channels = forms.MultipleChoiceField(
        label=_("Tell me by"),
        choices=DeliveryChannel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without any, notices stay in the browser."),
    )
    wants_digest = forms.BooleanField(
        label=_("One digest each morning"), required=False, help_text=_("Everything that does not run in hours.")
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_to = forms.TimeField(label=_("Quiet until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    wecom = forms.CharField(
        label=_("My name in WeCom"), max_length=64, required=False, help_text=_("Where it is not the staff number.")
    )
    dingtalk = forms.CharField(
        label=_("My name in DingTalk"), max_length=64, required=False, help_text=_("Where it is not the staff number.")
    )


class ArticleForm(forms.Form):
    """A text of the guide in both languages."""

    area = forms.ChoiceField(label=_("Part of the guide"), choices=GuideArea.choices)
    is_shown = forms.BooleanField(label=_("Everybody reads it"), required=False)
    title_zh = forms.CharField(label=_("Title (Chinese)"), max_length=60)
    title_en = forms.CharField(label=_("Title (English)"), max_length=100)
    tip_zh = forms.CharField(label=_("Tip (Chinese)"), max_length=200, required=False)
    tip_en = forms.CharField(label=_("Tip (English)"), max_length=300, required=False)
    body_zh = forms.CharField(label=_("Text (Chinese)"), max_length=10_000, widget=forms.Textarea)
    body_en = forms.CharField(label=_("Text (English)"), max_length=15_000, widget=forms.Textarea)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        named = {name: values.pop(name) for name in ("area", "is_shown", "version")}
        return {"values": values, **named}


class ExportForm(forms.Form):
    """What of a list goes into a file, as what, and why (SEC-1)."""

    columns = forms.MultipleChoiceField(
        label=_("Columns of the file"), required=False, widget=forms.CheckboxSelectMultiple
    )
    file_format = forms.ChoiceField(label=_("File"), choices=ExportFormat.choices, initial=ExportFormat.XLSX)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("What the file is for."))
    is_unmasked = forms.BooleanField(
        label=_("Personal data in full"), required=False,
        help_text=_("Somebody else has to approve it; masked files need no approval."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=_("Purpose of the full data"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, kind: ListKind, *args: Any, may_unmask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["columns"]
        chosen.choices = [(column.key, column.label) for column in kind.columns]
        if not may_unmask:
            del self.fields["is_unmasked"], self.fields["purpose"]


class GrantForm(forms.Form):
    """Approve or refuse, with a remark."""

    grant = forms.ChoiceField(choices=[("yes", _("Approve")), ("no", _("Refuse"))])
    remark = forms.CharField(required=False, max_length=200)


class ShareForm(forms.Form):
    """The class of a document, or a link to it (SEC-2)."""

    deed = forms.ChoiceField(
        choices=[("link", _("Make a link")), ("shared", _("Customers may get it")), ("internal", _("Mark as internal"))]
    )


def article_initial(row: Article) -> dict[str, Any]:
    """What the form shows first."""
    return {name: getattr(row, name) for name in ArticleForm.base_fields}
