"""Who reaches what: the one rule over grants, asked in both directions."""

from datetime import timedelta

import pytest
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts import roles
from accounts.errors import NotAllowed, NotVisible
from accounts.models import Agency, Person, Unit
from accounts.permissions import Permission as P
from accounts.permissions import Role
from accounts.rights import CONSOLE
from custody.actors import ANONYMOUS, SYSTEM, Actor
from evidence import access, cases, describing, filing, members
from evidence.models import Case, Grant, Item
from evidence.standing import person_of as id_of
from tests.cast import hire, person_of
from tests.exhibits import file_item


def sees(actor: Actor, item: Item) -> bool:
    """Asked for the item itself and for the list; the two must agree."""
    listed = access.visible_items(actor).filter(id=item.id).exists()
    assert listed == (P.ITEM_VIEW in access.actions_on_item(actor, item))
    return listed


def sees_case(actor: Actor, case: Case) -> bool:
    listed = access.visible_cases(actor).filter(id=case.id).exists()
    assert listed == (P.CASE_VIEW in access.actions_on_case(actor, case))
    return listed


def grant(**given: object) -> Grant:
    return Grant.objects.create(id=uuid7(), ground=Grant.Ground.SHARE, **given)


def test_the_owner_and_a_member_see_an_item(alice: Actor, bob: Actor, item: Item) -> None:
    assert sees(alice, item)
    assert sees(bob, item)


def test_a_stranger_sees_nothing(charlie: Actor, case: Case, item: Item) -> None:
    assert not sees(charlie, item)
    assert not sees_case(charlie, case)
    with pytest.raises(NotVisible) as refused:
        access.item_for(charlie, item.id, P.ITEM_VIEW)
    assert (refused.value.kind, refused.value.object_id, refused.value.owner) == ("item", item.id, item.agency_id)


def test_what_does_not_exist_is_refused_alike_but_has_no_owner(alice: Actor) -> None:
    with pytest.raises(NotVisible) as refused:
        access.item_for(alice, uuid7(), P.ITEM_VIEW)
    assert refused.value.owner is None


def test_some_action_but_not_this_one_is_not_allowed(bob: Actor, case: Case) -> None:
    with pytest.raises(NotAllowed):
        access.case_for(bob, case.id, P.CASE_CLOSE)


def test_a_grant_without_the_role_allows_nothing(alice: Actor, audrey: Actor, case: Case, item: Item) -> None:
    members.add_member(alice, case.id, person_of(audrey).id, members.Level.LEAD)
    assert P.ITEM_DOWNLOAD not in access.actions_on_item(audrey, item)
    with pytest.raises(NotAllowed):
        access.grant_for(audrey, item, P.ITEM_DOWNLOAD)


def test_a_role_without_a_grant_allows_nothing(lena: Actor, item: Item) -> None:
    assert not sees(lena, item)


def test_an_administrator_sees_nothing_even_as_a_member(alice: Actor, adam: Actor, case: Case, item: Item) -> None:
    members.add_member(alice, case.id, person_of(adam).id, members.Level.WORK)
    assert not sees(adam, item)


@pytest.mark.parametrize("nobody", [ANONYMOUS, SYSTEM], ids=lambda actor: actor.kind.value)
def test_nobody_reaches_nothing(item: Item, nobody: Actor) -> None:
    assert not sees(nobody, item)


def test_a_job_reaches_what_its_person_reaches(alice: Actor, charlie: Actor, item: Item) -> None:
    assert sees(alice.as_job(uuid7(), "media.make"), item)
    assert not sees(charlie.as_job(uuid7(), "media.make"), item)


def test_a_disabled_person_reaches_nothing(bob: Actor, item: Item) -> None:
    Person.objects.filter(id=id_of(bob)).update(disabled_at=timezone.now())
    assert not sees(bob, item)


def test_a_revoked_grant_is_dead(alice: Actor, bob: Actor, case: Case, item: Item) -> None:
    members.remove_member(alice, case.id, person_of(bob).id)
    assert not sees(bob, item)


def test_a_grant_lives_between_its_start_and_its_end(charlie: Actor, item: Item) -> None:
    hour, now = timedelta(hours=1), timezone.now()
    one = grant(to_person=person_of(charlie), on_item=item, actions=[P.ITEM_VIEW])
    assert sees(charlie, item)
    Grant.objects.filter(id=one.id).update(ends_at=now - hour)
    assert not sees(charlie, item)
    Grant.objects.filter(id=one.id).update(ends_at=None, starts_at=now + hour)
    assert not sees(charlie, item)


def test_an_item_is_reached_by_any_case_that_it_is_in(
    alice: Actor, charlie: Actor, item: Item, other_case: Case
) -> None:
    members.add_member(alice, other_case.id, person_of(charlie).id, members.Level.VIEW)
    filing.file(alice, item.id, other_case.id)
    assert sees(charlie, item)
    filing.unfile(alice, item.id, other_case.id, "By mistake")
    assert not sees(charlie, item)


def test_a_supervisor_reaches_the_unit(sam: Actor, case: Case, item: Item) -> None:
    assert sees(sam, item)
    assert sees_case(sam, case)


def test_a_supervisor_of_another_unit_reaches_nothing(riverton: Agency, case: Case, item: Item) -> None:
    fraud = Unit.objects.create(id=uuid7(), agency=riverton, name="Fraud")
    rita = hire(riverton, "Rita Ross", Role.SUPERVISOR, fraud)
    assert not sees(rita, item)
    assert not sees_case(rita, case)


