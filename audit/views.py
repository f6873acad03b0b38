"""Doors to the ledger's public face, and to whether everything answers."""

from django.http import HttpResponse, JsonResponse

from accounts.http import ActorRequest, anybody, no_event, route
from audit import readiness
from custody import signing, tree
from custody.errors import NothingSigned

_PUBLIC = "public: no name and no id is in it"
_PLAIN = "text/plain; charset=utf-8"


@route("log/checkpoint", GET=anybody(no_event(_PUBLIC)))
def log_checkpoint(request: ActorRequest) -> HttpResponse:
    """The newest signed tree head (C2SP tlog-checkpoint)."""
    del request
    newest = tree.newest()
    if newest is None:
        raise NothingSigned
    return HttpResponse(newest.note, content_type=_PLAIN, headers={"Cache-Control": "no-cache"})


@route("log/vkey", GET=anybody(no_event(_PUBLIC)))
def log_vkey(request: ActorRequest) -> HttpResponse:
    """The key that checkpoints are verified with (C2SP signed-note)."""
    del request
    return HttpResponse(f"{signing.verifier_key()}\n", content_type=_PLAIN, headers={"Cache-Control": "no-cache"})


@route("healthz", GET=anybody(no_event("says only that the process answers")))
def healthz(request: ActorRequest) -> HttpResponse:
    """This process answers."""
    del request
    return HttpResponse("ok\n", content_type=_PLAIN, headers={"Cache-Control": "no-store"})


@route("readyz", GET=anybody(no_event("says only which service answers")))
def readyz(request: ActorRequest) -> HttpResponse:
    """Everything that is needed answers, or by name what does not (503)."""
    del request
    found = readiness.look()
    told = {
        "ready": not any(one.wrong for one in found),
        "services": {one.name: one.wrong or "ok" for one in found},
        "warnings": readiness.warnings(),
    }
    return JsonResponse(told, status=200 if told["ready"] else 503, headers={"Cache-Control": "no-store"})
