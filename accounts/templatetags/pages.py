"""The parts that pages are made of. docs/pages.md shows each with an example."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.templatetags.shapes import drawn

register = template.Library()

# State → shape, word, manner. The word is what people read; the manner is a colour beside it.
STATES: Mapping[str, tuple[str, str, str]] = {
    "receiving": ("arrive", "Arriving", "quiet"),
    "received": ("wait", "Sealing", "care"),
    "sealed": ("seal", "Sealed", "good"),
    "quarantined": ("stop", "Quarantined", "alarm"),
    "abandoned": ("dash", "Not completed", "quiet"),
    "disposed": ("dash", "Disposed of", "quiet"),
    "waiting": ("wait", "Waiting", "quiet"),
    "running": ("again", "Being prepared", "care"),
    "done": ("done", "Ready", "good"),
    "failed": ("care", "Failed", "alarm"),
    "open": ("ring", "Open", "good"),
    "closed": ("lock", "Closed", "quiet"),
    "held": ("lock", "On hold", "care"),
    "confidential": ("lock", "Confidential", "care"),
    "malware": ("care", "Malware", "alarm"),
    "do_not_disclose": ("stop", "Do not disclose", "alarm"),
    "sensitive": ("care", "Sensitive", "care"),
    "active": ("done", "Active", "good"),
    "disabled": ("dash", "Disabled", "quiet"),
    "locked": ("lock", "Locked", "alarm"),
}
_KINDS = frozenset({"video", "audio", "photo", "document"})
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawn shape: `{% icon "lock" %}`; with a label it is read aloud."""
    return drawn(name, label)


@register.simple_tag
def shape_choices(names: str) -> SafeString:
    """Several shapes, hidden, of which a script shows one: `{% shape_choices "wait done" %}`."""
    rows = ((name, drawn(name)) for name in names.split())
    return format_html_join("", '<span data-shape="{}" hidden>{}</span>', rows)


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    """The shape of an item's kind (video, audio, photo, document; anything else a blank sheet)."""
    return drawn(kind if kind in _KINDS else "other")


@register.simple_tag
def state(name: str, word: str = "") -> SafeString:
    """A state as shape and word: `{% state item.state %}`. An unknown state is shown as its own name."""
    shape, usual, manner = STATES.get(name, ("ring", name.replace("_", " ").capitalize(), "quiet"))
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', manner, drawn(shape), word or usual)


class Viewable(Protocol):
    """As much of an item as its viewer looks at."""

    state: str
    processing: str
    kind: str
    mime: str
    facts: dict[str, dict[str, object]]


@register.filter
def viewer(item: Viewable) -> str:
    """How an item is shown: video, audio, picture, arriving, preparing, quarantined, failed or none."""
    if item.state != "sealed":
        return "quarantined" if item.state == "quarantined" else "arriving"
    if item.kind in {"video", "audio"} and "playable" in item.facts:  # the reader in the sandbox looked at its codecs
        return item.kind
    if item.processing in {"waiting", "running"}:
        return "preparing"
    if item.processing == "failed":
        return "failed"
    return "picture" if item.kind == "photo" else "none"


@register.simple_tag
def digest(value: str) -> SafeString:
    """A hash in hex, shortened, the whole of it in the title and behind a copy button. Empty: a dash."""
    if not value:
        return mark_safe('<span class="soft">–</span>')
    short = f"{value[:8]}…{value[-6:]}" if len(value) > 20 else value
    return format_html(
        '<span class="digest"><code title="{0}">{1}</code><button type="button" class="copy" data-copy="{0}" '
        'aria-label="Copy the whole hash">{2}</button></span>',
        value,
        short,
        drawn("copy"),
    )


def _zone(context: Context) -> ZoneInfo:
    zone = context.get("zone") or "UTC"
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))


@register.simple_tag(takes_context=True)
def when(context: Context, value: datetime | None, part: str = "full") -> SafeString:
    """A time in the person's zone, UTC in the title. `part`: full (with seconds), minute, date or time."""
    if value is None:
        return mark_safe('<span class="soft">–</span>')
    utc, local = value.astimezone(UTC), value.astimezone(_zone(context))
    day = f"{local.day} {local:%b %Y}"
    text = {
        "full": f"{day} {local:%H:%M:%S}",
        "minute": f"{day} {local:%H:%M}",
        "date": day,
        "time": f"{local:%H:%M:%S}",
    }
    return format_html(
        '<time datetime="{}" title="{} UTC" class="nowrap">{}</time>',
        f"{utc:%Y-%m-%dT%H:%M:%SZ}",
        f"{utc:%Y-%m-%d %H:%M:%S}",
        text[part],
    )


