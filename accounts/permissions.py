"""Permissions, roles, and the one table of who holds what (CJIS AC-5, AC-6: denied by default, duties apart)."""

from enum import StrEnum


class Permission(StrEnum):
    """What may be done, named `subject.verb`. A grant names some of these as its actions; an unknown name crashes."""

    CASE_OPEN = "case.open"  # start a new case; needs no object
    CASE_VIEW = "case.view"
    CASE_EDIT = "case.edit"
    CASE_FILE = "case.file"  # put items in, upload into
    CASE_CLOSE = "case.close"
    CASE_PEOPLE = "case.people"  # add and remove members
    ITEM_ADD = "item.add"  # upload without a case; needs no object
    ITEM_VIEW = "item.view"
    ITEM_DESCRIBE = "item.describe"  # name, description, tags, flags but held
    ITEM_MOVE = "item.move"
    ITEM_PLAY = "item.play"
    ITEM_DOWNLOAD = "item.download"
    ITEM_PROCESS = "item.process"  # have derivatives made again
    QUARANTINE_VIEW = "quarantine.view"
    QUARANTINE_END = "quarantine.end"
    ITEM_SHARE = "item.share"
    SHARE_APPROVE = "share.approve"
    SHARE_ACCEPT = "share.accept"
    CUSTODY_VIEW = "custody.view"  # of an item or case that a grant covers
    CUSTODY_EXPORT = "custody.export"
    AUDIT_VIEW = "audit.view"  # everything of the agency; needs no object
    OWN_ACTS = "own.acts"
    PEOPLE_VIEW = "people.view"
    PEOPLE_MANAGE = "people.manage"
    ROLES_MANAGE = "roles.manage"
    AGENCY_MANAGE = "agency.manage"
    TOKENS_OWN = "tokens.own"  # one's own tokens and devices
    HEALTH_VIEW = "health.view"


class Role(StrEnum):
    """The roles of staff."""

    DETECTIVE = "detective"
    SUPERVISOR = "supervisor"
    CUSTODIAN = "custodian"
    PROSECUTOR = "prosecutor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Reach(StrEnum):
    """How far a role's standing grant reaches (the grant is written when the role is given)."""

    NONE = "none"
    UNIT = "unit"
    AGENCY = "agency"


_P = Permission
SIGNED_IN = frozenset({_P.OWN_ACTS})
_CASE_WORK = frozenset({
    _P.CASE_VIEW, _P.CASE_EDIT, _P.CASE_FILE, _P.CASE_CLOSE, _P.CASE_PEOPLE, _P.ITEM_VIEW, _P.ITEM_DESCRIBE,
    _P.ITEM_MOVE, _P.ITEM_PLAY, _P.ITEM_DOWNLOAD, _P.ITEM_PROCESS, _P.ITEM_SHARE, _P.CUSTODY_VIEW, _P.CUSTODY_EXPORT,
})  # fmt: skip

HOLDS: dict[Role, frozenset[Permission]] = {
    Role.DETECTIVE: SIGNED_IN | _CASE_WORK | {_P.CASE_OPEN, _P.ITEM_ADD, _P.TOKENS_OWN},
    Role.SUPERVISOR: SIGNED_IN | _CASE_WORK | {_P.CASE_OPEN, _P.ITEM_ADD, _P.TOKENS_OWN, _P.SHARE_APPROVE},
    Role.CUSTODIAN: SIGNED_IN | {
        _P.CASE_VIEW, _P.ITEM_VIEW, _P.ITEM_MOVE, _P.CASE_FILE, _P.QUARANTINE_VIEW, _P.QUARANTINE_END,
        _P.CUSTODY_VIEW, _P.CUSTODY_EXPORT, _P.TOKENS_OWN,
    },
    Role.PROSECUTOR: SIGNED_IN | {
        _P.CASE_OPEN, _P.CASE_VIEW, _P.CASE_EDIT, _P.CASE_FILE, _P.CASE_CLOSE, _P.CASE_PEOPLE, _P.ITEM_VIEW,
        _P.ITEM_DESCRIBE, _P.ITEM_PLAY, _P.ITEM_DOWNLOAD, _P.ITEM_SHARE, _P.SHARE_ACCEPT, _P.CUSTODY_VIEW,
        _P.CUSTODY_EXPORT, _P.TOKENS_OWN,
    },
    Role.AUDITOR: SIGNED_IN | {
        _P.CASE_VIEW, _P.ITEM_VIEW, _P.CUSTODY_VIEW, _P.CUSTODY_EXPORT, _P.AUDIT_VIEW, _P.PEOPLE_VIEW,
    },
    Role.ADMINISTRATOR: SIGNED_IN | {_P.PEOPLE_VIEW, _P.PEOPLE_MANAGE, _P.ROLES_MANAGE, _P.AGENCY_MANAGE,
                                     _P.TOKENS_OWN},
}  # fmt: skip
GUEST_HOLDS = SIGNED_IN | {_P.ITEM_VIEW, _P.ITEM_PLAY, _P.ITEM_DOWNLOAD, _P.SHARE_ACCEPT}
OPERATOR_HOLDS = SIGNED_IN | {_P.HEALTH_VIEW}

REACHES: dict[Role, Reach] = {
    Role.DETECTIVE: Reach.NONE,
    Role.SUPERVISOR: Reach.UNIT,
    Role.CUSTODIAN: Reach.AGENCY,
    Role.PROSECUTOR: Reach.NONE,
    Role.AUDITOR: Reach.AGENCY,
    Role.ADMINISTRATOR: Reach.NONE,
}
