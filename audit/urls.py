"""Doors of this app."""

from accounts.http import urls_of
from audit import views

urlpatterns = urls_of(views)
