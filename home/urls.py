"""Doors of this app."""

from django.conf import settings

from accounts.http import urls_of
from home import mailbox, views

urlpatterns = urls_of(views)
if settings.DEMO:
    urlpatterns += urls_of(mailbox)
