"""What the tabs of a case and the page of an item need around what is theirs."""

from typing import Any

from django.urls import reverse

from accounts.permissions import Permission as P
from custody.actors import Actor
from evidence import access, describing, filing, listing, members, panels, timelines
from evidence.forms import DescribeForm, TagForm
from evidence.models import Case, Item

_TABS = (("case", "Evidence", P.CASE_VIEW), ("case_activity", "Activity", P.CUSTODY_VIEW),
         ("case_people", "People", P.CASE_VIEW), ("case_details", "Details", P.CASE_VIEW))  # fmt: skip


def case_frame(actor: Actor, case: Case, tab: str) -> dict[str, Any]:
    """The case's head and tabs. `actions` is what the person may do with it."""
    actions = access.actions_on_case(actor, case)
    people = [(grant, members.level_of(grant)) for grant in members.members_of(case)]
    counts = {"case": listing.items_in(actor, case), "case_people": len(people)}
    tabs = [
        {"url": reverse(name, args=[case.id]), "label": label, "current": name == tab, "count": counts.get(name)}
        for name, label, needs in _TABS if needs in actions
    ]  # fmt: skip
    return {
        "case": case, "tabs": tabs, "people": people, "actions": actions, "levels": members.SAYS,
        "may_add": P.CASE_FILE in actions and case.closed_at is None,
    }  # fmt: skip


def item_frame(actor: Actor, item: Item) -> dict[str, Any]:
    """The item's page. `shown` is False where only name, state and progress may be seen."""
    actions = access.actions_on_item(actor, item)
    shown = describing.shows(item, actions)
    frame: dict[str, Any] = {
        "item": item, "actions": actions, "shown": shown, "filings": filing.cases_of(actor, item),
        "can_play": P.ITEM_PLAY in actions or (item.kind == "photo" and P.ITEM_VIEW in actions),
        "follow": item.state in {"receiving", "received"}
        or (item.state == "sealed" and item.processing in {"waiting", "running"}),
    }  # fmt: skip
    if not shown:
        return frame
    proof = timelines.seal_of(item)
    frame["follow"] = frame["follow"] or (proof is not None and proof.checkpoint is None)
    return frame | {
        "tags": describing.tags_of(item), "flags": describing.flags_of(item), "may_flag": describing.FLAGS,
        "aliases": list(item.aliases.values_list("number", flat=True)),
        "describe_form": DescribeForm(initial={"name": item.name, "description": item.description}),
        "tag_form": TagForm(), "proof": proof,
        "main_panels": panels.item_panels(actor, item, actions, "main"),
        "rail_panels": panels.item_panels(actor, item, actions, "rail"),
    }  # fmt: skip
