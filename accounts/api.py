"""REST: who am I, people of the own agency, signing a device in, and the description of the whole API."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts import devices
from accounts.http import anybody, may, no_event, route
from accounts.models import Person
from accounts.permissions import Permission as P
from accounts.rest import ApiRequest, ApiView
from accounts.rights import permissions_of, roles_of
from verifier.events import Event


class DeviceName(serializers.Serializer[Any]):
    """What a device calls itself."""

    name = serializers.CharField(max_length=120, default="a device")


class DeviceSecret(serializers.Serializer[Any]):
    """The secret that the device was given."""

    device_code = serializers.CharField(max_length=200)


@route("api/v1/session", name="api-session", GET=may(P.OWN_ACTS, no_event("tells who asks"), objectless=True))
class SessionView(ApiView):
    """Who is signed in."""

    def get(self, request: ApiRequest) -> Response:
        """The person, the agency, roles, permissions, and how the person signed in."""
        person, session = request.person, request.signed_in_session
        agency = person.agency
        return Response({
            "person": {"id": person.id, "name": person.name, "email": person.email, "kind": person.kind},
            "agency": agency and {"id": agency.id, "name": agency.name, "prefix": agency.prefix, "zone": agency.zone},
            "roles": sorted(roles_of(person.id)),
            "permissions": sorted(permissions_of(request.actor)),
            "method": request.actor.method,
            "opened_at": session and session.opened_at,
        })  # fmt: skip


@route("api/v1/people/", name="api-people", GET=may(P.CASE_PEOPLE, no_event("names of colleagues"), objectless=True))
class PeopleView(ApiView):
    """The people of the own agency, to add them to a case."""

    def get(self, request: ApiRequest) -> Response:
        """Open accounts whose name or address holds `q`, by name."""
        found = Person.objects.select_related("unit").filter(agency=request.person.agency, disabled_at=None)
        for word in request.GET.get("q", "").split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return self.listed(request, found, _shown, order=("name", "id"))


def _shown(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "email": person.email, "title": person.title,
            "unit": person.unit.name if person.unit else None}  # fmt: skip


@route("api/v1/device/", name="api-device", POST=anybody(no_event("a device asks; its confirmation is the entry")))
class DeviceView(ApiView):
    """A device begins to sign in (RFC 8628)."""

    @extend_schema(request=DeviceName)
    def post(self, request: ApiRequest) -> Response:
        """Codes: one for the device, one for the person."""
        name = self.sent(request, DeviceName)["name"]
        device, secret = devices.begin(name, request.origin)
        return Response({
            "device_code": secret,
            "user_code": device.user_code,
            "verification_url": f"{settings.ADDRESS}/device/",
            "verification_url_complete": f"{settings.ADDRESS}/device/?code={device.user_code}",
            "interval": devices.INTERVAL,
            "expires_in": devices.SECONDS,
        })  # fmt: skip


@route("api/v1/device/token", name="api-device-token", POST=anybody(Event.TOKEN_ISSUED))
class DeviceTokenView(ApiView):
    """A device asks whether it was let in."""

    @extend_schema(request=DeviceSecret)
    def post(self, request: ApiRequest) -> Response:
        """The token, once the person has confirmed."""
        return Response({"token": devices.collect(self.sent(request, DeviceSecret)["device_code"], request.origin)})


@route("api/v1/openapi.json", name="api-openapi", GET=anybody(no_event("the description of the API, the same for all")))
class OpenApiView(ApiView):
    """The description of this API."""

    @extend_schema(exclude=True)
    def get(self, request: ApiRequest) -> Response:
        """OpenAPI 3.1."""
        del request
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]
        return Response(generator.get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
