"""What of signing in has to be ready before the first request."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "assay_web.people"
    label = "people"

    def ready(self) -> None:
        from assay_web.people.second_factor import connect  # models are there only now

        connect()
