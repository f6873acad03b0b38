import io
from uuid import uuid4
from django.db import transaction
from custody import bundles, sequencing, signing
from custody.actors import Actor, ActorKind
from custody.recording import Subject, record
from verifier.events import Event
from verifier.layout import WithheldRule
from verifier.recipe import verify

def test_a_bundle_verifies(db, tmp_path):
    a=Actor(kind=ActorKind.PERSON,id=uuid4(),name="Alice",agency=uuid4())
    s=Subject("item",uuid4()); t=Subject("item",uuid4())
    with transaction.atomic():
        record(a, Event.ITEM_SEALED, owner=a.agency, subjects=[s], fields={"name":"x"})
        record(a, Event.ITEM_VIEWED, owner=a.agency, subjects=[t], fields={"name":"y"})
        record(a, Event.READING_OPENED, owner=a.agency, subjects=[t, s], fields={"purpose":"list"})
        record(a, Event.ITEM_VIEWED, owner=a.agency, subjects=[s], fields={"name":"y"})
    hidden=[]
    def sight(e):
        return {"subject_0": WithheldRule.NOT_COVERED} if e.event==Event.READING_OPENED else {}
    with transaction.atomic():
        o=bundles.order_export(a, owner=a.agency, scope=[s], sight=sight, fields={"name":"x"})
    assert sequencing.sequence()==5
    p=tmp_path/"b.zip"
    with p.open("wb") as f: bundles.cut(o,f)
    v=verify(p, signing.verifier_key())
    print(v.statements())
    assert len(v.entries)==4
