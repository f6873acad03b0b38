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
    found = list(room.results(ITEMS, number=number))
    same = [row for row in found if str(row.get("number")).lower() == number.lower()]
    # A number that an item once had leads to it, though it is called otherwise now.
    if len(same or found) != 1:
        raise NothingFound(what="item", name=number)
    return room.get(f"{ITEMS}{UUID(str((same or found)[0]['id']))}/")
