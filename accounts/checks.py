"""System checks of this app."""

from django.core.checks import CheckMessage, Error, Tags, register

from accounts.http import undeclared


@register(Tags.urls)
def every_url_declares_its_rule(**_options: object) -> list[CheckMessage]:
    """A URL without a declared permission and event is an error; the middleware would not start with it either."""
    return [Error(f"{url} declares no rule", hint="Use accounts.http.route.", id="accounts.E001")
            for url in undeclared()]  # fmt: skip
