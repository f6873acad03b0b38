"""A real web server over a test's database."""

import urllib.request


def test_it_answers_over_http(live: str) -> None:
    with urllib.request.urlopen(live + "/healthz") as answer:
        assert answer.status == 200
