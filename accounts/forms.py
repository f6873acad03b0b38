"""The forms of this app's pages. They check shape; rules are in the modules that the doors call."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from accounts.models import Agency, Unit
from accounts.permissions import Role

ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)


def _password(label: str, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget)


class CodeField(forms.CharField):
    """A code of the authenticator app."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        super().__init__(
            label="Code from your authenticator app", max_length=16, widget=forms.TextInput(attrs), **kwargs
        )


class SignInForm(forms.Form):
    """Name and password."""

    email = forms.CharField(
        label="E-mail address", max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false"}),
    )  # fmt: skip
    password = _password("Password", "current-password")


class CodeForm(forms.Form):
    """One code."""

    code = CodeField()


class EnrolForm(forms.Form):
    """What an administrator handed over."""

    email = forms.CharField(
        label="E-mail address", max_length=254, widget=forms.EmailInput({"autocomplete": "username"})
    )
    code = forms.CharField(label="Enrolment code", max_length=40, widget=forms.TextInput({"autocomplete": "off"}))


class FirstPasswordForm(forms.Form):
    """A new password, twice."""

    new = _password("New password", "new-password")
    again = _password("The same once more", "new-password")

    def clean(self) -> dict[str, Any]:
        """Both must agree."""
        given = super().clean() or self.cleaned_data
        if given.get("new") != given.get("again"):
            self.add_error("again", "The two differ. Type the new password twice.")
        return given


class PasswordForm(FirstPasswordForm):
    """The current password, and a new one twice."""

    current = _password("Current password", "current-password")
    field_order = ("current", "new", "again")


class TokenForm(forms.Form):
    """A name for a token."""

    name = forms.CharField(label="What is it for?", max_length=120)


class DeviceForm(forms.Form):
    """The code that a device shows."""

    code = forms.CharField(label="Code on the device", max_length=16, widget=forms.TextInput({"autocomplete": "off"}))


class PersonForm(forms.Form):
    """What is written about a person."""

    name = forms.CharField(label="Name", max_length=120)
    title = forms.CharField(label="Title", max_length=120, required=False)
    unit = forms.ModelChoiceField(label="Unit", queryset=Unit.objects.none(), required=False, empty_label="None")
    zone = forms.ChoiceField(label="Time zone", required=False, choices=[])

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = agency.units.order_by("name")  # type: ignore[attr-defined]
        if "zone" in self.fields:
            choices = [("", f"As the agency ({agency.zone})"), *((zone, zone) for zone in ZONES)]
            self.fields["zone"].choices = choices  # type: ignore[attr-defined]


class NewPersonForm(PersonForm):
    """Somebody who is not known yet."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    zone = None  # type: ignore[assignment]
    field_order = ("name", "email", "title", "unit")


class RoleForm(forms.Form):
    """A role, for supervisors with the unit."""

    role = forms.ChoiceField(label="Role", choices=[(role.value, role.value.capitalize()) for role in Role])
    unit = forms.ModelChoiceField(
        label="Unit (of a supervisor)", queryset=Unit.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, agency: Agency, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = agency.units.order_by("name")  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=200, required=False)


class ZoneForm(forms.Form):
    """The agency's time zone."""

    zone = forms.ChoiceField(label="Time zone", choices=[(zone, zone) for zone in ZONES])
