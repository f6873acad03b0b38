"""Pages for several items of a case at once: file, tag, move."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from accounts.errors import BadInput
from accounts.http import SignedInRequest, may, no_event, route
from accounts.permissions import Permission as P
from custody.actors import Actor
from evidence import access, filing, several
from evidence.forms import FileForm, MoveForm, TagForm, attempt
from evidence.models import Item
from verifier.events import Event

_FORM = no_event("a form")


def _chosen(query: QueryDict) -> list[UUID]:
    try:
        return [UUID(value) for value in query.getlist("item")][: several.AT_ONCE]
    except ValueError:
        raise BadInput("One of the chosen items isn't an item. Choose again.") from None


def _seen(actor: Actor, ids: list[UUID], permission: P) -> list[Item]:
    return list(access.visible_items(actor, permission).filter(id__in=ids).order_by("number"))


def _page(request: SignedInRequest, case_id: UUID, permission: P, template: str, **context: object) -> HttpResponse:
    case = access.case_for(request.actor, case_id, permission)
    items = _seen(request.actor, _chosen(request.POST or request.GET), permission)
    if not items:
        messages.warning(request, "Choose one or more items first.")
        return redirect("case", case_id)
    context |= {"case": case, "items": items, "fileable": filing.fileable(request.actor)[:200]}
    return render(request, template, context)


@route("cases/<uuid:case_id>/tag/", GET=may(P.ITEM_DESCRIBE, _FORM), POST=may(P.ITEM_DESCRIBE, Event.ITEM_TAGGED))
def case_tag(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Put tags on several items."""
    form = TagForm(request.POST or None)
    if attempt(form, lambda _told: several.tag(request.actor, _chosen(request.POST), form.words())):
        messages.success(request, "Tagged.")
        return redirect("case", case_id)
    return _page(request, case_id, P.ITEM_DESCRIBE, "evidence/case_tag.html", form=form)


@route("cases/<uuid:case_id>/file/", GET=may(P.ITEM_MOVE, _FORM), POST=may(P.ITEM_MOVE, Event.ITEM_FILED))
def case_file(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Put several items into one more case."""
    form = FileForm(request.POST or None)
    if attempt(form, lambda told: several.file(
        request.actor, _chosen(request.POST), filing.case_named(request.actor, told["case"]).id
    ), request):  # fmt: skip
        messages.success(request, f"They are in {form.cleaned_data['case']} too now.")
        return redirect("case", case_id)
    return _page(request, case_id, P.ITEM_MOVE, "evidence/case_file.html", form=form)


@route("cases/<uuid:case_id>/move/", GET=may(P.ITEM_MOVE, _FORM), POST=may(P.ITEM_MOVE, Event.ITEM_MOVED))
def case_move(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """Move several items to another case, after saying who gains and who loses access."""
    form = MoveForm(request.POST if request.method == "POST" else None)
    if attempt(form, lambda told: several.move(
        request.actor, _chosen(request.POST), to=filing.case_named(request.actor, told["case"]).id,
        reason=told["reason"],
    ), request):  # fmt: skip
        messages.success(request, "Moved. Their old numbers still find them.")
        return redirect("case", case_id)
    number = request.POST.get("case") or request.GET.get("case", "")
    chosen, reached = FileForm({"case": number} if number else None), []
    if number and attempt(chosen, lambda told: reached.append(several.before_move(
        request.actor, _chosen(request.POST or request.GET), filing.case_named(request.actor, told["case"]).id
    )), request):  # fmt: skip
        form = form if request.method == "POST" else MoveForm(initial={"case": number})
        return _page(request, case_id, P.ITEM_MOVE, "evidence/case_move_confirm.html", form=form, move=reached[0])
    return _page(request, case_id, P.ITEM_MOVE, "evidence/case_move.html", form=chosen)
