"""Figures of the installation in the text format that Prometheus reads (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpRequest, HttpResponse

from assay_web.access import May
from assay_web.api.operations import Operations
from assay_web.queries.metrics import Sample, metrics

api = Operations("installation")
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@api.get("/metrics", May.READ_PROGRAMME, str, operation_id="metrics")
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: how old the newest look is, what waits, how large the ledger is."""
    return HttpResponse(written(metrics()), content_type=TEXT)


def written(samples: Iterable[Sample]) -> str:
    """Write figures as text: each name with its help and type once, then its lines."""
    lines: list[str] = []
    for name, group in groupby(sorted(samples, key=lambda one: one[0]), key=lambda one: one[0]):
        for at, (_, words, labels, value) in enumerate(group):
            if at == 0:
                lines += [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
            said = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
            lines.append(f"{name}{{{said}}} {value:.15g}" if said else f"{name} {value:.15g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
