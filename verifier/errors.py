"""The root of every error that a person may be shown, and everything that a proof can fail of, each by its name."""


class ProofroomError(Exception):
    """An error with a stable code and a sentence that says what to do.

    Subclasses set `code` (stable, kebab-case, part of the API), `status` (the HTTP status that doors answer with)
    and `says` (a sentence with named places, filled from the keyword arguments).
    """

    code = "error"
    status = 400
    says = "Something went wrong."

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.says.format(**values))


class VerificationFailed(ProofroomError):
    """Something is not what it was. Every failure of a proof is a subclass; none of them can be waved through."""

    code, status = "verification-failed", 422
    says = "The verification failed."


class Malformed(VerificationFailed):
    """Bytes that have another form than the format demands."""

    code = "malformed"
    says = "This is not what the format demands: {why}."


class NotCanonical(Malformed):
    """Bytes that say something, but not in the one way that is hashed."""

    code = "not-canonical"
    says = "This is not written in the canonical way: {why}."


class EntryTooLarge(ProofroomError):
    """An entry is at most 32 KiB, an opened field as well."""

    code, status = "entry-too-large", 413
    says = "A custody entry would be too large: {what} has {bytes} bytes, {most} are allowed."


# --- keys and checkpoints ---


class KeyUnreadable(ProofroomError):
    """The text given as the log's key isn't one."""

    code = "key-unreadable"
    says = "This is not a log's key. It has the form name+00000000+base64; get it from the agency's /log/vkey."


class ForeignCheckpoint(VerificationFailed):
    """The checkpoint is of another log than the key."""

    code = "foreign-checkpoint"
    says = "The checkpoint belongs to the log {origin}, the key to the log {name}."


class WrongKey(VerificationFailed):
    """The checkpoint bears no signature by the given key."""

    code = "wrong-key"
    says = "The checkpoint is not signed by this key, though the log {name} is named in both."


class CheckpointAltered(VerificationFailed):
    """The signature is by the key, but over another text."""

    code = "checkpoint-altered"
    says = "The checkpoint was altered after it was signed: its signature does not match its text."


# --- trees ---


class NotInTree(VerificationFailed):
    """A leaf does not belong to the tree that the checkpoint signs."""

    code = "not-in-tree"
    says = "Leaf {leaf} is not in the log that the checkpoint signs: its record or its proof was altered."


class NotConsistent(VerificationFailed):
    """A later tree does not begin with the earlier one."""

    code = "not-consistent"
    says = "The later tree does not contain the earlier one unchanged."


# --- bundles ---


class BundleUnreadable(VerificationFailed):
    """No ZIP, no folder, or one that can't be opened safely."""

    code = "bundle-unreadable"
    says = "The bundle can't be read: {why}."


class UnknownVersion(VerificationFailed):
    """The bundle says it has a format that this verifier doesn't know."""

    code = "unknown-version"
    says = "The bundle has the format {version}, which this verifier does not know. A newer verifier may."


class UnexpectedMember(VerificationFailed):
    """The bundle holds a file that no bundle holds."""

    code = "unexpected-member"
    says = "The bundle holds {member}, which does not belong in a bundle."


class MemberMissing(VerificationFailed):
    """A file that every bundle holds is not there."""

    code = "member-missing"
    says = "The bundle lacks {member}."


class EntryAltered(VerificationFailed):
    """An entry's bytes are not those that its leaf record commits to."""

    code = "entry-altered"
    says = "The entry at leaf {leaf} was altered: its bytes do not match its leaf record."


class EntryMalformed(VerificationFailed):
    """An entry is in the tree, but isn't written as an entry must be."""

    code = "entry-malformed"
    says = "The entry at leaf {leaf} can't be read: {why}."


class EntryMissing(VerificationFailed):
    """The running numbers of a subject have a gap."""

    code = "entry-missing"
    says = "Entry {number} of {subject} is missing: leaf {leaf} was left out."


class EntryUnconnected(VerificationFailed):
    """A leaf or entry in the bundle belongs to no chain of its subjects."""

    code = "entry-unconnected"
    says = "Leaf {leaf} is in the bundle, but not in the chain of what the bundle is about."


class TailCut(VerificationFailed):
    """The last leaf isn't the export that made the bundle."""

    code = "tail-cut"
    says = "The end of the chain was cut off: the last leaf, {leaf}, is not the export that made this bundle."


class CountsDiffer(VerificationFailed):
    """The bundle holds more or fewer than the export entry says."""

    code = "counts-differ"
    says = "The export committed to {said} {what}; the bundle holds {found}."


class OpeningAltered(VerificationFailed):
    """An opened field is not the one that the entry commits to."""

    code = "opening-altered"
    says = "The field {name} of the entry at leaf {leaf} was altered: it does not match the entry's digest."


class OpeningUnknown(VerificationFailed):
    """An opening opens nothing."""

    code = "opening-unknown"
    says = "The bundle opens the field {name} at leaf {leaf}, where no such field is to open."


class FieldUnaccounted(VerificationFailed):
    """A digest is neither opened nor on the list of what was withheld."""

    code = "field-unaccounted"
    says = "The field {name} of the entry at leaf {leaf} is closed, and nobody is named who withheld it."


class WithheldListAltered(VerificationFailed):
    """The list of what was withheld isn't the one that the export committed to."""

    code = "withheld-list-altered"
    says = "The list of withheld fields is not the one that the export entry commits to."


# --- files ---


class FileAltered(VerificationFailed):
    """The file isn't the one that was sealed."""

    code = "file-altered"
    says = "{file} is not the file that was sealed as {item}: its SHA-256 is {found}, sealed was {sealed}."


class FileUnknown(VerificationFailed):
    """The file is none of those that the bundle tells the sealing of."""

    code = "file-unknown"
    says = "{file} is none of the {count} sealed files of this bundle: its SHA-256 is {found}."


class FileUncovered(VerificationFailed):
    """The bundle tells of no sealing, so it can't speak for a file."""

    code = "file-uncovered"
    says = "{file} can't be checked: the bundle opens no sealed hash."
