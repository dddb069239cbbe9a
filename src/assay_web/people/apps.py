"""What of signing in has to be ready before the first request."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "assay_web.people"
    label = "people"

    def ready(self) -> None:
        """Note each sign-in in our own list, in place of allauth's, which would keep sessions' keys as they are."""
        from allauth.account import signals as by_allauth
        from allauth.usersessions import signals as listed_by_allauth
        from django.contrib.auth.signals import user_logged_in

        by_allauth.user_logged_in.disconnect(listed_by_allauth.on_user_logged_in)
        by_allauth.password_changed.disconnect(listed_by_allauth.on_password_changed)
        by_allauth.password_set.disconnect(listed_by_allauth.on_password_changed)
        user_logged_in.connect(_signed_in, dispatch_uid="assay-signed-in")


def _signed_in(request: Any, user: Any, **kwargs: object) -> None:
    from allauth.account.adapter import get_adapter
    from allauth.account.internal.flows.login import get_authentication_records

    from assay_web.services.sessions import remember

    if request.session.session_key and "REMOTE_ADDR" in request.META:
        ip = get_adapter().get_client_ip(request)
        ways = [one.get("type") or one["method"] for one in get_authentication_records(request, user)]
        remember(user, request.session.session_key, ip, request.META.get("HTTP_USER_AGENT", ""), ways[-4:])
