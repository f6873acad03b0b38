"""Pages of one's own account: password, sessions, tokens, devices, notices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts import devices, notices, ownership, signing_in, tokens
from accounts.errors import WeakPassword, WrongPassword
from accounts.factors import confirmed_devices
from accounts.forms import DeviceForm, PasswordForm, TokenForm
from accounts.http import SignedInRequest, may, no_event, route
from accounts.paging import page_of
from accounts.permissions import Permission as P
from verifier.events import Event

_FORM = no_event("a form")
_OWN = no_event("what the person owns, shown to the person")


@route("account/", GET=may(P.OWN_ACTS, _OWN, objectless=True))
def account(request: SignedInRequest) -> HttpResponse:
    """Where the person is signed in, and what else opens the account."""
    shown = {
        "sessions": ownership.live_sessions(request.person),
        "current": request.session_id,
        "tokens": tokens.of(request.person),
        "factors": confirmed_devices(request.person),
        "roles": ownership.roles_in_words(request.person),
    }
    return render(request, "accounts/account.html", shown)


@route(
    "account/password/", GET=may(P.OWN_ACTS, _FORM, objectless=True),
    POST=may(P.OWN_ACTS, Event.PASSWORD_CHANGED, objectless=True),
)  # fmt: skip
def password(request: SignedInRequest) -> HttpResponse:
    """Change the own password. Every other session ends, and this one gets a new cookie."""
    form = PasswordForm(request.POST or None)
    session = request.signed_in_session
    if form.is_valid() and session is not None:
        given = form.cleaned_data
        try:
            request.new_session_secret = signing_in.change_password(
                request.actor, session, current=given["current"], new=given["new"], origin=request.origin
            )
        except WrongPassword as error:
            form.add_error("current", str(error))
        except WeakPassword as error:
            form.add_error("new", str(error))
        else:
            messages.success(request, "Your password is changed. Every other session of yours has ended.")
            return redirect("account")
    return render(request, "accounts/password.html", {"form": form, "must": request.person.must_change_password})


@route("account/sessions/<uuid:session_id>/end/", POST=may(P.OWN_ACTS, Event.SIGNED_OUT))
def session_end(request: SignedInRequest, session_id: UUID) -> HttpResponse:
    """End one of the own sessions."""
    ownership.end_own_session(request.actor, request.person, session_id)
    messages.success(request, "That session has ended.")
    return redirect("account")


@route("account/keys/", POST=may(P.OWN_ACTS, no_event("a preference of the own keyboard"), objectless=True))
def single_keys(request: SignedInRequest) -> HttpResponse:
    """Turn single-key shortcuts on or off (WCAG 2.1.4)."""
    ownership.set_single_keys(request.person, on=request.POST.get("on") == "1")
    return redirect("account")


@route(
    "account/tokens/new/", GET=may(P.TOKENS_OWN, _FORM, step_up=True, objectless=True),
    POST=may(P.TOKENS_OWN, Event.TOKEN_ISSUED, step_up=True, objectless=True),
)  # fmt: skip
def token_new(request: SignedInRequest) -> HttpResponse:
    """Issue a token; its secret is shown once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        token, secret = tokens.issue(request.actor, request.person, form.cleaned_data["name"])
        return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    return render(request, "accounts/token_new.html", {"form": form})


@route("account/tokens/<uuid:token_id>/revoke/", POST=may(P.OWN_ACTS, Event.TOKEN_REVOKED))
def token_revoke(request: SignedInRequest, token_id: UUID) -> HttpResponse:
    """Revoke one of the own tokens."""
    tokens.revoke(request.actor, request.person, token_id)
    messages.success(request, "That token opens nothing any more.")
    return redirect("account")


@route("notices/", name="notices", GET=may(P.OWN_ACTS, _OWN, objectless=True))
def notice_list(request: SignedInRequest) -> HttpResponse:
    """What the person was told."""
    rows, cursor = page_of(request.person.notices.all(), request.GET.get("cursor", ""), order=("-created_at", "-id"))
    return render(request, "accounts/notices.html", {"notices": rows, "next_cursor": cursor})


@route("notices/read/", POST=may(P.OWN_ACTS, no_event("marks the own notices as read"), objectless=True))
def notices_read(request: SignedInRequest) -> HttpResponse:
    """Mark all as read."""
    notices.mark_read(request.person)
    return redirect("notices")


@route(
    "device/", GET=may(P.TOKENS_OWN, _FORM, step_up=True, objectless=True),
    POST=may(P.TOKENS_OWN, Event.DEVICE_CONFIRMED, step_up=True, objectless=True),
)  # fmt: skip
def device(request: SignedInRequest) -> HttpResponse:
    """Let a device in, or turn it away, after looking at what it says it is (RFC 8628)."""
    code = request.POST.get("code") or request.GET.get("code", "")
    if request.method == "POST" and request.POST.get("act") == "refuse":
        devices.refuse(code)
        messages.success(request, "The device was turned away.")
        return redirect("account")
    if request.method == "POST" and request.POST.get("act") == "confirm":
        confirmed = devices.confirm(request.actor, request.person, code)
        return render(request, "accounts/device_done.html", {"device": confirmed})
    found = devices.looked_up(code) if code else None
    form = DeviceForm(initial={"code": code})
    return render(request, "accounts/device.html", {"form": form, "device": found, "unknown": code and found is None})
