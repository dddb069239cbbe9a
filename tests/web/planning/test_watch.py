"""The five mistakes in the browser: each answer with a link to what shows it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.web.planning.conftest import SignIn


def test_each_mistake_says_what_shows_it_and_links_to_it(company: Path, sign_in: SignIn) -> None:
    """The home was judged once, has a scope without a boundary, and nothing is connected."""
    from assay_web.queries.watch import watched

    assert {one.mistake.key: one.mistake.answer.value for one in watched()} == {
        "readiness": "no sign of it",
        "undocumented": "signs of it",
        "vendors": "unknown",
        "one_time": "unknown",
        "creep": "unknown",
    }
    client = sign_in("owner")
    page = client.get("/watch/").content.decode()
    assert "There are signs of 1 mistake; of 3 it is not known." in page
    main = page[page.index("<main") :]
    for address in re.findall(r'<li><a href="([^"]+)">', main):
        assert client.get(address).status_code == 200, address


def test_a_source_without_a_complete_collection_is_quiet_after_26_hours(
    company: Path, sign_in: SignIn
) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from assay.home.sources import Source, connect_source
    from assay_web.home import current_home
    from assay_web.queries.watch import quiet_now

    connect_source(current_home(), Source("aws-main", "aws", {"profile": "p"}), {}, "ada")
    assert quiet_now() == ()
    (quiet,) = quiet_now(timezone.now() + timedelta(hours=27))
    assert quiet.words == "aws-main: never complete"


def test_the_first_page_names_the_mistakes_of_which_there_are_signs(company: Path, sign_in: SignIn) -> None:
    assert "Undocumented controls" in sign_in("reader").get("/").content.decode()
