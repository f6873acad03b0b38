"""What the table of jobs refuses."""

from verifier.errors import ProofroomError


class UnknownKind(ProofroomError):
    """A job of a kind that nobody registered."""

    code, status = "unknown-job", 500
    says = "There is no kind of job called {kind}. This is a fault of Proofroom; tell the operator."


class NoSuchJob(ProofroomError):
    """Nothing was ever asked for under this kind and key."""

    code, status = "no-such-job", 404
    says = "There is no such work to ask for again."


class JobOutsideTransaction(ProofroomError):
    """A job is written in the transaction of what wants it, never on its own."""

    code, status = "needs-transaction", 500
    says = "The job {kind} was asked for outside a transaction. This is a fault of Proofroom; tell the operator."
