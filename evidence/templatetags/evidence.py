"""Small parts of this app's own pages."""

from django import template
from django.template.context import Context

from evidence import portrait
from evidence.models import Item

register = template.Library()


@register.simple_tag(takes_context=True)
def narrowed(context: Context, name: str, value: str, chosen: bool) -> str:
    """The address of this list narrowed to a value, or widened again if it is narrowed to it already."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    query.pop(name, None)
    if not chosen:
        query[name] = value
    return f"?{query.urlencode()}"


@register.filter
def facts(item: Item) -> list[portrait.Row]:
    """An item's facts as rows of label, value and source."""
    return portrait.rows(item.facts)
