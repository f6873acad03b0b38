"""What the parts of pages say. docs/pages.md shows each."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from accounts.templatetags.pages import STATES, clock, size, viewer


def shown(template: str, *, path: str = "/cases/", **context: object) -> str:
    """The template as a person in Chicago gets it."""
    made = engines["django"].from_string("{% load pages %}" + template)
    return str(made.render({"zone": "America/Chicago", **context}, RequestFactory().get(path)))


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (999_949, "1.0 MB"), (1_234_567_890, "1.2 GB"),
     (150_000_000, "150 MB"), (None, "–")],
)  # fmt: skip
def test_a_size_is_said_in_decimal_units(count: int | None, words: str) -> None:
    assert size(count) == words


def test_a_length_is_said_as_a_clock_says_it() -> None:
    assert (clock(192.7), clock(3792), clock(None)) == ("3:12", "1:03:12", "–")


def test_a_time_is_in_the_zone_of_the_person_with_utc_on_hover() -> None:
    html = shown("{% when at %}", at=datetime(2026, 11, 24, 3, 2, 11, tzinfo=UTC))
    assert "23 Nov 2026 21:02:11" in html
    assert 'title="2026-11-24 03:02:11 UTC"' in html


def test_no_time_is_a_dash() -> None:
    assert "–" in shown("{% when at %}", at=None)


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_a_shape_and_a_word(name: str) -> None:
    html = shown("{% state name %}", name=name)
    assert "<svg" in html
    assert STATES[name][1] in html


def test_a_hash_is_short_and_copied_whole() -> None:
    html = shown("{% digest value %}", value="ab" * 32)
    assert f'data-copy="{"ab" * 32}"' in html
    assert "abababab…ababab" in html


def test_what_people_wrote_is_escaped() -> None:
    html = shown(
        '{% empty title %}{% state name %}{% alert "info" %}{{ title }}{% endalert %}', title="<b>", name="<b>"
    )
    assert "<b>" not in html


def test_a_sorted_column_turns_round_and_forgets_the_page() -> None:
    html = shown('{% sort_header "Number" "number" %}', path="/cases/?sort=number&cursor=x&status=open")
    assert 'aria-sort="ascending"' in html
    assert 'href="?status=open&amp;sort=-number"' in html


def test_the_next_page_keeps_the_rest_of_the_query() -> None:
    html = shown('{% keyset "abc" "cases" %}', path="/cases/?status=open")
    assert 'href="?status=open&amp;cursor=abc"' in html
    assert "Back to the first" not in html


def test_a_list_of_one_page_has_no_pages() -> None:
    assert shown('{% keyset "" "cases" %}').strip() == ""


class Form(forms.Form):
    title = forms.CharField(help_text="Short and plain")


def test_a_field_ties_its_hint_and_error_to_the_box() -> None:
    html = shown("{% field form.title %}", form=Form({}))
    assert 'aria-describedby="id_title-hint id_title-error"' in html
    assert 'id="id_title-error"' in html
    assert 'aria-invalid="true"' in html


@pytest.mark.parametrize(
    ("facts", "manner"),
    [
        ({"state": "received"}, "arriving"),
        ({"state": "quarantined"}, "quarantined"),
        ({"processing": "waiting"}, "preparing"),
        ({"kind": "video", "mime": "video/quicktime", "facts": {"playable": {"value": "video/mp4"}}}, "video"),
        ({"kind": "video", "mime": "video/mp4", "processing": "running"}, "preparing"),
        ({"kind": "video", "mime": "video/mp4"}, "none"),
        ({"kind": "video", "mime": "video/x-msvideo"}, "none"),
        ({"kind": "photo", "mime": "image/jpeg"}, "picture"),
        ({"kind": "photo", "processing": "failed"}, "failed"),
        ({"kind": "document", "mime": "text/html"}, "none"),
    ],
)
def test_the_viewer_fits_what_the_item_is(facts: dict[str, Any], manner: str) -> None:
    item = {"state": "sealed", "processing": "done", "kind": "", "mime": "", "facts": {}} | facts
    assert viewer(SimpleNamespace(**item)) == manner
