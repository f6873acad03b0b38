"""The forms of evidence's pages. They check shape; rules are in the modules that the doors call."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms

from accounts import refusals
from accounts.errors import NotAllowed, NotVisible
from accounts.http import SignedInRequest
from accounts.models import Agency, Person
from evidence.cases import REASON_LIMIT, TITLE_LIMIT
from evidence.describing import DESCRIPTION_LIMIT, NAME_LIMIT, TAG_LIMIT
from evidence.errors import NoSuchCase
from evidence.members import SAYS
from verifier.errors import ProofroomError

_SERVER_ERRORS = 500


def attempt(form: forms.Form, act: Callable[[dict[str, Any]], object], request: SignedInRequest | None = None) -> bool:
    """Do the act with a valid form. What the rule refuses is told in the form; missing rights are left to the doors.

    With `request`, a case that the person named and may not see is refused in the ledger, and told in the form just as
    one that doesn't exist.
    """
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except NoSuchCase as error:
        if request is None:
            raise
        refusals.write(request.actor, getattr(request, "rule", None), error)
        form.add_error(None, str(error))
        return False
    except (NotVisible, NotAllowed):
        raise
    except ProofroomError as error:
        if error.status >= _SERVER_ERRORS:
            raise
        form.add_error(None, str(error))
        return False
    return True


def _uuid(value: str) -> UUID | None:
    return UUID(value) if value else None


class CaseForm(forms.Form):
    """What a case says. Lead and unit are chosen from the agency."""

    title = forms.CharField(max_length=TITLE_LIMIT, label="Title", widget=forms.TextInput({"autocomplete": "off"}))
    summary = forms.CharField(required=False, label="Summary", widget=forms.Textarea({"rows": 4}))
    lead = forms.TypedChoiceField(required=False, coerce=_uuid, empty_value=None, label="Lead")
    unit = forms.TypedChoiceField(required=False, coerce=_uuid, empty_value=None, label="Unit")
    confidential = forms.BooleanField(required=False, label="Confidential: hidden from supervisors of the unit")

    def __init__(self, agency: Agency | None, *args: Any, lead_label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(agency=agency, kind=Person.Kind.STAFF, disabled_at=None).order_by("name")
        none = [("", lead_label)] if lead_label else []
        lead, unit = self.fields["lead"], self.fields["unit"]
        assert isinstance(lead, forms.ChoiceField)
        assert isinstance(unit, forms.ChoiceField)
        lead.choices = [*none, *((str(key), name) for key, name in people.values_list("id", "name"))]
        units = agency.units.order_by("name").values_list("id", "name") if agency else []
        unit.choices = [("", "The lead's unit" if lead_label else "None"), *((str(key), name) for key, name in units)]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=REASON_LIMIT, label="Reason", widget=forms.TextInput({"autocomplete": "off"}))


class MemberForm(forms.Form):
    """A person and how much."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.ChoiceField(choices=[(level.value, says) for level, says in SAYS.items()], label="May")


class DescribeForm(forms.Form):
    """What people call an item."""

    name = forms.CharField(max_length=NAME_LIMIT, label="Name", widget=forms.TextInput({"autocomplete": "off"}))
    description = forms.CharField(
        required=False, max_length=DESCRIPTION_LIMIT, label="Description", widget=forms.Textarea({"rows": 4})
    )


class TagForm(forms.Form):
    """Tags, parted by commas."""

    tags = forms.CharField(max_length=TAG_LIMIT * 10, label="Tags, parted by commas")

    def words(self) -> list[str]:
        """The tags, one by one."""
        return [word for word in self.cleaned_data["tags"].split(",") if word.strip()]


class FileForm(forms.Form):
    """A case by its number."""

    case = forms.CharField(
        max_length=60, label="Case number",
        widget=forms.TextInput({"list": "cases-to-choose", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class MoveForm(FileForm):
    """Where to, and why."""

    reason = ReasonForm.base_fields["reason"]
