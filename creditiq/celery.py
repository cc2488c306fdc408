"""The Celery application: `celery -A creditiq.celery worker`."""

import os

from celery import Celery
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "creditiq.settings.local")
app = Celery("creditiq")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["creditiq.kernel", "accounts", "wallets", "fraud", "scoring", "lending"])


@task_prerun.connect
def keep_good_connections(**_: object) -> None:
    """A connection is kept from task to task, unless the database went away meanwhile or it grew old."""
    close_old_connections()
