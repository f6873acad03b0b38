"""REST for cases, items, custody and search: shapes, lists, refusals."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from custody.actors import Actor
from custody.models import Entry
from evidence.models import Case, Item
from evidence.standing import person_of as id_of
from tests.cast import bearer
from tests.exhibits import file_item

JSON = "application/json"


class Caller:
    """Calls the API with somebody's token."""

    def __init__(self, client: Client, actor: Actor) -> None:
        self.client, self.headers = client, bearer(actor)

    def __call__(self, method: str, address: str, status: int = 200, **sent: Any) -> Any:
        send = getattr(self.client, method)
        more = {} if method == "get" else {"data": sent, "content_type": JSON}
        answer = send("/api/v1/" + address, headers=self.headers, **more)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.get("Content-Type", "").endswith("json") else answer


@pytest.fixture
def call(client: Client) -> Callable[[Actor], Caller]:
    return lambda actor: Caller(client, actor)


Call = Callable[[Actor], Caller]


def test_a_case_is_opened_found_by_number_and_changed(call: Call, alice: Actor) -> None:
    api = call(alice)
    opened = api("post", "cases/", 201, title="Robbery, Mill Street")
    assert opened["lead"] == {"id": str(id_of(alice)), "name": "Alice Archer"}
    assert api("get", f"cases/?number={opened['number']}")["results"] == [opened | {"items": 0}]
    changed = api("patch", f"cases/{opened['id']}/", title="Robbery", confidential=True)
    assert (changed["title"], changed["confidential"]) == ("Robbery", True)
    assert api("post", f"cases/{opened['id']}/close/", reason="Solved")["status"] == "closed"
    assert api("post", f"cases/{opened['id']}/reopen/", reason="New witness")["status"] == "open"


def test_members_come_and_go(call: Call, alice: Actor, charlie: Actor, case: Case) -> None:
    api = call(alice)
    api("post", f"cases/{case.id}/members/", 201, person=str(id_of(charlie)), level="view")
    names = [one["person"]["name"] for one in api("get", f"cases/{case.id}/members/")["results"]]
    assert names == ["Alice Archer", "Bob Baker", "Charlie Carter"]
    api("delete", f"cases/{case.id}/members/{id_of(charlie)}/", 204)
    call(charlie)("get", f"cases/{case.id}/", 404)


def test_an_item_has_the_promised_shape(call: Call, alice: Actor, case: Case, item: Item) -> None:
    found = call(alice)("get", f"items/{item.id}/")
    assert set(found) >= {
        "id", "number", "name", "description", "state", "processing", "processing_reason", "kind", "mime", "bytes",
        "sha256", "source_sha256", "captured_at", "added_at", "sealed_at", "added_by", "cases", "tags", "flags", "url",
    }  # fmt: skip
    assert found["cases"] == [{"id": str(case.id), "number": case.number, "title": case.title, "home": True}]


def test_before_the_seal_only_name_state_and_progress_are_told(call: Call, alice: Actor, case: Case) -> None:
    item = file_item(alice, case, state="received", description="Secret", mime="video/mp4")
    for found in (call(alice)("get", f"items/{item.id}/"), *call(alice)("get", "items/")["results"]):
        assert (found["name"], found["state"]) == ("cam4.mp4", "received")
        assert (found["description"], found["mime"], found["kind"], found["sha256"]) == ("", "", "", "")


def test_an_item_is_described_tagged_flagged_filed_and_moved(
    call: Call, alice: Actor, item: Item, other_case: Case
) -> None:
    api, at = call(alice), f"items/{item.id}/"
    assert api("patch", at, description="Man with a rucksack")["description"] == "Man with a rucksack"
    assert api("post", at + "tags/", tags=["Night", "till"])["results"] == ["night", "till"]
    assert api("post", at + "tags/remove/", tag="night")["results"] == ["till"]
    assert api("post", at + "flags/", flag="sensitive", on=True)["flags"] == ["sensitive"]
    assert len(api("post", at + "filings/", 201, case=other_case.number)["cases"]) == 2
    api("post", at + f"filings/{other_case.id}/end/", 204, reason="By mistake")
    assert api("get", at + f"move/?case={other_case.number}") == {"gain": [], "lose": ["Bob Baker"]}
    moved = api("post", at + "move/", case=other_case.number, reason="Wrong incident number")
    assert moved["number"] == f"{other_case.number}-001"
    first = api("get", at + "custody/?class=change")["results"][0]
    assert first["sentence"].endswith("Wrong incident number")


def test_problems_have_a_code_and_name_the_fields(call: Call, alice: Actor, item: Item, closed_case: Case) -> None:
    api = call(alice)
    assert api("post", f"items/{item.id}/filings/", 409, case=closed_case.number)["code"] == "case-closed"
    assert api("post", "cases/", 400)["code"] == "bad-input"
    assert api("get", "search/", 400)["code"] == "bad-input"
    assert api("get", "items/?case=RPD-2026-99999", 404)["code"] == "not-found"


def test_lists_turn_pages(call: Call, alice: Actor, case: Case) -> None:
    for number in range(52):
        file_item(alice, case, f"photo {number:02}.jpg")
    api = call(alice)
    first = api("get", f"items/?case={case.number}&sort=name")
    second = api("get", first["next"].split("/api/v1/")[1])
    assert [len(first["results"]), len(second["results"]), second["next"]] == [50, 2, None]
    assert second["results"][-1]["name"] == "photo 51.jpg"


def test_words_make_a_list_a_search_that_the_ledger_keeps(call: Call, alice: Actor, item: Item) -> None:
    api = call(alice)
    assert api("get", "search/?q=cam4")["results"] == api("get", "items/?q=cam4")["results"]
    assert Entry.objects.filter(event="search.asked").count() == 1


@pytest.mark.parametrize("address", ["cases/{case}/", "cases/{case}/custody/", "items/{item}/", "items/{item}/tags/"])
def test_a_stranger_finds_nothing(call: Call, lena: Actor, case: Case, item: Item, address: str) -> None:
    assert call(lena)("get", address.format(case=case.id, item=item.id), 404)["code"] == "not-found"


def test_a_list_asks_the_database_alike_for_few_and_for_many(
    call: Call, alice: Actor, case: Case, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        file_item(alice, case)
    api = call(alice)
    with django_assert_max_num_queries(20):
        api("get", "items/")


def test_the_openapi_document_is_whole_and_without_warnings(db: str, capsys: pytest.CaptureFixture[str]) -> None:
    del db
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    assert '"openapi": "3.1.0"' in capsys.readouterr().out
