"""Must hold 10: requests that come again with one key have one effect; what was changed in between is refused; lists come in pages that shift nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.web.api.conftest import Program
from tests.web.api.test_tokens import PROMISE

if TYPE_CHECKING:
    from assay_web.records.accounts import Account

Give = Callable[..., Program]


def _size() -> int:
    from assay_web.home import current_home

    return current_home().ledger.size()


def test_the_same_request_again_has_one_effect_and_the_same_answer(program: Give) -> None:
    lead = program("lead")
    before = _size()
    first = lead.post("/commitments", PROMISE, key="a-key")
    again = lead.post("/commitments", PROMISE, key="a-key")
    assert first[0] == 201
    assert again == first
    assert _size() == before + 1
    assert len(lead.get("/commitments")[1]["items"]) == 1


def test_one_key_for_two_requests_is_refused(program: Give) -> None:
    lead = program("lead")
    lead.post("/commitments", PROMISE, key="a-key")
    status, said = lead.post("/commitments", {**PROMISE, "text": "Another."}, key="a-key")
    assert (status, said["status"]) == (422, 422)
    assert "was used for another request" in said["detail"]


def test_a_key_is_the_token_s_own(program: Give) -> None:
    assert program("lead").post("/commitments", PROMISE, key="a-key")[0] == 201
    assert program("owner").post("/commitments", PROMISE, key="a-key")[0] == 201


def test_what_was_refused_can_be_sent_again_with_its_key(program: Give) -> None:
    lead = program("lead")
    before = _size()
    assert lead.post("/commitments", {**PROMISE, "criteria": "CC99.9"}, key="a-key")[0] == 422
    assert _size() == before
    assert lead.post("/commitments", PROMISE, key="a-key")[0] == 201


def test_what_was_changed_in_between_is_refused_and_says_so(program: Give) -> None:
    lead = program("lead")
    _, made = lead.post("/commitments", PROMISE)
    address = f"/commitments/{made['number']}"
    assert lead.post(address, {**PROMISE, "text": "Theirs.", "version": 1})[0] == 200
    status, said = lead.post(address, {**PROMISE, "text": "Mine.", "version": 1})
    assert status == 409
    assert "was changed since you opened it" in said["detail"]
    assert lead.get(address)[1]["says"]["text"] == "Theirs."
    assert [one["deed"] for one in lead.get(f"{address}/history")[1]] == ["changed", "added"]


def test_what_is_ended_stays_and_can_begin_again(program: Give, cast: dict[str, Account]) -> None:
    lead = program("lead")
    _, made = lead.post("/commitments", PROMISE)
    address = f"/commitments/{made['number']}"
    assert lead.post(f"{address}/end", {"version": 1, "why": "The contract ended."})[1]["ended"] is not None
    assert lead.post(f"{address}/end", {"version": 2, "why": "Again."})[0] == 409
    assert lead.post(f"{address}/begin-again", {"version": 2, "why": "A mistake."})[1]["ended"] is None
    assert lead.get("/commitments/99")[0] == 404


def test_fields_that_no_form_offers_are_refused(program: Give) -> None:
    for more in ({"version": 7}, {"changed_by": "x"}, {"ended": "2026-01-01"}):
        status, said = program("lead").post("/commitments", {**PROMISE, **more})
        assert status == 422
        assert next(iter(more)) in said["detail"]


def test_pages_hold_everything_once_while_others_add(program: Give) -> None:
    lead = program("lead")
    for at in range(5):
        lead.post("/commitments", {**PROMISE, "text": f"Promise {at}."})
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = lead.get("/commitments", limit=2, cursor=cursor)
        seen += [one["says"]["text"] for one in page["items"]]
        if not page["next"]:
            break
        cursor = page["next"]
        lead.post("/commitments", {**PROMISE, "text": "Later."})
    assert seen == [f"Promise {at}." for at in (4, 3, 2, 1, 0)]
    assert lead.get("/commitments", cursor="nowhere")[0] == 400
    assert lead.get("/commitments", limit=0)[0] == 422


def test_tasks_and_acceptances_do_what_the_pages_do(program: Give, cast: dict[str, Account]) -> None:
    lead, owner = program("lead"), program("owner")
    body: dict[str, Any] = {
        "what": "Write the policy",
        "about": "control:GOV-05",
        "owner": cast["engineer"].pk,
    }
    status, task = lead.post("/tasks", body)
    assert (status, task["source"], task["owner"]) == (201, "control", cast["engineer"].pk)
    assert lead.post(f"/tasks/{task['id']}/comments", {"text": "Soon."})[0] == 201
    assert lead.post(f"/tasks/{task['id']}/deeds", {"deed": "drop", "version": 1})[0] == 422
    dropped = lead.post(f"/tasks/{task['id']}/deeds", {"deed": "drop", "version": 1, "said": "Not ours."})
    assert dropped[1]["state"] == "dropped"
    acts = [one["act"] for one in lead.get(f"/tasks/{task['id']}/history")[1]]
    assert len(acts) == 3
    asked = {"about": "control:GOV-05", "reason": "Small.", "instead": "We look.", "until": _in_a_month()}
    _, made = lead.post("/acceptances", asked)
    assert made["standing"] == "waiting"
    assert lead.post(f"/acceptances/{made['id']}/deeds", {"deed": "approve"})[0] == 403
    assert owner.post(f"/acceptances/{made['id']}/deeds", {"deed": "approve"})[1]["standing"] == "in force"
    assert owner.post(f"/acceptances/{made['id']}/deeds", {"deed": "approve"})[0] == 409


def _in_a_month() -> str:
    from datetime import timedelta

    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=31)).isoformat()


def test_evidence_with_a_file_is_added_and_collecting_is_asked_for(program: Give) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    lead = program("lead")
    answer = lead.client.post(
        "/api/v1/evidence",
        {
            "control": "GOV-03",
            "shows": "The board met.",
            "observed": "2026-11-01T10:00:00+01:00",
            "file": SimpleUploadedFile("minutes.txt", b"We met."),
        },
        headers=lead.headers,
    )
    assert answer.status_code == 201, answer.content
    said = answer.json()  # type: ignore[attr-defined]
    assert (said["observed"], said["file_name"]) == ("2026-11-01T09:00:00Z", "minutes.txt")
    status, job = lead.post("/collect")
    assert (status, job["state"]) == (201, "waiting")
    assert lead.post(f"/jobs/{job['id']}/cancel")[1]["state"] == "cancelled"
