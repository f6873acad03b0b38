"""What can go wrong on the command line, each with the exit code that a script sees."""

from verifier.errors import ProofroomError, VerificationFailed

DONE, FAILED, USAGE, NOT_PLAYABLE, NOT_VERIFIED, UNREACHABLE = 0, 1, 2, 3, 4, 5


class ClientError(ProofroomError):
    """The root of the client's own errors."""

    exit_code = FAILED


class BadUsage(ClientError):
    """What was asked for makes no sense."""

    code, exit_code = "usage", USAGE
    says = "{why}"


class NotSignedIn(ClientError):
    """No token is known for this address."""

    code = "not-signed-in"
    says = "You are not signed in to {url}. Run: proofroom login --url {url}"


class CantReach(ClientError):
    """Nothing answers, or not in a way that could be waited for."""

    code, exit_code = "unreachable", UNREACHABLE
    says = "{url} can't be reached: {why}"


class Refused(ClientError):
    """The server answered with a problem (RFC 9457)."""

    code = "refused"
    says = "{detail}"

    def __init__(self, *, status: int, detail: str, code: str = "refused", retry_after: float | None = None) -> None:
        self.answered, self.code, self.retry_after = status, code, retry_after
        super().__init__(detail=detail)


class NothingFound(ClientError):
    """A case or item that the server doesn't know, or doesn't show."""

    code = "nothing-found"
    says = "There is no {what} {name}, or you have no access to it."


class SourceChanged(ClientError):
    """The file was written to while it was read."""

    code = "source-changed"
    says = "The file changed while it was being sent. What arrived is not finished; upload it again."


class SourceUnreadable(ClientError):
    """The file can't be read."""

    code = "source-unreadable"
    says = "This can't be read: {why}"


class Stopped(ClientError):
    """Ctrl-C."""

    code = "stopped"
    says = "Stopped. The same command resumes where this ended."


class NotWhatWasSealed(VerificationFailed):
    """The downloaded bytes differ from the sealed hash."""

    code = "download-differs"
    says = "{name} came out different from what was sealed: SHA-256 {found}, sealed was {sealed}. It was not kept."


def exit_code_of(error: ProofroomError) -> int:
    """The exit code that tells this error."""
    if isinstance(error, ClientError):
        return error.exit_code
    return NOT_VERIFIED if isinstance(error, VerificationFailed) else FAILED
