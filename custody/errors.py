"""What the ledger refuses."""

from verifier.errors import ProofroomError


class NeedsTransaction(ProofroomError):
    """An entry is written in the transaction of what it tells, never on its own."""

    code, status = "needs-transaction", 500
    says = "The entry {event} was written outside a transaction. This is a fault of Proofroom; tell the operator."


class LedgerKeyMissing(ProofroomError):
    """No key to sign checkpoints with, or one that others can read."""

    code, status = "ledger-key-missing", 503
    says = "The ledger's signing key at {path} can't be used: {why}."


class LedgerKeyExists(ProofroomError):
    """A log keeps its key: another one would make every earlier checkpoint a stranger's."""

    code, status = "ledger-key-exists", 409
    says = "There is a signing key at {path} already. A log's key is made once."


class TreeDiffers(ProofroomError):
    """The stored tree isn't the one that the newest checkpoint was signed over. Nothing more is signed."""

    code, status = "tree-differs", 500
    says = "The ledger's tree is not the one that checkpoint {size} was signed over: {why}. Nothing more is signed."


class SequencerAway(ProofroomError):
    """The entry has no place in a signed tree yet, and the process that gives one doesn't answer."""

    code, status = "sequencer-away", 503
    says = "The custody ledger is not being signed at the moment. Nothing is lost; try again in a minute."


class NothingToExport(ProofroomError):
    """A bundle was asked for without a subject, or of something that has no entry."""

    code, status = "nothing-to-export", 409
    says = "There is no custody entry to export."


class NothingSigned(ProofroomError):
    """The sequencer has not signed a tree yet."""

    code, status = "nothing-signed", 503
    says = "The custody ledger has no signed checkpoint yet. Try again in a minute."


class ExportOvertaken(ProofroomError):
    """An opening was erased between the order of an export and its cutting."""

    code, status = "export-overtaken", 409
    says = "Something was erased from the ledger while the export was made. Make the export again."
