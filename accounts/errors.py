"""What accounts may refuse, and the two refusals that every door shares."""

from uuid import UUID

from verifier.errors import ProofroomError


class NotVisible(ProofroomError):
    """No live grant covers the object, or it doesn't exist; the two are told apart in the ledger only.

    `kind` and `id` name what was asked for; `owner` is its agency when it exists, else None.
    """

    code, status = "not-found", 404
    says = "There is nothing here, or you have no access to it."

    def __init__(self, kind: str = "", object_id: UUID | None = None, owner: UUID | None = None) -> None:
        self.kind, self.object_id, self.owner = kind, object_id, owner
        super().__init__()


class NotAllowed(ProofroomError):
    """Something may be done with the object, but not this."""

    code, status = "not-allowed", 403
    says = "Your access does not include this."

    def __init__(self, kind: str = "", object_id: UUID | None = None, owner: UUID | None = None) -> None:
        self.kind, self.object_id, self.owner = kind, object_id, owner
        super().__init__()
