"""Who acts: a person, a machine for a person, or somebody unknown."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class ActorKind(StrEnum):
    """The kinds of actor that an entry can name."""

    PERSON = "person"
    GUEST = "guest"
    OPERATOR = "operator"
    JOB = "job"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, passed to every state change and never taken from a thread.

    `session` is the hex SHA-256 of the session key or token, never the secret itself. `aal` is the authenticator
    assurance level of NIST SP 800-63B (0 for machines and the unknown). `peer` is the address of the connection,
    `claimed` what a configured proxy forwarded. For a job, `id` and `agency` are those of the person it acts for.
    """

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    agency: UUID | None = None
    agency_name: str = ""
    peer: str = ""
    claimed: str = ""
    user_agent: str = ""
    method: str = ""
    aal: int = 0
    session: str = ""
    job: UUID | None = None
    job_kind: str = ""

    def as_job(self, job: UUID, job_kind: str) -> "Actor":
        """The machine that does `job_kind` for this actor."""
        return replace(
            self,
            kind=ActorKind.JOB,
            job=job,
            job_kind=job_kind,
            method="job",
            aal=0,
            session="",
            peer="",
            claimed="",
            user_agent="",
        )

    def to_json(self) -> dict[str, object]:
        """What a job row keeps, so that its work can be ascribed to who asked for it."""
        return {
            "kind": self.kind.value,
            "id": str(self.id) if self.id else None,
            "name": self.name,
            "agency": str(self.agency) if self.agency else None,
            "agency_name": self.agency_name,
        }

    @classmethod
    def from_json(cls, stored: dict[str, object]) -> "Actor":
        """Read back what `to_json` wrote."""
        return cls(
            kind=ActorKind(str(stored["kind"])),
            id=UUID(str(stored["id"])) if stored.get("id") else None,
            name=str(stored.get("name") or ""),
            agency=UUID(str(stored["agency"])) if stored.get("agency") else None,
            agency_name=str(stored.get("agency_name") or ""),
        )


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS, name="Somebody unknown")
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Proofroom")
