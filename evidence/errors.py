"""What cases, filings and descriptions may refuse. Transfers have their own file, `transfer_errors.py`."""

from uuid import UUID

from accounts.errors import Misfit, NotVisible
from verifier.errors import ProofroomError


class CaseClosed(Misfit):
    """Nothing is added to a closed case, and nothing moved out of it."""

    code, status = "case-closed", 409
    says = "Case {number} is closed. Reopen it, or choose another case."


class CaseOpen(ProofroomError):
    """Only a closed case is reopened."""

    code, status = "case-open", 409
    says = "Case {number} is open already."


class NoSuchCase(NotVisible):
    """No case of this number or id that one may file into. The answer says nothing about cases that one can't see."""

    code, status = "no-such-case", 404
    says = "There is no case {number} that you can add evidence to. Check the number."

    def __init__(self, number: str, case_id: UUID | None = None, owner: UUID | None = None) -> None:
        super().__init__("case", case_id, owner, number=number)


class NoSuchPerson(ProofroomError):
    """Nobody of the case's agency who could be added."""

    code, status = "no-such-person", 404
    says = "There is nobody like that in {agency}. Check the name or the e-mail address."


class LeadStays(ProofroomError):
    """The lead of a case is a member who leads."""

    code, status = "lead-stays", 409
    says = "{person} is the lead of this case. Make somebody else the lead first."


class NotMember(ProofroomError):
    """Removing a person who isn't there."""

    code, status = "not-a-member", 409
    says = "{person} is not a member of {number}."


class FiledAlready(ProofroomError):
    """An item is filed in a case once."""

    code, status = "filed-already", 409
    says = "{item} is in {number} already."


class NotFiled(ProofroomError):
    """Taking an item out of a case that it isn't in."""

    code, status = "not-filed", 409
    says = "{item} is not in {number}."


class HomeStays(ProofroomError):
    """The home of an item is changed by moving, never by taking it out."""

    code, status = "home-stays", 409
    says = "{number} is the home of {item}. Move the item to another case instead."


class OtherAgency(ProofroomError):
    """Items are filed in cases of their own agency."""

    code, status = "other-agency", 409
    says = "{item} belongs to another agency than case {number}, so it can't be filed there."


class NeedsReason(ProofroomError):
    """An act that the ledger keeps with its reason."""

    code, status = "reason-needed", 400
    says = "Say why, in a few words. The custody ledger keeps the reason."


class NeedsText(ProofroomError):
    """A text that may not be empty or too long."""

    code, status = "text-needed", 400
    says = "{what} needs between 1 and {limit} characters."


class NotQuarantined(ProofroomError):
    """Ending a quarantine that there isn't."""

    code, status = "not-quarantined", 409
    says = "{number} is not in quarantine."


class UnknownFlag(ProofroomError):
    """A flag that people may not set, or that there isn't."""

    code, status = "unknown-flag", 400
    says = "There is no flag {flag} that can be set here."
