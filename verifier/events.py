"""Every event that the custody ledger knows, its class under CJIS AU-2, and its sentence.

An event is named `subject.happened`, in the past tense. A name is never reused with another meaning; old ones stay.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from verifier.entry import Entry
from verifier.words import Computed, Words, shown, size


class AuditClass(StrEnum):
    """The kinds of event that CJIS AU-2 c demands."""

    SIGN_IN = "sign-in"
    ACCESS = "access"
    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"
    PERMISSION = "permission"
    PASSWORD = "password"  # noqa: S105 - the name of a class of events
    PRIVILEGED = "privileged"
    LEDGER = "ledger"


class Event(StrEnum):
    """What can happen. An unknown name crashes."""

    # accounts
    SIGNED_IN = "session.opened"
    SIGN_IN_FAILED = "session.refused"
    SIGNED_OUT = "session.closed"
    SESSION_EXPIRED = "session.expired"
    FACTOR_CONFIRMED = "session.stepped-up"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    PERSON_LOCKED = "person.locked"
    PERSON_UNLOCKED = "person.unlocked"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - the name of an event
    PASSWORD_RESET = "password.reset"  # noqa: S105 - the name of an event
    FACTOR_ENROLLED = "factor.enrolled"
    FACTOR_REMOVED = "factor.removed"
    ROLE_GIVEN = "role.given"
    ROLE_TAKEN = "role.taken"
    AGENCY_ADDED = "agency.added"
    AGENCY_CHANGED = "agency.changed"
    UNIT_ADDED = "unit.added"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - the name of an event
    DEVICE_CONFIRMED = "device.confirmed"
    ACCESS_REFUSED = "access.refused"
    PEOPLE_VIEWED = "people.viewed"
    # cases
    CASE_OPENED = "case.opened"
    CASE_VIEWED = "case.viewed"
    CASE_CHANGED = "case.changed"
    CASE_CLOSED = "case.closed"
    CASE_REOPENED = "case.reopened"
    CASE_MEMBER_ADDED = "case.member-added"
    CASE_MEMBER_REMOVED = "case.member-removed"
    SEARCHED = "search.asked"
    # items
    ITEM_VIEWED = "item.viewed"
    ITEM_DESCRIBED = "item.described"
    ITEM_TAGGED = "item.tagged"
    ITEM_FILED = "item.filed"
    ITEM_UNFILED = "item.unfiled"
    ITEM_MOVED = "item.moved"
    ITEM_FLAGGED = "item.flagged"
    # intake and sealing
    UPLOAD_STARTED = "upload.started"
    UPLOAD_RESUMED = "upload.resumed"
    UPLOAD_FINISHED = "upload.finished"
    UPLOAD_REFUSED = "upload.refused"
    UPLOAD_ABANDONED = "upload.abandoned"
    SOURCE_HASH_GIVEN = "source-hash.given"
    SOURCE_HASH_LATE = "source-hash.late"
    ITEM_SEALED = "item.sealed"
    ITEM_QUARANTINED = "item.quarantined"
    QUARANTINE_ENDED = "quarantine.ended"
    INTEGRITY_FAILED = "integrity.failed"
    INTEGRITY_CHECKED = "integrity.checked"
    # readings
    READING_OPENED = "reading.opened"
    READING_CLOSED = "reading.closed"
    # media
    MEDIA_STARTED = "media.started"
    MEDIA_MADE = "media.made"
    MEDIA_FAILED = "media.failed"
    # the ledger itself
    CUSTODY_VIEWED = "custody.viewed"
    CUSTODY_EXPORTED = "custody.exported"
    OPENING_ERASED = "opening.erased"
    ERASURE_ORDERED = "erasure.ordered"
    REFUSALS_REPEATED = "refusals.repeated"


class Told(NamedTuple):
    """How one event is classed and told. The sentences' grammar is in verifier/words.py.

    `did` follows the actor's name, `attempt` follows "was not allowed to" or "could not". An event that is itself a
    refusal or a failure has no `attempt`: `did` tells it whatever the outcome.
    """

    audit_class: AuditClass
    did: str
    attempt: str = ""


_ITEM = "{name/filename/number|an item}"
_CASE = "{case_number/number/title|a case}"
_WHO = "{person|somebody}"
_WHY = "{=why}"
_C = AuditClass

TOLD: dict[str, Told] = {
    Event.SIGNED_IN: Told(_C.SIGN_IN, "signed in", "sign in[ as {person}]"),
    Event.SIGN_IN_FAILED: Told(
        _C.SIGN_IN, "was refused a sign-in[ as {person}][ with {name}]" + _WHY
    ),
    Event.SIGNED_OUT: Told(_C.SIGN_IN, "{=signed_out}", "sign out"),
    Event.SESSION_EXPIRED: Told(_C.SIGN_IN, "ended the session of " + _WHO + _WHY, "end a session"),
    Event.FACTOR_CONFIRMED: Told(_C.SIGN_IN, "confirmed the second factor again", "confirm the second factor"),
    Event.PERSON_ADDED: Told(_C.CREATE, "added " + _WHO + "[ as {role}]", "add a person"),
    Event.PERSON_CHANGED: Told(_C.CHANGE, "changed the account of " + _WHO + "[: {changed}]", "change an account"),
    Event.PERSON_DISABLED: Told(_C.CHANGE, "disabled the account of " + _WHO + _WHY, "disable an account"),
    Event.PERSON_ENABLED: Told(_C.CHANGE, "enabled the account of " + _WHO + _WHY, "enable an account"),
    Event.PERSON_LOCKED: Told(_C.CHANGE, "{=locked} the account of " + _WHO + _WHY, "lock an account"),
    Event.PERSON_UNLOCKED: Told(_C.CHANGE, "unlocked the account of " + _WHO + _WHY, "unlock an account"),
    Event.PASSWORD_CHANGED: Told(_C.PASSWORD, "changed their password", "change their password"),
    Event.PASSWORD_RESET: Told(_C.PASSWORD, "reset the password of " + _WHO + _WHY, "reset a password"),
    Event.FACTOR_ENROLLED: Told(_C.PASSWORD, "enrolled a second factor[: {name}]", "enrol a second factor"),
    Event.FACTOR_REMOVED: Told(
        _C.PASSWORD, "removed a second factor[ of {person}][: {name}]" + _WHY, "remove a second factor"
    ),
    Event.ROLE_GIVEN: Told(_C.PERMISSION, "gave " + _WHO + " the role {role|of a member}" + _WHY, "give a role"),
    Event.ROLE_TAKEN: Told(_C.PERMISSION, "took the role {role|of a member} from " + _WHO + _WHY, "take a role"),
    Event.AGENCY_ADDED: Told(_C.CREATE, "added the agency {name/title|of this entry}", "add an agency"),
    Event.AGENCY_CHANGED: Told(
        _C.CHANGE, "changed the settings of {name/title|the agency}[: {changed}]", "change the settings of an agency"
    ),
    Event.UNIT_ADDED: Told(_C.CREATE, "added the unit {name/title|of this entry}", "add a unit"),
    Event.TOKEN_ISSUED: Told(_C.PRIVILEGED, "issued the token {name|of this entry}[ for {person}]", "issue a token"),
    Event.TOKEN_REVOKED: Told(_C.PRIVILEGED, "revoked the token {name|of this entry}" + _WHY, "revoke a token"),
    Event.DEVICE_CONFIRMED: Told(_C.PRIVILEGED, "let the device {name|of this entry} in", "let a device in"),
    Event.ACCESS_REFUSED: Told(_C.ACCESS, "was refused access[ to {name/number/title}]" + _WHY),
    Event.PEOPLE_VIEWED: Told(_C.ACCESS, "looked at the list of people", "look at the list of people"),
    Event.CASE_OPENED: Told(_C.CREATE, "opened the case " + _CASE, "open a case"),
    Event.CASE_VIEWED: Told(_C.ACCESS, "looked at the case " + _CASE, "look at the case " + _CASE),
    Event.CASE_CHANGED: Told(_C.CHANGE, "changed the case " + _CASE + "[: {changed}]", "change the case " + _CASE),
    Event.CASE_CLOSED: Told(_C.CHANGE, "closed the case " + _CASE + _WHY, "close the case " + _CASE),
    Event.CASE_REOPENED: Told(_C.CHANGE, "reopened the case " + _CASE + _WHY, "reopen the case " + _CASE),
    Event.CASE_MEMBER_ADDED: Told(
        _C.PERMISSION, "added " + _WHO + " to the case " + _CASE + "[ as {role}]", "add people to the case " + _CASE
    ),
    Event.CASE_MEMBER_REMOVED: Told(
        _C.PERMISSION, "removed " + _WHO + " from the case " + _CASE + _WHY, "remove people from the case " + _CASE
    ),
    Event.SEARCHED: Told(_C.ACCESS, "searched[ for “{words}”][ and found {found/count}]", "search[ for “{words}”]"),
    Event.ITEM_VIEWED: Told(_C.ACCESS, "looked at " + _ITEM, "look at " + _ITEM),
    Event.ITEM_DESCRIBED: Told(_C.CHANGE, "described " + _ITEM + "[: {changed}]", "describe " + _ITEM),
    Event.ITEM_TAGGED: Told(_C.CHANGE, "{=tagged}", "tag " + _ITEM),
    Event.ITEM_FILED: Told(
        _C.CHANGE, "filed " + _ITEM + " in {case_number/to_number/title|a case}" + _WHY, "file " + _ITEM
    ),
    Event.ITEM_UNFILED: Told(
        _C.CHANGE, "took " + _ITEM + " out of {case_number/from_number/title|a case}" + _WHY,
        "take " + _ITEM + " out of a case",
    ),
    Event.ITEM_MOVED: Told(
        _C.CHANGE, "moved " + _ITEM + "[ from {from_number}] to {to_number/case_number|another case}" + _WHY,
        "move " + _ITEM,
    ),
    Event.ITEM_FLAGGED: Told(_C.CHANGE, "flagged " + _ITEM + "[: {changed}]" + _WHY, "flag " + _ITEM),
    Event.UPLOAD_STARTED: Told(
        _C.CREATE, "began to upload " + _ITEM + "[ to {case_number}][ ({bytes})]", "upload[ {name/filename}]"
    ),
    Event.UPLOAD_RESUMED: Told(
        _C.CREATE, "resumed the upload of " + _ITEM + "[ at {offset}]", "resume the upload of " + _ITEM
    ),
    Event.UPLOAD_FINISHED: Told(_C.CREATE, "uploaded " + _ITEM + "[ to {case_number}][ ({bytes})]", "upload " + _ITEM),
    Event.UPLOAD_REFUSED: Told(
        _C.CREATE, "was refused an upload[ of {name/filename/number}]" + _WHY
    ),
    Event.UPLOAD_ABANDONED: Told(_C.REMOVE, "abandoned the upload of " + _ITEM + _WHY, "abandon the upload of " + _ITEM),
    Event.SOURCE_HASH_GIVEN: Told(
        _C.CHANGE, "gave the hash that " + _ITEM + " had at the source", "give the hash of " + _ITEM
    ),
    Event.SOURCE_HASH_LATE: Told(
        _C.CHANGE, "gave the source's hash of " + _ITEM + " after it was sealed{=late}"
    ),
    Event.ITEM_SEALED: Told(_C.CREATE, "sealed " + _ITEM + "{=source}", "seal " + _ITEM),
    Event.ITEM_QUARANTINED: Told(_C.CHANGE, "put " + _ITEM + " into quarantine" + _WHY, "put " + _ITEM + " into quarantine"),
    Event.QUARANTINE_ENDED: Told(
        _C.PRIVILEGED, "ended the quarantine of " + _ITEM + _WHY, "end the quarantine of " + _ITEM
    ),
    Event.INTEGRITY_FAILED: Told(
        _C.LEDGER, "found that {=items} no longer matches what was sealed" + _WHY
    ),
    Event.INTEGRITY_CHECKED: Told(_C.LEDGER, "checked {=items} against what was sealed[: {outcome_text}]", "check {=items}"),
    Event.READING_OPENED: Told(_C.ACCESS, "{=reading_begun} {=items}", "{=reading_tried} {=items}"),
    Event.READING_CLOSED: Told(_C.ACCESS, "{=reading_done} {=items}{=reading_told}", "{=reading_tried} {=items}"),
    Event.MEDIA_STARTED: Told(_C.ACCESS, "began to prepare " + _ITEM + " for viewing", "prepare " + _ITEM),
    Event.MEDIA_MADE: Told(
        _C.CREATE, "prepared " + _ITEM + " for viewing[ ({outcome_text})]", "prepare " + _ITEM + " for viewing"
    ),
    Event.MEDIA_FAILED: Told(_C.CREATE, "could not prepare " + _ITEM + " for viewing" + _WHY),
    Event.CUSTODY_VIEWED: Told(
        _C.LEDGER, "looked at the custody of {name/number/case_number/title|something}",
        "look at the custody of {name/number/case_number/title|something}",
    ),
    Event.CUSTODY_EXPORTED: Told(
        _C.LEDGER, "exported the custody of {name/number/case_number/title|something}[ ({entries} earlier entries)]",
        "export the custody of {name/number/case_number/title|something}",
    ),
    Event.OPENING_ERASED: Told(_C.LEDGER, "erased what opened a field[: {name}]" + _WHY, "erase what opens a field"),
    Event.ERASURE_ORDERED: Told(_C.LEDGER, "ordered an erasure" + _WHY, "order an erasure"),
    Event.REFUSALS_REPEATED: Told(
        _C.ACCESS, "was refused the same {count|several} more times" + _WHY
    ),
}  # fmt: skip

_READING = {  # purpose of a reading: begun, done, tried
    "play": ("began to play", "played", "play"),
    "download": ("began to download", "downloaded", "download"),
    "preview": ("opened a preview of", "looked at a preview of", "look at a preview of"),
    "list": ("opened the pictures of", "looked through the pictures of", "look through the pictures of"),
    "package": ("began to pack", "packed", "pack"),
    "seal": ("began to read back", "read back", "read back"),
    "media": ("began to read", "read", "read"),
    "sweep": ("began to check", "checked", "check"),
}
_READING_UNKNOWN = ("began to read", "read", "read")
_CODE = re.compile("[a-z]+(?:-[a-z]+)+")
_REASONS = {  # codes of errors that a refusal's entry gives as its reason
    "not-found": "no access to it",
    "not-allowed": "the access does not include this",
    "account-closed": "the account is locked or disabled",
    "step-up-required": "the second factor was not confirmed again",
    "case-closed": "the case is closed",
    "download-limit": "the downloads that were given are used up",
    "upload-too-large": "the file is too large",
    "upload-offset": "the upload stands at another byte",
    "upload-length": "more bytes came than were announced",
    "upload-checksum": "the bytes arrived changed",
    "upload-busy": "another connection was sending the file",
    "upload-taken-over": "another connection had taken the upload over",
    "upload-ended": "the upload had ended",
}
_JOBS = {"item.seal": "sealing", "media.make": "media", "media": "media", "mail": "mail"}


def say(entry: Entry, openings: Mapping[str, str]) -> str:
    """The entry in plain words, the actor first: "D. Marlowe uploaded cam4.mp4".

    `openings` maps the names of the fields that the reader may see to their values. Whatever is closed is told as
    withheld; an event that this version doesn't know is told by its name. Plain text: escape it for a page.
    """
    words = Words(entry, openings, _COMPUTED)
    told = TOLD.get(entry.event)
    if told is None:
        return f"{_actor(words)} did something that has no sentence here ({shown(entry.event)})"
    if entry.outcome == "success" or not told.attempt:
        return f"{_actor(words)} {words.fill(told.did)}"
    verb = "was not allowed to" if entry.outcome == "refused" else "could not"
    return f"{_actor(words)} {verb} {words.fill(told.attempt + _WHY)}"


def audit_class(event: Event) -> AuditClass:
    """The class of CJIS AU-2 c that the event belongs to."""
    return TOLD[event].audit_class


def _actor(words: Words) -> str:
    """Who acted, with the agency where it isn't the one that owns what was touched."""
    by = words.entry.by
    if by.kind == "anonymous":
        return "Somebody unknown"
    name = words.value("actor_name") or ("Proofroom" if by.kind == "system" else "Somebody")
    if words.closed("actor_name"):
        name = "Someone whose name was withheld"
    if by.agency and words.entry.owner and by.agency != words.entry.owner and (agency := words.value("actor_agency")):
        name = f"{name} of {agency}"
    if by.kind != "job":
        return name
    task = _JOBS.get(by.job_kind) or shown(by.job_kind) or "work"
    return f"Proofroom {task}" if by.id is None else f"Proofroom {task}, for {name},"


