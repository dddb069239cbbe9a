"""Find wording in our files that stands in texts we may not copy.

usage: near_copy.py PATH...      exit 1 where something is found

protected.bin holds the first eight bytes of the SHA-256 of every run of eight words of the AICPA's criteria and points of focus as
published in public trees, and of every run of twelve words of public policy template sets; words are lower case, letters and digits only.
The texts themselves are not here. Eight common words in a row can meet by chance: judge each find, then reword.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

WORD = re.compile(r"[a-z0-9]+")
RUNS = (8, 12)
SUFFIXES = (".md", ".csv", ".yaml", ".yml", ".sql", ".py", ".html", ".txt", ".toml", ".json", ".typ")
PROTECTED = Path(__file__).with_name("protected.bin")


def digest(words: list[str]) -> bytes:
    """Give the eight bytes that stand for a run of words."""
    return hashlib.sha256(" ".join(words).encode()).digest()[:8]


def load(path: Path = PROTECTED) -> frozenset[bytes]:
    """Give the digests of the protected runs."""
    raw = path.read_bytes()
    return frozenset(raw[i : i + 8] for i in range(0, len(raw), 8))


def find(text: str, known: frozenset[bytes]) -> Iterator[tuple[int, str]]:
    """Give line and words of each run of `text` that is protected."""
    words = [(found.group(), found.start()) for found in WORD.finditer(text.lower())]
    for size in RUNS:
        for i in range(len(words) - size + 1):
            run = [word for word, _ in words[i : i + size]]
            if digest(run) in known:
                yield text.count("\n", 0, words[i][1]) + 1, " ".join(run)


def find_in(roots: list[Path], known: frozenset[bytes]) -> list[str]:
    """Give `file:line: words` for each protected run in the text files below the roots."""
    found = []
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in SUFFIXES and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace")
                found += [f"{path}:{line}: {run}" for line, run in find(text, known)]
    return found


if __name__ == "__main__":
    copies = find_in([Path(one) for one in sys.argv[1:]], load())
    print("\n".join(copies))  # noqa: T201  # a tool for the command line
    sys.exit(1 if copies else 0)