@register.filter
def size(count: int | None) -> str:
    """Bytes as people say them, in decimal units: 1.2 GB. None: a dash."""
    if count is None:
        return "–"
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    if unit == 0:
        return "1 byte" if count == 1 else f"{count} bytes"
    return f"{value:.1f} {_UNITS[unit]}" if value < 100 else f"{value:.0f} {_UNITS[unit]}"


@register.simple_tag(name="size")
def size_tag(count: int | None) -> SafeString:
    """Bytes as people say them, the exact count in the title: `{% size item.bytes %}`."""
    exact = f"{count:,} bytes" if count is not None else ""
    return format_html('<span class="nowrap" title="{}">{}</span>', exact, size(count))


@register.filter
def clock(seconds: float | None) -> str:
    """A length in seconds as 3:12 or 1:03:12."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _here(context: Context, **changes: str | None) -> str:
    """This page's query with changes; None takes a word out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, field: str, numeric: str = "") -> SafeString:
    """A column head that sorts: `{% sort_header "Number" "number" %}`; the sort is `?sort=number` or `-number`."""
    now = context.get("sort") or context["request"].GET.get("sort", "")
    said, shape, turn = "none", "sort", field
    if now == field:
        said, shape, turn = "ascending", "up", f"-{field}"
    elif now == f"-{field}":
        said, shape, turn = "descending", "down", field
    return format_html(
        '<th scope="col" aria-sort="{}" class="{}"><a class="sort" href="{}">{}{}</a></th>',
        said,
        numeric,
        _here(context, sort=turn, cursor=None),
        label,
        drawn(shape),
    )


@register.inclusion_tag("parts/pages.html", takes_context=True)
def keyset(context: Context, cursor: str | None, noun: str = "entries") -> dict[str, object]:
    """Links to the first and the next page of a list: `{% keyset next_cursor "cases" %}`; None: this is the last."""
    paged = "cursor" in context["request"].GET
    return {
        "next": _here(context, cursor=cursor) if cursor else None,
        "first": _here(context, cursor=None) if paged else None,
        "noun": noun,
    }


@register.inclusion_tag("parts/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """What a list says when nothing is in it, and what to do: `{% empty "No cases yet" "…" url "Open a case" %}`."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("parts/timeline.html", takes_context=True)
def timeline(context: Context, entries: Iterable[object]) -> dict[str, object]:
    """Custody entries, newest first. docs/pages.md says which attributes each has."""
    return {"entries": entries, "zone": context.get("zone")}


@register.inclusion_tag("parts/tabs.html")
def tabs(label: str, rows: Iterable[Mapping[str, object]]) -> dict[str, object]:
    """Tabs that are links: rows of url, label, current, and count if there is one."""
    return {"label": label, "tabs": rows}


@register.inclusion_tag("parts/crumbs.html")
def crumbs(*pairs: str) -> dict[str, object]:
    """Where this page is: `{% crumbs "Cases" cases_url case.number %}`: label, address, …, this page's label."""
    return {"links": list(zip(pairs[0:-1:2], pairs[1::2], strict=False)), "here": pairs[-1]}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, object]:
    """One form field with label, hint and errors: `{% field form.title %}`."""
    widget = bound.field.widget
    ticks = isinstance(widget, forms.CheckboxInput)
    style = "usa-input"
    if isinstance(widget, forms.Textarea):
        style = "usa-textarea"
    elif isinstance(widget, forms.Select):
        style = "usa-select"
    elif ticks:
        style = "usa-checkbox__input"
    says = " ".join(f"{bound.auto_id}-{part}" for part, there in _described(bound, hint) if there)
    attributes: dict[str, str | bool] = {"class": f"{style} {widget.attrs.get('class', '')}".strip()}
    if says:
        attributes["aria-describedby"] = says
    if bound.errors:
        attributes["aria-invalid"] = "true"
        attributes["class"] = f"{attributes['class']} usa-input--error"
    several = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    html = "" if several else bound.as_widget(attrs=attributes)
    return {"field": bound, "hint": hint or bound.help_text, "html": html, "ticks": ticks, "several": several}


def _described(bound: BoundField, hint: str) -> list[tuple[str, bool]]:
    return [("hint", bool(hint or bound.help_text)), ("error", bool(bound.errors))]


@register.simple_block_tag(takes_context=False)
def alert(content: str, manner: str = "info", heading: str = "") -> SafeString:
    """A message in a frame: `{% alert "warning" "Heading" %}…{% endalert %}`; info, success, warning or error."""
    head = format_html('<h2 class="usa-alert__heading">{}</h2>', heading) if heading else ""
    return format_html(
        '<div class="usa-alert usa-alert--{} {}"><div class="usa-alert__body">{}<div class="usa-alert__text">{}</div>'
        "</div></div>",
        manner,
        "" if heading else "usa-alert--slim",
        head,
        content,
    )
