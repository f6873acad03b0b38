from django.db import transaction
from jobs import queue, running
def test_smoke(db):
    seen=[]
    queue.kind("test.one")(lambda job: (job.progress(10), seen.append(job.ids)))
    with transaction.atomic():
        queue.enqueue("test.one","a",{"x":"1"},{})
        queue.enqueue("test.one","a",{"x":"1"},{})
    assert running.run_due()==1
    assert seen==[{"x":"1"}]
