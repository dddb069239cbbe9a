"""Must hold 3: services are the only place that saves, every act leaves one ledger entry, and what is operational log instead is a reviewed list."""

from __future__ import annotations

import ast
from pathlib import Path

import assay_web

ROOT = Path(assay_web.__file__).parent
SAVES = {
    "abulk_create", "acreate", "adelete", "aget_or_create", "asave", "aupdate", "aupdate_or_create",
    "bulk_create", "bulk_update", "create", "delete", "get_or_create", "save", "update", "update_or_create",
}  # fmt: skip
"""What writes rows, by the names of Django's methods."""

OPERATIONAL = {
    "services/accounts.py: end_other_sessions": "Sessions come and go; the ledger says what changes who may do what.",
    "services/accounts.py: start_link": "A link that nobody used yet is nothing that happened; who comes in by it is an act.",
    "services/accounts.py: _insert": "Part of the act of whoever calls it.",
    "services/accounts.py: bump": "Ends sessions, as part of the act of whoever calls it.",
    "services/accounts.py: _new_link": "Part of the act of whoever calls it.",
    "services/accounts.py: _use_link": "Part of the act of whoever calls it.",
    "services/registers.py: note": "Part of the act of whoever calls it: the history, which cites its entry.",
    "services/registers.py: save_moved": "Part of the act of whoever calls it.",
    "services/notices.py: _seal": "Part of the act of whoever calls it: what is secret stands in no act.",
    "services/notices.py: want_digest": "One's own wish to get mail; nothing of the programme.",
    "services/notices.py: to_tell": "What was told to whom is operational log.",
    "services/notices.py: told": "What was told to whom is operational log.",
    "services/drafts.py: *": "What someone has typed and not sent yet.",
    "services/checklists.py: _end": "Part of the act of whoever calls it.",
    "services/training.py: _name": "Part of the act of whoever calls it.",
    "services/acceptances.py: _decide": "Part of the act of whoever calls it.",
    "services/line_tasks.py: make_action": "The act is make_tasks'; this ties the task to the line that its words name.",
    "services/tasks.py: _from_now_on": "Part of the act of whoever calls it.",
    "services/tasks.py: _note": "Part of the act of whoever calls it: the history, which cites its entry.",
    "services/reviews.py: note": "Part of the act of whoever calls it: the history, which cites its entry.",
    "services/reviews.py: _keep_lines": "Part of the act of whoever calls it: the frozen lines, whose root it holds.",
    "services/reviews.py: _keep_systems": "Part of the act of whoever calls it.",
    "services/review_lines.py: _write": "Part of the act of whoever calls it.",
    "services/review_removals.py: _settle": "How far collections were looked at; what they show is an act of its own.",
    "services/review_removals.py: empty_what_was_erased": "Carries out what an erasure entry says.",
    "services/second_factors.py: spend_code": "Signing in is operational log; a code that was used is spent.",
    "services/second_factors.py: spend_step": "Signing in is operational log; a code that was used is spent.",
    "services/sessions.py: *": "Sessions come and go; what ends them, such as a new password, is an act of its own.",
    "services/tokens.py: keep_answer": "What a request was answered, for the same request sent again.",
    "services/tokens.py: was_used": "That a token was used is operational log.",
    "services/jobs.py: *": "Background work; what it does to the ledger it does by the verbs of the domain.",
}
"""What saves without an act of its own, each with the reason."""


def _modules() -> list[Path]:
    return sorted(one for one in ROOT.rglob("*.py") if "migrations" not in one.parts)


def _saves(node: ast.AST) -> bool:
    """A call of one of SAVES on something that can be a row or a queryset: `x.save()`, `X.objects.create()`, `rows.update()`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in SAVES and not _is_plain(node.func.value)


def _is_plain(owner: ast.AST) -> bool:
    """Sets and dictionaries have `update` too: names that hold one, and calls that make one."""
    text = ast.unparse(owner)
    return text in {
        "app.conf",
        "digest",
        "context",
        "details",
        "act.details",
        "given",
        "found",
        "values",
        "made",
        "counts",
        "attrs",
    } or text.endswith((".attrs", ".headers", ".initial"))


def test_only_services_save() -> None:
    """The AST of every module outside services is free of calls that write rows. allauth's own writes go through its adapters."""
    elsewhere = {
        f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)[:80]}"
        for path in _modules()
        if path.parent.name != "services"
        for node in ast.walk(ast.parse(path.read_text()))
        if _saves(node)
    }
    assert elsewhere == set()


def _public(tree: ast.Module) -> list[ast.FunctionDef]:
    return [one for one in tree.body if isinstance(one, ast.FunctionDef)]


def test_every_service_that_saves_leaves_an_act_or_is_on_the_list() -> None:
    """A service that writes rows does so inside `acting`, which ends with the act, or by a verb of the home that appends one itself."""
    silent = set()
    for path in sorted((ROOT / "services").glob("*.py")):
        name = f"services/{path.name}"
        for function in _public(ast.parse(path.read_text())):
            if not any(map(_saves, ast.walk(function))):
                continue
            if f"{name}: *" in OPERATIONAL or f"{name}: {function.name}" in OPERATIONAL:
                continue
            if not any(_acts(node) for node in ast.walk(function)):
                silent.add(f"{name}: {function.name}")
    assert silent == set()


def _acts(node: ast.AST) -> bool:
    acting = {"acting", "changing", "set_setting", "connect_source", "disconnect_source", "add_evidence"}
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in acting


def test_what_saves_is_recognised() -> None:
    """The two tests above would pass over an empty list of calls, so this holds what they look for."""
    saving = (
        "account.save(update_fields=['state'])",
        "Account.objects.create(name='x')",
        "_held(job).update(x=1)",
        "Job.objects.filter(pk=1).delete()",
    )
    plain = ("digest.update(b'x')", "context.update(a=1)", "field.widget.attrs.update(x=1)")
    assert [any(map(_saves, ast.walk(ast.parse(one)))) for one in (*saving, *plain)] == [True] * 4 + [
        False
    ] * 3
