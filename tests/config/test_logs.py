"""What never reaches a log."""

import logging

from config.logs import RequestIdFilter


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("django.request", logging.INFO, __file__, 1, message, arguments, None)


def test_a_link_token_is_taken_out_of_the_message() -> None:
    said = record("GET /s/Zm9vYmFy/accept")
    assert RequestIdFilter().filter(said)
    assert said.getMessage() == "GET /s/…/accept"


def test_a_link_token_is_taken_out_of_an_argument() -> None:
    said = record("Not Found: %s", "/s/Zm9vYmFy")
    assert RequestIdFilter().filter(said)
    assert said.getMessage() == "Not Found: /s/…"


def test_a_per_cent_sign_in_a_path_is_no_place_for_an_argument() -> None:
    said = record("Not Found: %s", "/items/100%s")
    assert RequestIdFilter().filter(said)
    assert said.getMessage() == "Not Found: /items/100%s"
