"""The application that holds every model, and so the one line of migrations."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "assay_web.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
