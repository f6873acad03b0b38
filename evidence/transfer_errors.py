"""What taking bytes in and giving bytes out may refuse. `retry_after` is in seconds, for the header of that name."""

from accounts.errors import Misfit
from verifier.errors import ProofroomError


class BadUploadHeader(ProofroomError):
    """A header that the tus protocol asks for is missing or can't be read."""

    code, status = "upload-header", 400
    says = "The header {header} is missing or can't be read: {why}."


class WrongTusVersion(ProofroomError):
    """The client speaks another version of tus."""

    code, status = "tus-version", 412
    says = "This server speaks tus 1.0.0; the request said {version}."


class WrongContentType(ProofroomError):
    """A chunk of a file comes as application/offset+octet-stream."""

    code, status = "upload-content-type", 415
    says = "Send a chunk with the content type application/offset+octet-stream."


class UploadTooLarge(Misfit):
    """More than one vault file holds."""

    code, status = "upload-too-large", 413
    says = "A file of {length} bytes is too large here. The limit is {limit} bytes."


class LengthExceeded(Misfit):
    """More bytes come than the upload announced, or the length that is told now is less than what is here."""

    code, status = "upload-length", 413
    says = (
        "This upload announced {length} bytes, and {offset} would be there after this. Check that the file is the same."
    )


class LengthKnown(ProofroomError):
    """The length is told once."""

    code, status = "upload-length-known", 400
    says = "The length of this upload is already known: {length} bytes."


class WrongOffset(Misfit):
    """The client thinks that more or less is here than there is."""

    code, status = "upload-offset", 409
    says = "This upload stands at byte {offset}, not at {claimed}. Ask for the offset with HEAD and go on from there."


class ChecksumFailed(Misfit):
    """The bytes are not those that the client sent; nothing of the chunk was kept (tus checksum extension)."""

    code, status = "upload-checksum", 460
    says = "The chunk arrived changed: its checksum is another. Nothing of it was kept; send it again."


class UnknownChecksum(ProofroomError):
    """A checksum in an algorithm that isn't offered."""

    code, status = "upload-checksum-algorithm", 400
    says = "Checksums are accepted in sha256 and sha1; this one is in {algorithm}."


class ChecksummedChunkTooLarge(ProofroomError):
    """A chunk with a checksum is kept whole or not at all, so it must fit in memory."""

    code, status = "upload-checksum-size", 413
    says = "A chunk with a checksum may be {limit} bytes at most. Send smaller chunks."


class UploadBusy(Misfit):
    """Another connection is writing to this upload right now."""

    code, status = "upload-busy", 423
    says = "Another connection is sending this file now. Try again in {seconds} seconds."

    def __init__(self, seconds: int) -> None:
        self.retry_after = seconds
        super().__init__(seconds=seconds)


class LeaseLost(Misfit):
    """Another connection has taken this upload over; what this one sent since its last part was not kept."""

    code, status = "upload-taken-over", 409
    says = "Another connection goes on with this upload. Ask for the offset with HEAD."


class UploadEnded(Misfit):
    """The upload is finished, was ended, or expired."""

    code, status = "upload-ended", 410
    says = "This upload has ended. Start a new one."


class CredentialRefused(ProofroomError):
    """The upload's credential is missing, wrong or too old."""

    code, status = "upload-credential", 401
    says = (
        "This upload needs its own credential, which is missing, wrong or too old. List your uploads to get a new one."
    )


class PiecesMissing(ProofroomError):
    """The pieces of a part don't add up to it. It can't happen while database and bucket belong together."""

    code, status = "upload-pieces", 500
    says = "What was received of part {part} before isn't all there. Start the upload again, and tell the operator."


class TooBusy(ProofroomError):
    """All places for transfers, or the memory for them, are taken. Pages still answer."""

    code, status = "too-many-transfers", 503
    says = "Too many files are being sent and fetched now. Try again in a few seconds."
    retry_after = 3


class NotReady(ProofroomError):
    """The item isn't sealed yet, so its bytes can't be read."""

    code, status = "item-not-sealed", 409
    says = "{number} is not sealed yet. Its file can be opened when it is."
    retry_after = 5


class NotPlayable(ProofroomError):
    """A browser can't show this type, or its type isn't known."""

    code, status = "item-not-playable", 409
    says = "{number} can't be played here. Download it to open it with a program of your own."


class DownloadLimitReached(Misfit):
    """The grant allows so many downloads and no more."""

    code, status = "download-limit", 403
    says = "Your access allowed {limit} downloads, and they are used up. Ask the person who gave it."


class ReadingEnded(ProofroomError):
    """The reading was closed: completed, revoked, or left alone for too long."""

    code, status = "reading-ended", 410
    says = "This download or playback has ended. Open it again from the item's page."
