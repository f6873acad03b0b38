"""Finding an item by its number or its id."""

from uuid import UUID

from proofroom_client.errors import NothingFound, Refused
from proofroom_client.room import Room

ITEMS = "/api/v1/items/"
_NOT_FOUND = 404


def item(room: Room, name: str) -> dict[str, object]:
    """The item as the server tells it. Raises NothingFound, Refused, CantReach."""
    try:
        return room.get(f"{ITEMS}{UUID(name)}/")
    except ValueError:
        return _by_number(room, name)
    except Refused as error:
        if error.answered == _NOT_FOUND:
            raise NothingFound(what="item", name=name) from error
        raise


def _by_number(room: Room, number: str) -> dict[str, object]:
    for row in room.results(ITEMS, number=number):
        # An old number leads to the item that has another one now; the server then says which it is.
        if number in (row.get("number"), *_aliases(row)):
            return room.get(f"{ITEMS}{UUID(str(row['id']))}/")
    raise NothingFound(what="item", name=number)


def _aliases(row: dict[str, object]) -> list[object]:
    found = row.get("aliases")
    return found if isinstance(found, list) else []
