"""Next-page links stay with the source whose credential would go along."""

from __future__ import annotations

import pytest

from assay.outbound.http import Allowance, RefusedUrlError, follow, next_link, parse_url

ROOT = parse_url("https://api.github.com/")
ENTERPRISE = parse_url("https://code.example.com/api/v3")

ELSEWHERE = [
    "https://evil.example.com/orgs/acme/repos?page=2",
    "https://api.github.com.evil.example.com/orgs?page=2",
    "https://api.github.com@evil.example.com/orgs?page=2",
    "https://evil.example.com#@api.github.com/",
    "https://api.github.com:8443/orgs?page=2",
    "http://api.github.com/orgs?page=2",
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "/orgs/acme/repos?page=2",
    "//evil.example.com/orgs",
    "?page=2",
    "",
    "https://api.github.com\\@evil.example.com/",
    "https://api.github.com/\nX: y",
    "https://xn--pi-8ra.github.com/",
    "https://аpi.github.com/",
]


@pytest.mark.parametrize("link", ELSEWHERE)
def test_a_link_to_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(RefusedUrlError):
        follow(link, ROOT)


@pytest.mark.parametrize(
    "path", ["/", "/api/v30/orgs", "/api/v3", "/api/v3/../admin", "/api/v3/%2e%2e/admin", "/api/"]
)
def test_a_link_outside_the_path_prefix_is_refused(path: str) -> None:
    with pytest.raises(RefusedUrlError):
        follow(f"https://code.example.com{path}", ENTERPRISE)


def test_a_link_below_the_prefix_is_followed() -> None:
    assert str(follow("https://code.example.com/api/v3/organizations/1/repos?page=2", ENTERPRISE)).endswith(
        "?page=2"
    )
    assert follow("https://API.github.com:443/organizations/1/repos?page=2", ROOT).origin == ROOT.origin
    local = parse_url("http://127.0.0.1:4000/", Allowance.loopback(4000))
    with pytest.raises(RefusedUrlError):
        follow("http://127.0.0.1:4001/", local, Allowance.loopback(4000, 4001))


def test_the_next_page_is_read_from_a_link_header() -> None:
    header = '<https://api.github.com/a?page=1>; rel="prev", <https://api.github.com/a?page=3&q=x,y>; rel="next"; title="a, b"'
    assert next_link(header) == "https://api.github.com/a?page=3&q=x,y"
    assert next_link('<https://a.example/>; rel="last"') is None
    assert next_link("<https://a.example/>; rel=next") == "https://a.example/"
    assert next_link('<https://a.example/>; rel="last next"') == "https://a.example/"
    assert next_link(None) is None
    assert next_link("") is None


@pytest.mark.parametrize(
    "header",
    [
        '<https://a.example/>; rel="next", <https://b.example/>; rel="next"',
        "https://a.example/; rel=next",
        '<https://a.example/; rel="next"',
        '<https://a.example/>; rel="next" trailing',
        "<a>" * 20_000,
    ],
)
def test_a_header_that_is_no_list_of_links_is_refused(header: str) -> None:
    with pytest.raises(RefusedUrlError):
        next_link(header)
