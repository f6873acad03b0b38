"""What an entry about an item is also about: the cases that the item is filed in."""

from custody.recording import Subject
from evidence.models import Filing, Item


def about(item: Item) -> list[Subject]:
    """The item, then its live cases with the home first, as subjects of one entry."""
    cases = Filing.objects.filter(item=item, ended_at=None).order_by("-home", "filed_at").values_list("case", flat=True)
    return [Subject("item", item.id), *(Subject("case", case) for case in cases)]
