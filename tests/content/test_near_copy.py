"""Nothing that we ship or document repeats the wording of texts that we may not copy."""

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("near_copy", Path(__file__).with_name("near_copy.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NEAR_COPY = tool()


def test_no_shipped_content_and_no_documentation_is_a_near_copy():
    assert NEAR_COPY.find_in([ROOT / "src" / "assay" / "content", ROOT / "docs"], NEAR_COPY.load()) == []


def test_the_protected_runs_are_whole():
    known = NEAR_COPY.load()
    assert len(known) > 50_000
    assert {len(one) for one in known} == {8}


def test_a_copied_run_is_found_through_case_marks_and_line_breaks():
    sentence = "one two three four five six seven eight nine ten eleven twelve"
    eight = frozenset({NEAR_COPY.digest(sentence.split()[:8])})
    twelve = frozenset({NEAR_COPY.digest(sentence.split())})
    text = "Before.\nOne, two: three;\n(four) five *six*\nseven -- EIGHT nine ten. Eleven; twelve!"
    assert list(NEAR_COPY.find(text, eight)) == [(2, "one two three four five six seven eight")]
    assert list(NEAR_COPY.find(text, twelve)) == [(2, sentence)]
    assert list(NEAR_COPY.find(text.replace("four", "4"), eight | twelve)) == []


def test_a_find_names_file_and_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("\none two three four five six seven eight\n")
    (tmp_path / "picture.png").write_bytes(page.read_bytes())
    known = frozenset({NEAR_COPY.digest("one two three four five six seven eight".split())})  # noqa: SIM905
    assert NEAR_COPY.find_in([tmp_path], known) == [f"{page}:2: one two three four five six seven eight"]
