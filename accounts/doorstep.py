"""What is known of a browser before it is signed in: banner acknowledged, password given. A signed cookie of minutes."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Person

COOKIE = f"proofroom_doorstep_{settings.INSTALLATION}"
SECONDS = 15 * 60
_SALT = "accounts.doorstep"


def read(request: HttpRequest) -> dict[str, Any]:
    """What this browser has done so far; empty when it is a stranger or took too long."""
    try:
        state: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature:
        return {}
    return state


def write(response: HttpResponse, state: dict[str, Any]) -> HttpResponse:
    """Remember it; an empty state forgets."""
    if not state:
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    response.set_cookie(
        COOKIE, signing.dumps(state, salt=_SALT), max_age=SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def _print_of(person: Person) -> str:
    """Changes with the password, so that a change ends every sign-in that is half done."""
    return salted_hmac(_SALT, person.password, algorithm="sha256").hexdigest()


def with_password(state: dict[str, Any], person: Person) -> dict[str, Any]:
    """The state of a browser that gave the person's password."""
    return {**state, "person": str(person.id), "print": _print_of(person)}


def person_of(state: dict[str, Any]) -> Person | None:
    """Whose password this browser gave."""
    if "person" not in state:
        return None
    person = Person.objects.select_related("agency").filter(id=UUID(state["person"])).first()
    return person if person and constant_time_compare(state["print"], _print_of(person)) else None
