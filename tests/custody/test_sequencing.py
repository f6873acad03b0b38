from uuid import uuid4
from django.db import transaction
from custody import sequencing, tree, signing
from custody.actors import Actor, ActorKind
from custody.models import *
from custody import recording
from verifier.events import Event
from verifier import merkle, notes
def test_smoke(db):
    a=Actor(kind=ActorKind.PERSON,id=uuid4(),name="Alice",agency=uuid4())
    s=[recording.Subject("item",uuid4())]
    for n in (1,3,5):
        for i in range(n):
            with transaction.atomic():
                recording.record(a, Event.ITEM_SEALED, owner=a.agency, subjects=s, fields={"name":"x\x00"})
        assert sequencing.sequence()==n
    assert sequencing.sequence()==0
    c=Checkpoint.objects.order_by("-size").first()
    assert c.size==9
    leaves=[bytes(l.digest) for l in Leaf.objects.order_by("index")]
    assert merkle.root(leaves)==bytes(c.root)
    assert notes.verify(c.note, signing.verifier_key()).root==bytes(c.root)
    assert list(LeafSubject.objects.order_by("leaf").values_list("number",flat=True))==list(range(1,10))
