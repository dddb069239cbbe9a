"""GitHub as a source for the engine: calls written `GET /path/{argument}`, pages by Link, old pages of events left alone."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

from assay.collectors.asking import Answer, Ask, CallError
from assay.collectors.github_auth import GithubAuthError
from assay.collectors.github_errors import no_answer, refusal
from assay.collectors.github_events import EVENTS, Window
from assay.collectors.github_shapes import check_shape
from assay.collectors.seen import CallMade
from assay.evidence.canonical import Json
from assay.evidence.gaps import Reason
from assay.outbound.http import (
    Attempt,
    Http,
    HttpError,
    RefusedAddressError,
    RefusedUrlError,
    Response,
    follow,
    next_link,
    parse_url,
    read_json,
)

MOST_PAGES = 5_000
_ARGUMENT = re.compile(r"\{(\w+)\}")
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_COMMIT_PULLS = "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls"
_RULESET = "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}"
_PULLS = "GET /repos/{owner}/{repo}/pulls"


@dataclass
class GithubSource:
    """One organization's API below `root` (https://api.github.com, or https://HOST/api/v3). Safe to share between threads.

    `window` says from when events are wanted. `on_call` is told of every request, `skews` holds GitHub's clock minus ours in milliseconds.
    `totals` holds what GitHub itself counted, by call and repository; `merges` by repository and commit what the lists of pull requests said.
    """

    http: Http
    root: str
    window: Window
    on_call: Callable[[CallMade], None] = lambda call: None
    started: float = 0.0
    skews: list[int] = field(default_factory=list)
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    merges: dict[tuple[str, str], Json] = field(default_factory=dict)
    _rulesets: dict[str, Answer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._root = parse_url(self.root.rstrip("/") + "/", self.http.allowance)

    def one(self, ask: Ask) -> Answer:
        """Give one answer: an object as it is, a list as its `items`, an empty success as `answered`.

        Which pull request brought a commit is not asked again where the list of pull requests has said it, and a ruleset is asked for once.
        """
        if ask.call == _RULESET:
            with self._lock:
                url = self._url(ask, {})
                if url in self._rulesets:
                    return replace(self._rulesets[url], asked=False)
                self._rulesets[url] = self._one(ask)
                return self._rulesets[url]
        if ask.call == _COMMIT_PULLS:
            told = self.merges.get((str(ask.arguments["repo"]), str(ask.arguments["commit_sha"])))
            if told is not None:
                return Answer({"items": [told]}, asked=False)
        return self._one(ask)

    def _one(self, ask: Ask) -> Answer:
        response = self._ask(ask, self._url(ask, {}))
        body = {"answered": True} if response.status == 204 else self._read(ask, response)
        check_shape(ask.call, body)
        return Answer(
            {"items": body} if isinstance(body, list) else body, response.headers.get("x-github-request-id")
        )

    def pages(self, ask: Ask) -> Iterator[Answer]:
        """Give the pages of a list; of events, only what is inside the window. Raises CallError for a loop or a link to elsewhere."""
        url, seen = self._url(ask, {"per_page": "100", **self.window.arguments(ask)}), set[str]()
        while True:
            seen.add(url)
            response = self._ask(ask, url)
            body = self._read(ask, response)
            check_shape(ask.call, body)
            self._remember(ask, body)
            within, more = self.window.cut(ask, body)
            yield Answer(within, response.headers.get("x-github-request-id"))
            following = self._next(ask, response, url) if more else None
            if following is None:
                return
            if following in seen or len(seen) >= MOST_PAGES:
                raise CallError(ask.call, Reason.MALFORMED, "RepeatedPage")
            url = following

    def _url(self, ask: Ask, more: Mapping[str, str]) -> str:
        template = ask.call.removeprefix("GET /")
        in_path = _ARGUMENT.findall(template)
        path = _ARGUMENT.sub(lambda found: quote(str(ask.arguments[found[1]]), safe=""), template)
        query = {name: str(value) for name, value in ask.arguments.items() if name not in in_path} | dict(
            more
        )
        return f"{self._root}{path}" + (f"?{urlencode(query)}" if query else "")

    def _ask(self, ask: Ask, url: str) -> Response:
        try:
            response = self.http.request(
                "GET", url, _HEADERS, on_attempt=lambda attempt: self._log(ask, attempt)
            )
        except HttpError as error:
            raise no_answer(ask.call, error) from None
        except GithubAuthError:
            raise CallError(ask.call, Reason.DENIED, "NoToken") from None
        except (RefusedUrlError, RefusedAddressError) as error:
            raise CallError(ask.call, Reason.FAILED, type(error).__name__.removesuffix("Error")) from None
        if not 200 <= response.status < 300:
            raise refusal(ask.call, response)
        return response

    def _read(self, ask: Ask, response: Response) -> Json:
        try:
            return read_json(response)
        except HttpError as error:
            raise no_answer(ask.call, error) from None

    def _next(self, ask: Ask, response: Response, url: str) -> str | None:
        try:
            link = next_link(response.headers.get("link"))
            if link is None:
                return None
            following = follow(link, self._root, self.http.allowance)
        except RefusedUrlError:
            raise CallError(ask.call, Reason.MALFORMED, "LinkElsewhere") from None
        if following.path.rsplit("/", 1)[-1] != url.partition("?")[0].rsplit("/", 1)[-1]:
            raise CallError(ask.call, Reason.MALFORMED, "LinkElsewhere")
        return str(following)

    def _remember(self, ask: Ask, body: Json) -> None:
        repo = str(ask.arguments.get("repo", ""))
        if ask.call in EVENTS and isinstance(body, dict) and isinstance(body.get("total_count"), int):
            self.totals[ask.call, repo] = body["total_count"]
        if ask.call != _PULLS or not isinstance(body, list):
            return
        for one in body:
            self.merges.update(merge_of(repo, one))

    def _log(self, ask: Ask, attempt: Attempt) -> None:
        if attempt.date is not None:
            try:
                theirs = parsedate_to_datetime(attempt.date).timestamp()
                self.skews.append(round((theirs - attempt.started - attempt.took_ms / 1000) * 1000))
            except (ValueError, TypeError, OverflowError):
                pass
        error = attempt.error or (f"Status{attempt.status}" if attempt.status >= 400 else None)
        since = int((attempt.started - self.started) * 1000)
        self.on_call(
            CallMade(
                ask.call,
                ask.account,
                ask.region,
                since,
                attempt.took_ms,
                attempt.status or None,
                attempt.bytes,
                attempt.request_id,
                error,
            )
        )


def merge_of(repo: str, pull_request: Json) -> dict[tuple[str, str], Json]:
    """Give, by repository and merge commit, what a pull request in a list says of its merge; nothing where it was not merged."""
    if not isinstance(pull_request, dict) or not pull_request.get("merged_at"):
        return {}
    sha, base = pull_request.get("merge_commit_sha"), pull_request.get("base")
    if not isinstance(sha, str):
        return {}
    ref = base.get("ref") if isinstance(base, dict) else None
    told = {
        "number": pull_request.get("number"),
        "merged_at": pull_request["merged_at"],
        "base": {"ref": ref},
    }
    return {(repo, sha): told}
