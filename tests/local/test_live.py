"""A real web server over a test's database."""

import urllib.error
import urllib.request


def test_it_answers_over_http(live: str) -> None:
    try:
        urllib.request.urlopen(live + "/healthz").close()
    except urllib.error.HTTPError as answer:
        answer.close()
        assert answer.code < 500
