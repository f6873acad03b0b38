"""What an object store or a key service may answer instead of doing it."""

from verifier.errors import ProofroomError


class StoreError(ProofroomError):
    """The root of what the store raises. `what` names the object, version or key that was asked for."""

    def __init__(self, what: str = "", why: str = "") -> None:
        self.what, self.why = what, why
        super().__init__(what=what, why=why)


class Missing(StoreError):
    """The version, upload or bucket isn't there."""

    code, status = "object-missing", 500
    says = "The evidence store does not have {what}. Tell the operator: something was deleted there."


class Exists(StoreError):
    """The write was to make a new object, and there is one already (RFC 9110 If-None-Match)."""

    code, status = "object-exists", 409
    says = "The evidence store already has {what}."


class Denied(StoreError):
    """The store refuses: a legal hold or retention lies on the version, or the credentials don't allow it."""

    code, status = "object-denied", 500
    says = "The evidence store refuses this for {what}. It is held, or the service's credentials do not allow it."


class Refused(StoreError):
    """The store understood and said no for a reason that trying again does not mend."""

    code, status = "object-refused", 500
    says = "The evidence store refused {what}: {why}. Tell the operator."


class TooShort(StoreError):
    """The version ends before the bytes that were asked for."""

    code, status = "object-too-short", 500
    says = "In the evidence store {what} is shorter than it was when it was written. Tell the operator."


class Unavailable(StoreError):
    """No answer, or one that says the fault is the store's. Trying again later is right."""

    code, status = "store-unavailable", 503
    says = "The evidence store does not answer now. Nothing is lost; try again in a moment."
    retry_after = 5  # seconds


class KeyRefused(StoreError):
    """The key service won't open this: another key, another context, or bytes that were changed."""

    code, status = "key-refused", 500
    says = "The key service does not open {what}: {why}. Tell the operator."


class KeysUnavailable(Unavailable):
    """The key service doesn't answer."""

    code = "keys-unavailable"
    says = "The key service does not answer now. Nothing is lost; try again in a moment."
