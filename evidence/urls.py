"""Doors of this app."""

from accounts.http import urls_of
from evidence.views import cases, items, search, several

urlpatterns = urls_of(cases, items, several, search)
