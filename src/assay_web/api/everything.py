"""The interface as a whole: its parts, its addresses for Django, and its description (OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from assay import __version__
from assay_web.access import May, asks
from assay_web.api import doing, evidence, metrics, programme
from assay_web.api.problems import TITLES, TYPE, answer_problems
from assay_web.api.registers import operations_of
from assay_web.registered import REGISTERS

BASE = "api/v1/"
ABOUT = (
    "Everything that a screen does. Send “Authorization: Bearer TOKEN”; a token is made on the page of one’s account. "
    "Lists come in pages: send a page’s `next` as `cursor`. A request that changes something can name itself by Idempotency-Key. "
    "What is wrong is answered by RFC 9457. The conclusions are management’s monitoring, not an audit result."
)


def interface() -> NinjaAPI:
    """Put the interface together."""
    api = NinjaAPI(
        title="Assay",
        version=__version__,
        description=ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
    )
    answer_problems(api)
    for part in (programme.api, doing.api, evidence.api, metrics.api, *map(operations_of, REGISTERS)):
        api.add_router("", part.router)
    return api


API = interface()


@asks(May.ANYONE)
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The interface in OpenAPI: the same for everyone, and nothing of the company in it."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})


def schema() -> dict[str, Any]:
    """Give the description; paths are whole, so that it can be read away from the server."""
    found = dict(API.get_openapi_schema(path_prefix=f"/{BASE}"))
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) in TITLES:
                    answer["content"] = {TYPE: answer["content"].pop("application/json")}
                elif operation["operationId"] == "metrics":
                    answer["content"] = {"text/plain": answer["content"].pop("application/json")}
    return found


def urls() -> list[URLPattern]:
    """Give every address of the interface, flat, as the permission matrix reads them. Its own operations ask; the middleware lets everyone come to them."""
    patterns, _, _ = API.urls
    found = [path(f"{BASE}openapi.json", description, name="api_description")]
    seen: set[str] = set()
    for pattern in patterns:
        if not isinstance(pattern, URLPattern) or pattern.name == "api-root" or str(pattern.pattern) in seen:
            continue
        seen.add(str(pattern.pattern))
        found.append(path(f"{BASE}{pattern.pattern}", _open(pattern.callback), name=f"api_{pattern.name}"))
    return found


def _open(view: Callable[..., Any]) -> Callable[..., Any]:
    view.asks = May.ANYONE  # type: ignore[attr-defined]
    return view
