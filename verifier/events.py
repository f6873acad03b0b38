"""Every event that the custody ledger knows, its class under CJIS AU-2, and its sentence.

An event is named `subject.happened`, in the past tense. A name is never reused with another meaning; old ones stay.
"""

from enum import StrEnum


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
