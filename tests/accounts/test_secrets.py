"""What the web server of an installation logs while people sign in, fail, and break things: no secret of theirs."""

import secrets
import time

import requests

from tests.cast import PASSWORD, bearer, code_of, enrolled, person_of, sign_in
from tests.secrecy import found_in, remember


def token_of(page: str) -> str:
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"', maxsplit=1)[0]


def test_a_real_server_logs_no_secret_of_a_whole_sign_in(live: str, alice, stack):
    device, browser, url = enrolled(alice), requests.Session(), live
    wrong = remember(f"wrong {secrets.token_hex(8)}")
    browser.headers["Referer"] = url
    page = browser.post(
        f"{url}/sign-in/", {"acknowledged": 1, "csrfmiddlewaretoken": token_of(browser.get(f"{url}/sign-in/").text)}
    )
    # People type their password into the field of the name, and into addresses.
    for email, password in ((wrong, "x"), (person_of(alice).email, wrong), (person_of(alice).email, PASSWORD)):
        page = browser.post(
            f"{url}/sign-in/", {"email": email, "password": password, "csrfmiddlewaretoken": token_of(page.text)}
        )
    browser.post(f"{url}/sign-in/factor/", {"code": code_of(device), "csrfmiddlewaretoken": token_of(page.text)})
    session = next(cookie.value for cookie in browser.cookies if "session" in cookie.name)
    remember(session or "")
    assert browser.get(f"{url}/api/v1/session").json()["person"]["id"] == str(alice.id)
    headers = bearer(alice)
    remember(headers["Authorization"].split()[1])
    assert requests.get(f"{url}/api/v1/session", headers=headers, timeout=30).status_code == 200
    for path in (f"/sign-in/?password={wrong}", f"/search?q={wrong}", f"/s/{remember(secrets.token_urlsafe(32))}"):
        browser.get(url + path)
    begun = requests.post(f"{url}/api/v1/device/", json={"name": "a laptop"}, timeout=30).json()
    remember(begun["device_code"])
    requests.post(f"{url}/api/v1/device/token", json={"device_code": begun["device_code"]}, timeout=30)
    time.sleep(0.2)
    logged = (stack.home.path / "logs" / "live-web").with_suffix(".log").read_text()
    assert "gunicorn" in logged
    assert found_in(logged) == []


def test_the_watch_itself_would_see_one():
    secret = remember("a secret of the test of tests")
    assert found_in(f"GET /?q={secret.replace(' ', '+')} 200") == ["a secr…"]


def test_a_signed_in_client_is_a_real_session(client, alice):
    assert sign_in(client, alice).get("/api/v1/session").json()["method"] == "password and code"
