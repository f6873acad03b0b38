"""What a stranger may send to any door, and gets a plain refusal for: never a crash, never our memory."""

from typing import Any

import pytest
from django.conf import settings

from evidence import ranges
from evidence.models import Reading
from tests.cast import bearer

JSON = "application/json"


class Endless:
    """A body that goes on for ever, and counts what was taken of it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 <= size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, "asked for everything"
        self.taken += size
        return b" " * size

    readline = read


def test_json_without_an_end_is_given_up(client):
    body = Endless()
    endless = {"CONTENT_TYPE": JSON, "CONTENT_LENGTH": str(10**12), "wsgi.input": body}
    assert client.generic("POST", "/api/v1/device/", b"", **endless).status_code == 400
    assert body.taken <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


def test_json_that_is_nested_too_deeply_is_refused(client):
    answer = client.post("/api/v1/device/", b"[" * 200_000, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse-error")


@pytest.mark.parametrize("url", [
    "/search?q=%00", "/cases/?q=%00", "/cases/?number=%00", "/cases/?cursor=%00", "/api/v1/items/?state=%00",
    "/api/v1/cases/?number=%00", "/api/v1/people/?q=%00", "/device/?code=%00",
])  # fmt: skip
def test_a_nul_in_an_address_is_refused(browser, alice, url):
    assert browser(alice).get(url).status_code == 400


def cursor(*values: Any) -> str:
    import base64
    import json

    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("forged", [
    cursor("x", "y"), cursor({}, []), cursor(None, None), "%%%", "WzE", cursor("\0", "\0"),
])  # fmt: skip
@pytest.mark.parametrize("url", ["/api/v1/cases/", "/api/v1/items/", "/notices/", "/cases/"])
def test_a_forged_cursor_is_refused(browser, alice, url, forged):
    answer = browser(alice).get(url, {"cursor": forged}, headers={"Accept": JSON})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")


def test_an_upload_into_a_case_named_nul_is_refused(client, alice):
    headers = {
        **bearer(alice),
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "1",
        "Upload-Metadata": "filename YQ==,case AA==",
    }
    assert client.post("/api/v1/uploads/", headers=headers).status_code in (400, 404)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[]", b'{"watched": 1}', b'{"watched": [[1]]}', b"\xff"])
def test_nonsense_from_a_player_is_refused(browser, alice, body):
    url = "/readings/01900000-0000-7000-8000-000000000001/beacon"
    assert browser(alice).post(url, body, content_type=JSON, headers={"Accept": JSON}).json()["code"] == "bad-input"


def test_a_range_of_endless_digits_is_nonsense():
    assert ranges.asked(f"bytes={'9' * 5000}-", 10) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_link_on_another_site_uses_the_readers_cookie(browser, alice, item, site):
    url = f"/api/v1/items/{item.id}/content"
    assert browser(alice).get(url, headers={"Sec-Fetch-Site": site}).json()["code"] == "form-expired"
    assert not Reading.objects.exists()
    assert browser(alice).get("/api/v1/session", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert browser(alice).get("/api/v1/session", headers={"Sec-Fetch-Site": "none"}).status_code == 200
