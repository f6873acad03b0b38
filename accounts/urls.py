"""Doors of this app."""

from accounts import api
from accounts.http import urls_of
from accounts.views import account, administering, signing_in

urlpatterns = urls_of(signing_in, account, administering, api)
