"""What making pictures of an item may be refused for."""

from verifier.errors import ProofroomError


class SandboxUnavailable(ProofroomError):
    """The machine does not permit the sandbox, and no file is ever opened without it."""

    code, status = "sandbox-unavailable", 503
    says = (
        "This machine does not permit the sandbox in which files are examined ({why}). The evidence is sealed and can "
        "be downloaded; ask the operator to permit user namespaces (docs/operations.md)."
    )


class SandboxBroke(ProofroomError):
    """What ran in the sandbox ended without an answer, or did not keep to the protocol. `code` says how."""

    code, status = "sandbox-broke", 500
    says = "The reader ended without an answer ({why})."


class NotSealed(ProofroomError):
    """Only what is sealed is looked at."""

    code, status = "not-sealed", 409
    says = "Item {number} is not sealed, so nothing is made from it."