def _why(words: Words) -> str:
    """The reason. That of a refusal is the code of an error, told here in words."""
    reason = words.first("reason", "")
    if words.entry.outcome == "refused" and _CODE.fullmatch(reason):
        reason = _REASONS.get(reason, reason.replace("-", " "))
    return f": {reason}" if reason else ""


def _signed_out(words: Words) -> str:
    """Oneself, or somebody whose session was ended."""
    person, reason = words.value("person"), words.value("reason")
    if person and person != words.value("actor_name"):
        return f"ended a session of {person}" + _why(words)
    return "signed out" + (_why(words) if reason and reason != "signed out" else "")


def _locked(words: Words) -> str:
    """Nobody locks an account by hand: it is whoever failed too often."""
    return "failed to sign in too often, which locked" if words.entry.by.kind == "anonymous" else "locked"


def _tagged(words: Words) -> str:
    item, tag = words.first("name/filename/number", "an item"), words.first("tag", "")
    if words.value("changed") == "removed":
        return f"took the tag {tag or 'of this entry'} off {item}"
    return f"tagged {item}" + (f" as {tag}" if tag else "")


def _late(words: Words) -> str:
    return {"success": ": it is the same", "failed": ": it is another"}.get(words.entry.outcome, "")


def _items(words: Words) -> str:
    count = words.number("items") or sum(one.kind == "item" for one in words.entry.subjects)
    return f"{count} items" if count > 1 else words.first("name/filename/number", "an item")


