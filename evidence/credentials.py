"""The credential of one upload: 256 bits that can append to it, hand in its source hash, end it, and nothing else."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.actors import Origin, actor_of
from accounts.errors import NotAllowed, NotVisible
from accounts.permissions import Permission
from accounts.secrets import digest, new_secret
from custody.actors import Actor
from evidence import access
from evidence.models import Filing, Upload, UploadCredential
from evidence.transfer_errors import CredentialRefused

LIVES = timedelta(hours=24)
SCHEME = "upload "


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shows a good credential: the person as an actor, whose session is the credential's digest."""

    actor: Actor
    upload: UUID
    credential: str


def issue(upload: Upload, actor: Actor) -> str:
    """A fresh credential; the others stay good. The secret is returned once and stored nowhere."""
    secret = new_secret()
    UploadCredential.objects.create(upload=upload, digest=digest(secret), until=timezone.now() + LIVES, aal=actor.aal)
    return secret


def show(authorization: str, upload_id: UUID, origin: Origin) -> Holder:
    """Who comes with `Authorization: Upload …`. Raises CredentialRefused."""
    if not authorization.lower().startswith(SCHEME):
        raise CredentialRefused
    shown = digest(authorization[len(SCHEME) :].strip())
    found = _live().select_related("upload__person__agency").filter(digest=shown, upload=upload_id).first()
    if found is None:
        raise CredentialRefused
    actor = actor_of(found.upload.person, origin, method="upload credential", aal=found.aal, session=shown)
    return Holder(actor, upload_id, shown)


def renew(holder: Holder) -> None:
    """The credential is good for another day from now. In the transaction of what it is used for."""
    UploadCredential.objects.filter(digest=holder.credential).update(until=timezone.now() + LIVES)


def demand_access(holder: Holder, upload: Upload) -> None:
    """The person may still add here: neither disabled nor locked, and still with access. Raises NotAllowed."""
    refused = NotAllowed("upload", upload.id, upload.item.agency_id)
    person = upload.person
    person.refresh_from_db(fields=["disabled_at", "locked_at"])
    if person.disabled_at or person.locked_at:
        raise refused
    home = Filing.objects.filter(item=upload.item_id, ended_at=None, home=True).values_list("case", flat=True).first()
    try:
        if home:
            access.case_for(holder.actor, home, Permission.CASE_FILE)
        else:
            access.item_for(holder.actor, upload.item_id, Permission.ITEM_VIEW)
    except (NotVisible, NotAllowed):
        raise refused from None


def forget_old() -> None:
    """Delete credentials that are over. For the sweeper."""
    UploadCredential.objects.filter(until__lt=timezone.now()).delete()


def _live() -> QuerySet[UploadCredential]:
    return UploadCredential.objects.filter(until__gt=timezone.now())
