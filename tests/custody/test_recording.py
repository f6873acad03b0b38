from django.db import transaction
from uuid import uuid4
from custody.actors import Actor, ActorKind
from custody.models import Repeat, Entry
from custody import recording, refusing
from verifier.events import Event
def test_smoke(db):
    a=Actor(kind=ActorKind.PERSON,id=uuid4(),name="Alice",agency=uuid4())
    s=[recording.Subject("item",uuid4())]
    with transaction.atomic():
        recording.record(a, Event.ITEM_SEALED, owner=a.agency, subjects=s, fields={"name":"x\x00"})
    for i in range(3): recording.record_refusal(a, Event.ITEM_VIEWED, owner=a.agency, subjects=s, reason="no")
    assert Repeat.objects.get().count==2
    with transaction.atomic():
        refusing.fold(Repeat.objects.select_for_update(of=("self",)).get())
    assert Entry.objects.count()==3