def _source(words: Words) -> str:
    """What a sealing says of the hash that the file had at its source."""
    if words.closed("source_sha256") or words.closed("sha256"):
        return ""
    source = words.value("source_sha256")
    if not source:
        return ", no hash from the source"
    return ", the same as at the source" if source == words.value("sha256") else ""


def _reading_told(words: Words) -> str:
    """What the server knows, and apart from it what the player says."""
    sent = words.first("ranges", "") or ("" if words.entry.sent is None else size(words.entry.sent))
    reported = words.first("reported", "")
    outcome = words.first("outcome_text", "")
    parts = [f"sent {sent}"] if sent else []
    parts += [f"the player reported watching {reported}"] if reported else []
    return (": " + "; ".join(parts) if parts else "") + (f" ({outcome})" if outcome else "")


def _reading(which: int) -> Computed:
    return lambda words: _READING.get(words.value("purpose") or "", _READING_UNKNOWN)[which]


_COMPUTED: Mapping[str, Computed] = {
    "why": _why,
    "signed_out": _signed_out,
    "locked": _locked,
    "tagged": _tagged,
    "late": _late,
    "items": _items,
    "source": _source,
    "reading_begun": _reading(0),
    "reading_done": _reading(1),
    "reading_tried": _reading(2),
    "reading_told": _reading_told,
}
