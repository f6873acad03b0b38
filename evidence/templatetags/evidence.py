"""Small parts of this app's own pages."""

from django import template
from django.template.context import Context

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
def facts(item: Item) -> list[dict[str, str]]:
    """An item's facts as rows of label, value and source; what isn't a plain value is left out."""
    rows = []
    for name, fact in item.facts.items():
        value, source = (fact.get("value"), fact.get("source")) if isinstance(fact, dict) else (fact, "")
        if isinstance(value, str | int | float) and value != "":
            label = str(fact.get("label", "")) if isinstance(fact, dict) else ""
            rows.append({"label": label or name.replace("_", " ").capitalize(), "value": str(value),
                         "source": str(source or "")})  # fmt: skip
    return rows
