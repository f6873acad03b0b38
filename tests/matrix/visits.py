"""How each route and method is visited: with what, on which object, under which right, and by which real person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.permissions import Permission as P
from evidence.models import Item
from tests.evidence.sending import TUS, metadata
from tests.matrix.world import World

Named = Callable[[World], dict[str, Any]]
Prepare = Callable[[World, Client], dict[str, Any]]


@dataclass(frozen=True)
class Visit:
    """One row. `owner` names a person of the world who may; `on` the object that a grant must cover: item, case or ''.

    `also` are rights that the route needs besides its own (a move needs the right to file in the other case).
    `entry` says why a success writes nothing under the declared event. `prepare` runs as the visitor and gives more of the URL. `bound` marks what belongs to one session: for everybody
    else it is not there. `foreign` is the status for the other agency and for no right, where it is not 404.
    """

    owner: str = "alice"
    on: str = ""
    url: Named = lambda _world: {}
    query: Named = lambda _world: {}
    data: Named = lambda _world: {}
    headers: Named = lambda _world: {}
    also: frozenset[P] = frozenset()
    prepare: Prepare | None = None
    bound: bool = False
    json: bool = False
    raw: str = ""
    sequenced: bool = False
    to_the_door: bool = False  # success itself leads to the sign-in
    entry: str = ""


def _tagged(world: World, client: Client) -> dict[str, Any]:
    client.post(f"/items/{world.item}/tags/", {"tags": "night"})
    return {}


def item(**more: Any) -> Visit:
    """A visit of the sealed item in Alice's case."""
    return Visit(on="item", url=lambda w: {"item_id": w.item}, **more)


def case(**more: Any) -> Visit:
    """A visit of Alice's case."""
    return Visit(on="case", url=lambda w: {"case_id": w.case}, **more)


def _reading(url: str) -> Prepare:
    def open_one(world: World, client: Client) -> dict[str, Any]:
        answer = client.post(url.format(item=world.item))
        return {
            "reading_id": answer.json()["reading"] if "json" in answer["Content-Type"] else _id_in(answer["Location"])
        }

    return open_one


def _id_in(url: str) -> str:
    return url.strip("/").split("/")[1]


def _preview(world: World, client: Client) -> dict[str, Any]:
    Item.objects.filter(id=world.item).update(mime="image/jpeg", kind="photo", facts={})
    return _reading("/items/{item}/play/")(world, client)


def _posters(world: World, client: Client) -> dict[str, Any]:
    answer = client.post(f"/cases/{world.case}/posters/", {"items": [str(world.item)]}, content_type="application/json")
    return {"reading_id": answer.json()["reading"], "item_id": world.item}


def _upload(world: World, client: Client) -> dict[str, Any]:
    begun = client.post("/api/v1/uploads/", headers=_begin(world), content_type="application/octet-stream")
    return {"upload_id": begun["Location"].rstrip("/").split("/")[-1]}


def _begin(world: World) -> dict[str, str]:
    return {**TUS, "Upload-Length": "10", "Upload-Metadata": metadata(filename="a.mp4", case=str(world.case))}


def _credential(world: World) -> dict[str, str]:
    return {**TUS, "Authorization": f"Upload {world.credential}"}


def _other(world: World) -> dict[str, Any]:
    return {"case": world.other_number, "reason": "Wrong incident number"}


def _chosen(**more: Any) -> Named:
    return lambda w: {"item": str(w.item), **more}


def _move_in_bulk(world: World) -> dict[str, Any]:
    return {"item": str(world.item), "case": world.other_number, "reason": "Wrong incident number"}


_FILING = frozenset({P.CASE_FILE, P.CASE_VIEW})
_VIEWING = frozenset({P.ITEM_VIEW})
_PICKING = frozenset({P.ITEM_VIEW, P.CASE_VIEW})
_REASON: Named = lambda _w: {"reason": "Because of a test"}  # noqa: E731 - one word for a constant body
_NEW_CASE: Named = lambda _w: {"title": "A new case"}  # noqa: E731 - as above
_MEMBER: Named = lambda w: {"person": str(w.carl.id), "level": "view"}  # noqa: E731 - as above
_BOB: Named = lambda w: {"case_id": w.case, "person_id": w.bob.id}  # noqa: E731 - as above
_UNFILE: Named = lambda w: {"item_id": w.item, "case_id": w.other_case}  # noqa: E731 - as above
_GUARDED: Named = lambda w: {"item_id": w.guarded}  # noqa: E731 - as above
_CLOSED: Named = lambda w: {"case_id": w.closed_case}  # noqa: E731 - as above