def test_confidential_cases_are_hidden_from_the_unit_and_open_to_custodian_and_auditor(
    alice: Actor, bob: Actor, sam: Actor, carl: Actor, audrey: Actor, case: Case, item: Item
) -> None:
    cases.change(alice, case.id, cases.Changes(confidential=True))
    case.refresh_from_db()
    assert [sees_case(who, case) for who in (alice, bob, sam, carl, audrey)] == [True, True, False, True, True]
    assert [sees(who, item) for who in (alice, bob, sam, carl, audrey)] == [True, True, False, True, True]


def test_a_confidential_item_is_hidden_from_the_unit(alice: Actor, bob: Actor, sam: Actor, item: Item) -> None:
    describing.flag(alice, item.id, "confidential", on=True)
    item.refresh_from_db()
    assert [sees(who, item) for who in (alice, bob, sam)] == [True, True, False]


def test_one_confidential_case_of_several_hides_an_item_from_the_unit(
    alice: Actor, sam: Actor, item: Item, other_case: Case
) -> None:
    cases.change(alice, other_case.id, cases.Changes(confidential=True))
    filing.file(alice, item.id, other_case.id)
    assert not sees(sam, item)
    assert access.is_confidential(item)


def test_a_grant_on_the_agency_does_not_reach_confidential_cases_for_others(
    alice: Actor, charlie: Actor, case: Case, item: Item
) -> None:
    grant(to_person=person_of(charlie), on_agency=case.agency, actions=[P.ITEM_VIEW, P.CASE_VIEW])
    assert sees(charlie, item)
    cases.change(alice, case.id, cases.Changes(confidential=True))
    case.refresh_from_db()
    assert not sees(charlie, item)
    assert not sees_case(charlie, case)


def test_standing_grants_end_with_the_role(adam: Actor, carl: Actor, sam: Actor, item: Item) -> None:
    supervised = person_of(sam)
    roles.take(CONSOLE, person_of(carl), Role.CUSTODIAN)
    roles.take(CONSOLE, supervised, Role.SUPERVISOR, supervised.unit)
    assert not sees(carl, item)
    assert not sees(sam, item)


def test_a_custodian_sees_the_agency_and_no_other(carl: Actor, lena: Actor, item: Item) -> None:
    theirs = file_item(lena, cases.open_case(lena, title="Theft at the marina"))
    assert sees(carl, item)
    assert not sees(carl, theirs)


def test_a_grant_to_a_partner_agency_is_used_by_its_prosecutors_and_supervisors(
    dana: Actor, attorney: Agency, case: Case, item: Item
) -> None:
    clerk = hire(attorney, "Cora Cole", Role.DETECTIVE)
    grant(to_agency=attorney, on_case=case, actions=[P.ITEM_VIEW, P.ITEM_PLAY, P.CASE_VIEW])
    assert sees(dana, item)
    assert not sees(clerk, item)


def test_a_grant_to_one_role_of_an_agency_is_for_that_role(dana: Actor, attorney: Agency, item: Item) -> None:
    chief = hire(attorney, "Una Underhill", Role.SUPERVISOR, Unit.objects.create(
        id=uuid7(), agency=attorney, name="Felonies"
    ))  # fmt: skip
    grant(to_agency=attorney, to_role=Role.SUPERVISOR, on_item=item, actions=[P.ITEM_VIEW])
    assert sees(chief, item)
    assert not sees(dana, item)


def test_a_grant_to_a_unit_is_for_its_people(charlie: Actor, lena: Actor, robbery: Unit, item: Item) -> None:
    grant(to_unit=robbery, on_item=item, actions=[P.ITEM_VIEW])
    assert sees(charlie, item)
    assert not sees(lena, item)


def test_a_guest_uses_only_what_a_guest_holds(riverton: Agency, item: Item) -> None:
    guest = Person.objects.create(id=uuid7(), kind=Person.Kind.GUEST, email="j@defense.example", name="J. Whitlow")
    actor = Actor(kind=ANONYMOUS.kind.GUEST, id=guest.id, name=guest.name)
    grant(to_person=guest, on_item=item, actions=[P.ITEM_VIEW, P.ITEM_DESCRIBE])
    assert access.actions_on_item(actor, item) == {P.ITEM_VIEW}


def test_an_item_in_quarantine_is_left_to_the_custodian(alice: Actor, carl: Actor, item: Item) -> None:
    Item.objects.filter(id=item.id).update(state=Item.State.QUARANTINED)
    item.refresh_from_db()
    assert access.actions_on_item(alice, item) == {P.ITEM_VIEW, P.CUSTODY_VIEW, P.CUSTODY_EXPORT}
    assert P.QUARANTINE_END in access.actions_on_item(carl, item)
    assert not access.visible_items(alice, P.ITEM_DOWNLOAD).filter(id=item.id).exists()


def test_the_most_generous_grant_is_used(charlie: Actor, item: Item) -> None:
    person = person_of(charlie)
    actions = [P.ITEM_VIEW, P.ITEM_DOWNLOAD]
    grant(to_person=person, on_item=item, actions=actions, download_limit=1, downloads=1)
    marked = grant(to_person=person, on_item=item, actions=actions, watermark=True)
    assert access.grant_for(charlie, item, P.ITEM_DOWNLOAD).id == marked.id
    free = grant(to_person=person, on_item=item, actions=actions)
    assert access.grant_for(charlie, item, P.ITEM_DOWNLOAD).id == free.id


def test_an_uploader_reaches_what_is_in_no_case(alice: Actor, bob: Actor, sam: Actor, loose_item: Item) -> None:
    assert [sees(who, loose_item) for who in (alice, bob, sam)] == [True, False, False]
