"""What accounts may refuse, and the two refusals that every door shares."""

from uuid import UUID

from verifier.errors import ProofroomError


class NotVisible(ProofroomError):
    """No live grant covers the object, or it doesn't exist; the two are told apart in the ledger only.

    `kind` and `id` name what was asked for; `owner` is its agency when it exists, else None.
    """

    code, status = "not-found", 404
    says = "There is nothing here, or you have no access to it."

    def __init__(
        self, kind: str = "", object_id: UUID | None = None, owner: UUID | None = None, **values: object
    ) -> None:
        self.kind, self.object_id, self.owner = kind, object_id, owner
        super().__init__(**values)


class NotAllowed(ProofroomError):
    """Something may be done with the object, but not this."""

    code, status = "not-allowed", 403
    says = "Your role, or your access to this case, does not include it. The attempt is noted; ask a supervisor if you need it."

    def __init__(self, kind: str = "", object_id: UUID | None = None, owner: UUID | None = None) -> None:
        self.kind, self.object_id, self.owner = kind, object_id, owner
        super().__init__()


class Misfit(ProofroomError):
    """The root of refusals that are entries though the right was there: the act does not fit how things stand."""


class SignInNeeded(ProofroomError):
    """Nobody is signed in, or no longer. Pages lead to the sign-in instead of showing this."""

    code, status = "sign-in-needed", 401
    says = "Sign in first, or send a token that is still valid."


class StepUpNeeded(ProofroomError):
    """The second factor was shown too long ago for this act."""

    code, status = "step-up-required", 403
    says = "This needs your authenticator code again. Confirm it in the browser, then repeat."


class PasswordChangeNeeded(ProofroomError):
    """The password must be changed before anything else."""

    code, status = "password-change-required", 403
    says = "Change your password before you go on."


class MethodNotDeclared(ProofroomError):
    """The route has no such method."""

    code, status = "method-not-allowed", 405
    says = "This address does not take {method}."

    def __init__(self, method: str, allowed: list[str]) -> None:
        self.allowed = allowed
        super().__init__(method=method)


class FormExpired(ProofroomError):
    """A request of a browser without the token that shows that it came from our page (CSRF)."""

    code, status = "form-expired", 403
    says = "This form has expired or came from another site. Reload the page and try again."


class BadInput(ProofroomError):
    """Something sent can't be used. `fields` gives the reasons by field, when there are any."""

    code, status = "bad-input", 400
    says = "{reason}"

    def __init__(self, reason: str, fields: dict[str, list[str]] | None = None) -> None:
        self.fields = fields or {}
        super().__init__(reason=reason)


class SignInFailed(ProofroomError):
    """The one answer to every failed sign-in, whatever the cause, so that a stranger learns nothing from it."""

    code, status = "sign-in-failed", 403
    says = (
        "That did not work. Check the e-mail address, the password and the code. "
        "After several failures an account is locked until an administrator releases it."
    )


class WrongCode(ProofroomError):
    """A code from the authenticator app that is wrong, old, or used before."""

    code, status = "wrong-code", 403
    says = "This code is wrong or was used before. Wait for the next one and try again."


class WeakPassword(ProofroomError):
    """A password that the policy refuses (CJIS IA-5), with the reason."""

    code, status = "weak-password", 400
    says = "{reason}"


class WrongPassword(ProofroomError):
    """The current password, asked for again, was wrong."""

    code, status = "wrong-password", 403
    says = "The current password is wrong."


class AddressTaken(ProofroomError):
    """Someone has this e-mail address already."""

    code, status = "address-taken", 409
    says = "Someone with this e-mail address is known already. Use another address."


class DutiesApart(ProofroomError):
    """Who administers access does not audit it (CJIS AC-5)."""

    code, status = "duties-apart", 409
    says = "{name} holds {held}, which is never held together with {role} (CJIS AC-5)."


class OwnRoles(ProofroomError):
    """Nobody changes the own roles or disables the own account."""

    code, status = "own-account", 409
    says = "Another administrator has to do this to your account."


class RoleNeedsUnit(ProofroomError):
    """A role that reaches a unit is given for one."""

    code, status = "role-needs-unit", 400
    says = "Choose the unit that the {role} supervises."


class RoleHeldAlready(ProofroomError):
    """A role is held once."""

    code, status = "role-held", 409
    says = "{name} holds this role already."


class DatabaseAway(ProofroomError):
    """PostgreSQL doesn't answer. What was acknowledged is durable; what was not can be sent again."""

    code, status = "database-away", 503
    says = "The database does not answer now. Nothing is lost; try again in a moment."
    retry_after = 5  # seconds
