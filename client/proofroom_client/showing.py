"""`proofroom show`: what the server says of an item."""

import json

from proofroom_client.items import item
from proofroom_client.room import Room
from verifier.words import shown, size

_LINES = ("number", "name", "description", "state", "processing", "kind", "mime", "sha256", "source_sha256", "url")


def show(room: Room, name: str, *, as_json: bool) -> int:
    """Print one item."""
    found = item(room, name)
    if as_json:
        print(json.dumps(found))
        return 0
    for key in _LINES:
        if found.get(key):
            print(f"{key:14} {shown(str(found[key]))}")
    if isinstance(count := found.get("bytes"), int):
        print(f"{'size':14} {size(count)}")
    return 0
