"""Where messages to a person wait for the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage as DjangosStorage


class CookieStorage(DjangosStorage):
    """Signed, in a cookie of this installation's own: ports of one host share their cookies."""

    cookie_name = f"proofroom_messages_{settings.INSTALLATION}"
