"""The workspace as a WSGI application, for `assay serve` and any other server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay_web.settings")
application = get_wsgi_application()

from assay_web.home import current_home  # noqa: E402 — settings are there only now

current_home()