EVIDENCE: dict[tuple[str, str], Visit] = {
    ("home", "GET"): Visit(),
    ("cases", "GET"): Visit(),
    ("cases_csv", "GET"): Visit(),
    ("case_new", "GET"): Visit(),
    ("case_new", "POST"): Visit(data=_NEW_CASE),
    ("case", "GET"): case(),
    ("case_csv", "GET"): case(),
    ("case_activity", "GET"): case(),
    ("case_activity_csv", "GET"): case(),
    ("case_people", "GET"): case(),
    ("case_people", "POST"): case(data=_MEMBER),
    ("case_person_remove", "GET"): Visit(on="case", url=_BOB),
    ("case_person_remove", "POST"): Visit(on="case", url=_BOB),
    ("case_details", "GET"): case(),
    ("case_details", "POST"): case(data=lambda w: {"title": "Another title", "lead": str(w.alice.id)}),
    ("case_close", "GET"): case(),
    ("case_close", "POST"): case(data=_REASON),
    ("case_reopen", "GET"): Visit(on="closed", url=_CLOSED),
    ("case_reopen", "POST"): Visit(on="closed", url=_CLOSED, data=_REASON),
    ("case_tag", "GET"): case(query=_chosen()),
    ("case_tag", "POST"): case(data=_chosen(tags="night")),
    ("case_file", "GET"): case(query=_chosen()),
    ("case_file", "POST"): Visit(on="case", url=lambda w: {"case_id": w.case}, also=_FILING,
                                 data=lambda w: {"item": str(w.loose), "case": w.other_number}),
    ("case_move", "GET"): case(query=_chosen()),
    ("case_move", "POST"): case(data=_move_in_bulk, also=_FILING),
    ("uncategorised", "GET"): Visit(),
    ("uncategorised_csv", "GET"): Visit(),
    ("item", "GET"): item(),
    ("item_describe", "POST"): item(data=lambda _w: {"name": "camera 5.mp4", "description": "Seen from the door"}),
    ("item_tags", "POST"): item(data=lambda _w: {"tags": "night"}),
    ("item_flags", "POST"): item(data=lambda _w: {"flag": "sensitive", "on": "1"}),
    ("item_file", "GET"): item(),
    ("item_file", "POST"): Visit(on="loose", url=lambda w: {"item_id": w.loose}, data=_other, also=_FILING),
    ("item_move", "GET"): item(),
    ("item_move", "POST"): item(data=_other, also=_FILING),
    ("item_unfile", "GET"): Visit(on="item", url=_UNFILE, also=_FILING),
    ("item_unfile", "POST"): Visit(on="item", url=_UNFILE, data=_REASON, also=_FILING),
    ("item_custody", "GET"): item(),
    ("item_custody_csv", "GET"): item(),
    ("item_bundle", "POST"): item(sequenced=True),
    ("quarantine", "GET"): Visit(owner="carl"),
    ("quarantine_end", "GET"): Visit(owner="carl", on="guarded", url=_GUARDED),
    ("quarantine_end", "POST"): Visit(owner="carl", on="guarded", url=_GUARDED, data=_REASON),
    ("search", "GET"): Visit(query=lambda _w: {"q": "camera"}),
    ("search_csv", "GET"): Visit(query=lambda _w: {"q": "camera"}),
    ("item_download", "POST"): item(),
    ("item_play", "POST"): item(also=_VIEWING),
    ("reading_file", "GET"): item(prepare=_reading("/items/{item}/download/"), bound=True),
    ("reading_stream", "GET"): item(prepare=_reading("/items/{item}/play/"), bound=True, also=_VIEWING),
    ("reading_preview", "GET"): item(prepare=_preview, bound=True, also=_VIEWING),
    ("reading_beacon", "POST"): item(
        prepare=_reading("/items/{item}/play/"), bound=True, json=True, also=_VIEWING,
        data=lambda _w: {"watched": [[0, 1.5]], "ended": False},
    ),
    ("case_posters", "POST"): case(json=True, data=lambda w: {"items": [str(w.item)]}, also=frozenset({P.ITEM_PLAY})),
    ("reading_poster", "GET"): case(prepare=_posters, bound=True, also=_PICKING),
    ("log_checkpoint", "GET"): Visit(sequenced=True),
    ("log_vkey", "GET"): Visit(),
    ("healthz", "GET"): Visit(),
    ("readyz", "GET"): Visit(sequenced=True),
    # REST
    ("api-cases", "GET"): Visit(),
    ("api-cases", "POST"): Visit(json=True, data=_NEW_CASE),
    ("api-case", "GET"): case(),
    ("api-case", "PATCH"): case(json=True, data=lambda _w: {"title": "Another title"}),
    ("api-case-close", "POST"): case(json=True, data=_REASON),
    ("api-case-reopen", "POST"): Visit(on="closed", url=_CLOSED, json=True, data=_REASON),
    ("api-case-members", "GET"): case(),
    ("api-case-members", "POST"): case(json=True, data=_MEMBER),
    ("api-case-member", "DELETE"): Visit(on="case", url=_BOB),
    ("api-case-custody", "GET"): case(),
    ("api-items", "GET"): Visit(),
    ("api-item", "GET"): item(),
    ("api-item", "PATCH"): item(json=True, data=lambda _w: {"description": "Seen from the door"}, also=_VIEWING),
    ("api-item-flags", "POST"): item(json=True, data=lambda _w: {"flag": "sensitive", "on": True}, also=_VIEWING),
    ("api-item-tags", "GET"): item(),
    ("api-item-tags", "POST"): item(json=True, data=lambda _w: {"tags": ["night"]}),
    ("api-item-tags-remove", "POST"): item(
        json=True, data=lambda _w: {"tag": "night"}, prepare=_tagged
    ),
    ("api-item-filings", "GET"): item(),
    ("api-item-filings", "POST"): Visit(
        on="loose", url=lambda w: {"item_id": w.loose}, json=True, data=_other, also=_FILING | _VIEWING
    ),
    ("api-item-filing-end", "POST"): Visit(on="item", url=_UNFILE, json=True, data=_REASON, also=_FILING),
    ("api-item-move", "GET"): item(query=_other, also=_FILING),
    ("api-item-move", "POST"): item(json=True, data=_other, also=_FILING | _VIEWING),
    ("api-item-custody", "GET"): item(),
    ("api-item-bundle", "POST"): item(sequenced=True),
    ("api-item-quarantine-end", "POST"): Visit(
        owner="carl", on="guarded", url=_GUARDED, json=True, data=_REASON, also=_VIEWING
    ),
    ("api-item-content", "GET"): item(),
    ("api-item-content", "HEAD"): item(),
    ("api-search", "GET"): Visit(query=lambda _w: {"q": "camera"}),
    ("api-uploads", "GET"): Visit(),
    ("api-uploads", "POST"): Visit(on="case", headers=_begin, raw="application/octet-stream"),
    ("api-uploads", "OPTIONS"): Visit(headers=lambda _w: TUS),
    ("api-upload", "HEAD"): Visit(url=lambda w: {"upload_id": w.upload}, headers=_credential),
    ("api-upload", "PATCH"): Visit(
        url=lambda w: {"upload_id": w.upload}, headers=lambda w: {**_credential(w), "Upload-Offset": "0"},
        raw="application/offset+octet-stream",
    ),
    ("api-upload", "DELETE"): Visit(url=lambda w: {"upload_id": w.upload}, headers=_credential),
    ("api-upload", "OPTIONS"): Visit(url=lambda w: {"upload_id": w.upload}, headers=lambda _w: TUS),
    ("api-upload-source", "PUT"): Visit(
        url=lambda w: {"upload_id": w.upload}, headers=_credential, json=True,
        data=lambda _w: {"sha256": "9f" * 32, "bytes": 10},
    ),
    ("api-upload-state", "GET"): Visit(on="case", prepare=_upload, bound=True),
}  # fmt: skip
