"""The Celery application: `celery -A creditiq.celery worker`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "creditiq.settings.local")
app = Celery("creditiq")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["creditiq.kernel", "accounts", "wallets", "fraud", "scoring", "lending"])
