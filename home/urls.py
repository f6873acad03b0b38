"""Doors of this app."""

from accounts.http import urls_of
from home import views

urlpatterns = urls_of(views)
