"""Doors of this app."""

from accounts.http import urls_of
from evidence.api import readings, uploads
from evidence.views import cases, content, items, search, several

urlpatterns = urls_of(cases, items, several, search, content, readings, uploads)
