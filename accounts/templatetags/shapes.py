"""The few drawn shapes of the pages, so that a state is never told by colour alone."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Drawn on a grid of 24; each is the inside of an <svg>.
_DRAWN = {
    "seal": '<path fill-rule="evenodd" d="M12 2 20 5v6c0 5-3.4 9-8 11-4.6-2-8-6-8-11V5zm-1.2 13.6 6-6-1.5-1.5-4.5 4.5-2.1-2.1'
    '-1.5 1.5z"/>',
    "arrive": '<path d="M11 3h2v9l3.3-3.3 1.4 1.4L12 15.8l-5.7-5.7 1.4-1.4L11 12zM4 18h16v2H4z"/>',
    "wait": '<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 3v6l4.8'
    ' 2.8 1-1.7-3.8-2.2V7z"/>',
    "stop": '<path fill-rule="evenodd" d="M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 4v8h2V6zm0 10v2h2v-2z"/>',
    "care": '<path fill-rule="evenodd" d="M12 2 23 21H1zm-1 7v6h2V9zm0 7.5v2h2v-2z"/>',
    "note": '<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v2h-2zm0 4h2v6h-2z"/>',
    "done": '<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.4 14.4 7-7L16.2 8l-5.6 5.6-2.8-2.8'
    'L6.4 12.200z"/>',
    "ring": '<path fill-rule="evenodd" d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2a7 7 0 1 1 0 14 7 7 0 0 1 0-14z"/>',
    "dash": '<path d="M4 11h16v2H4z"/>',
    "lock": '<path fill-rule="evenodd" d="M7 10V7a5 5 0 0 1 10 0v3h2v12H5V10zm2 0h6V7a3 3 0 0 0-6 0zm2 4v4h2v-4z"/>',
    "copy": '<path fill-rule="evenodd" d="M8 2h13v15H8zm2 2v11h9V4zM3 7h3v2H5v11h9v-1h2v3H3z"/>',
    "search": '<path fill-rule="evenodd" d="M10 3a7 7 0 1 0 4.2 12.600l5.1 5.1 1.4-1.4-5.1-5.100A7 7 0 0 0 10 3zm0 2a5 5 0 1'
    ' 1 0 10 5 5 0 0 1 0-10z"/>',
    "up": '<path d="m12 6 7 8H5z"/>',
    "down": '<path d="m12 18-7-8h14z"/>',
    "sort": '<path d="m12 3 5 7H7zM7 14h10l-5 7z"/>',
    "close": '<path d="M5.4 4 12 10.6 18.6 4 20 5.4 13.4 12l6.6 6.6-1.4 1.4-6.6-6.600L5.4 20 4 18.6 10.6 12 4 5.400z"/>',
    "menu": '<path d="M3 5h18v2H3zm0 6h18v2H3zm0 6h18v2H3z"/>',
    "add": '<path d="M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z"/>',
    "play": '<path d="M7 4v16l13-8z"/>',
    "pause": '<path d="M6 4h4v16H6zm8 0h4v16h-4z"/>',
    "again": '<path d="M12 4a8 8 0 1 1-7.7 5.800l1.9.6A6 6 0 1 0 12 6v3.500L7 5l5-4.500z"/>',
    "video": '<path fill-rule="evenodd" d="M2 5h14v5l6-3.500v11L16 14v5H2zm2 2v10h10V7z"/>',
    "audio": '<path d="M11 4v16l-5-5H2V9h4zm3 3a6 6 0 0 1 0 10l-1-1.700a4 4 0 0 0 0-6.600zm3-3.500a10 10 0 0 1 0 17l-1-1.700a8 8 0 0'
    ' 0 0-13.600z"/>',
    "photo": '<path fill-rule="evenodd" d="M2 4h20v16H2zm2 2v9l5-5 5 5 2-2 4 4V6zm12.5 1.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"/>',
    "document": '<path fill-rule="evenodd" d="M5 2h9l5 5v15H5zm2 2v16h10V9h-5V4zm2 8h6v1.600H9zm0 4h6v1.600H9z"/>',
    "other": '<path fill-rule="evenodd" d="M5 2h9l5 5v15H5zm2 2v16h10V9h-5V4z"/>',
    "bell": '<path d="M12 2a2 2 0 0 0-1.8 2.700A6 6 0 0 0 6 10.500V16l-2 2v1h16v-1l-2-2v-5.500a6 6 0 0 0-4.2-5.800A2 2 0 0 0 12 2zM9.5'
    ' 20a2.5 2.5 0 0 0 5 0z"/>',
    "person": '<path d="M12 3a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM3 21c0-4.5 4-7 9-7s9 2.5 9 7z"/>',
}


def drawn(name: str, label: str = "") -> SafeString:
    """The shape as inline SVG; hidden from screen readers unless it has a label. An unknown name crashes."""
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    inside = mark_safe(_DRAWN[name])  # noqa: S308 - our own drawing, from the table above
    return format_html('<svg class="icon" viewBox="0 0 24 24" focusable="false" {}>{}</svg>', hidden, inside)
