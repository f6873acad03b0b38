"""The Celery application: one task, three queues."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("proofroom")
app.config_from_object("config.celery_settings")
app.set_default()  # for every thread, not only the one that imports this
app.autodiscover_tasks(["jobs"])
