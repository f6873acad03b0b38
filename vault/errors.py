"""What the vault may answer instead of bytes."""

from verifier.errors import ProofroomError


class VaultError(ProofroomError):
    """The root of what the vault raises about stored bytes: it names the file, its version and the part."""

    status = 500

    def __init__(self, file: str, version: str, part: int, why: str = "") -> None:
        self.file, self.version, self.part, self.why = file, version, part, why
        super().__init__(file=file, version=version, part=part, why=why)


class Corrupt(VaultError):
    """A segment does not authenticate, or the bytes end too early."""

    code = "evidence-corrupt"
    says = "Part {part} of {file} (version {version}) is damaged in the store: {why}. Nothing damaged was sent."


class Missing(VaultError):
    """The version is not in the store."""

    code = "evidence-missing"
    says = "{file} (version {version}) is not in the store. Somebody deleted it there."


class Foreign(VaultError):
    """The stream that lies in a part's place is whole or not, but it isn't the one that was put there."""

    code = "evidence-foreign"
    says = "In the place of part {part} of {file} (version {version}) lies something else. Nothing of it was sent."


class Erased(ProofroomError):
    """The data key was destroyed on purpose."""

    code, status = "evidence-erased", 410
    says = "The key of this evidence was destroyed. It can't be read again."


class NotWhole(ProofroomError):
    """The file isn't complete in the store yet, or was given up."""

    code, status = "file-not-whole", 409
    says = "This file is not whole in the store yet."


class NotTheSame(ProofroomError):
    """Under the key lies a version that doesn't have the parts that were recorded."""

    code, status = "file-not-the-same", 500
    says = "In the store {file} is not made of the parts that were received. Tell the operator."


class Busy(ProofroomError):
    """The process's buffers are taken."""

    code, status = "busy", 503
    says = "Too many transfers are under way. Yours goes on in a moment."
    retry_after = 3  # seconds
