"""Doors of this app."""

from accounts.http import urls_of
from evidence.api import cases as api_cases
from evidence.api import items as api_items
from evidence.api import readings, uploads
from evidence.api import search as api_search
from evidence.views import cases, content, items, search, several
from evidence.views import uploads as upload_pages

urlpatterns = urls_of(
    cases, items, several, search, content, api_cases, api_items, api_search, readings, uploads, upload_pages
)  # fmt: skip
