"""Two hundred files of sixteen hostile classes, made here byte by byte: a name that is sent with each, and its bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

SCRIPT = b"<script>document.title='ran'</script>"
NAMES = (
    "report.pdf",
    "<img src=x onerror=alert(1)>.png",
    "../../../etc/passwd",
    "a\r\nSet-Cookie: x=1.txt",
    "".join(("invoice", "\u202e", "fdp.exe")),
    "naïve résumé \U0001f9ff.docx",
    'quote".html',
    "semi;colon=1.svg",
    "nul\x00byte.txt",
    "x" * 300 + ".txt",
    ".htaccess",
    "CON",
    "=HYPERLINK(1)",
)


def _zip(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


CLASSES: dict[str, bytes] = {
    "html": b"<!doctype html><html><body>" + SCRIPT,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="document.title=1">' + SCRIPT + b"</svg>",
    "xml bomb": b'<!DOCTYPE a [<!ENTITY b "bbbb">' + b'<!ENTITY c "&b;&b;&b;">' * 8 + b"]><a>&c;</a>",
    "xml outside": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "zip bomb": _zip("zeros", b"\0" * 5_000_000),
    "zip slip": _zip("../../../../tmp/slipped", b"slipped"),
    "macro document": _zip("word/vbaProject.bin", b"Sub AutoOpen()"),
    "pdf script": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "image and page": b"GIF89a/*" + SCRIPT + b"*/=1;",
    "image cut off": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff",
    "script for a shell": b"#!/bin/sh\nrm -rf /\n",
    "formula": b"=cmd|'/c calc'!A0,+1,-1,@SUM(1)\n",
    "program": b"MZ\x90\x00\x03" + bytes(64),
    "page for Internet Explorer": b"\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00",
    "serialised object": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    "nothing": b"",
}


def hostile_files() -> Iterator[tuple[str, str, bytes]]:
    """Give each class under each name, two hundred in all: class, name, bytes."""
    made = 0
    for kind, content in CLASSES.items():
        for name in NAMES:
            if made == 200:
                return
            made += 1
            yield kind, name, content
