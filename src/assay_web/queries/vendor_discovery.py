"""Vendors that something shows and the register lacks: by the scope, by what is connected, by collected evidence. Only ever a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from assay.audit.vendor_names import name_key
from assay.audit.vendor_tier import Access
from assay.catalogue import Relation, Scope, Setup, load_setup
from assay.evidence.ledger import Kind
from assay.home.personal import personal
from assay.home.populations import newest
from assay.home.sources import sources
from assay.tables import load_tables
from assay.wording import counted
from assay_web.home import current_home
from assay_web.memory import remembered
from assay_web.queries.review_population import Record, records_at
from assay_web.queries.scoping import scope_in_force
from assay_web.queries.vendors import scope_names
from assay_web.records.vendors import Bond, NotVendor, Stage, Vendor

KNOWN_SOURCES = {"aws": "Amazon Web Services", "github": "GitHub"}
"""Whose systems the kinds of sources are."""
TABLES = ("github_app_installation", "aws_iam_identity_provider", "aws_iam_principal", "account")
MOST = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be a vendor: a key that stays the same, its name, the sentence that says what shows it, what a form begins with, and the records that show it."""

    key: str
    name: str
    shows: str
    begun: dict[str, str | list[str]] = field(default_factory=dict)
    shown_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovery:
    """What is shown and not on the register, what was said to be no vendor, and vendors that reach production and that the scope lacks."""

    suggestions: tuple[Suggestion, ...]
    dismissed: tuple[NotVendor, ...]
    unscoped: tuple[Vendor, ...]


def discover() -> Discovery:
    """Compare what the scope, sources and evidence show with the register."""
    held = list(Vendor.objects.filter(ended__isnull=True).prefetch_related(None))
    dismissed = list(NotVendor.objects.filter(ended__isnull=True).select_related("changed_by"))
    known = {name_key(one.name) for one in held}
    shown_by = {key for one in held for key in one.shown_by}
    said = {one.key for one in dismissed}
    found: dict[str, Suggestion] = {}
    for one in (*_from_scope(), *_from_sources(), *_from_evidence()):
        names = name_key(one.name)
        if one.key not in said and names not in known and not shown_by.intersection(one.shown_by):
            found.setdefault(names, one)
    return Discovery(tuple(found.values())[:MOST], tuple(dismissed), tuple(_unscoped(held)))


def suggestion(key: str) -> Suggestion | None:
    """Give one suggestion by its key."""
    return next((one for one in discover().suggestions if one.key == key), None)


def _unscoped(held: Iterable[Vendor]) -> Iterator[Vendor]:
    setting = scope_in_force()
    if setting is None:
        return
    named = set(map(name_key, scope_names(Scope.from_object(setting.value))))
    for one in held:
        if one.is_used and one.access != Access.NONE and name_key(one.name) not in named:
            yield one


def _from_scope() -> Iterator[Suggestion]:
    setting = scope_in_force()
    if setting is None:
        return
    scope = Scope.from_object(setting.value)
    for one in scope.carve_outs:
        begun: dict[str, str | list[str]] = {
            "bond": Bond.CARVE_OUT.value,
            "does": one.services[:400],
            "expected_controls": "\n".join(one.expected),
            "why_bond": "The scope carves it out.",
        }
        yield _named(f"scope {name_key(one.provider)}", one.provider, "The scope carves it out.", begun)
    for supplier in scope.boundary.vendors if scope.boundary is not None else ():
        needed = supplier.relation is Relation.SUBSERVICE
        begun = {"data_kinds": list(supplier.data_kinds), "does": supplier.used_for[:400]}
        if needed:
            begun |= {
                "bond": Bond.CARVE_OUT.value,
                "why_bond": "The scope states it as a subservice organization.",
            }
        yield _named(f"scope {name_key(supplier.name)}", supplier.name, "The scope names it.", begun)


def _from_sources() -> Iterator[Suggestion]:
    for kind, found in groupby(sorted(one.kind for one in sources(current_home()))):
        if (name := KNOWN_SOURCES.get(kind)) is not None:
            shows = f"{counted(len(list(found)), 'source')} of it {'is' if kind else ''} connected."
            yield _named(f"source {kind}", name, shows.replace("  ", " "), {})


def _from_evidence() -> tuple[Suggestion, ...]:
    home = current_home()
    last = home.ledger.last(Kind.COLLECTION)
    connected = frozenset(one.id for one in sources(home))
    return () if last is None else _shown(home.id, last.ordinal, connected)


@remembered(4)
def _shown(home_id: str, ordinal: int, connected: frozenset[str]) -> tuple[Suggestion, ...]:
    home, specs = current_home(), load_tables(current_home().content)
    places = [one for one in newest(home) if one.place.table in TABLES and one.source in connected]
    with personal(home) as people:
        records = [
            one
            for located in places
            for one in records_at(home, people, specs[located.place.table], located, ())
            if not one.erased
        ]
    return (*_apps(records), *_providers(records), *_outside_accounts(records), *_systems(records))


def _of(records: Iterable[Record], table: str) -> Iterator[Record]:
    return (one for one in records if one.place.table == table)


def _apps(records: list[Record]) -> Iterator[Suggestion]:
    for one in _of(records, "github_app_installation"):
        app, rights = str(one.row.get("app") or ""), list(one.row.get("permissions") or ())
        if not app:
            continue
        writes = sorted(right for right in rights if right.endswith((":write", ":admin")))
        may = f"may do {', '.join(writes)}" if writes else "only reads"
        shows = f"Its app {app} is installed in {one.place.account}, reaches {one.row.get('repositories') or 'some'} repositories and {may}."
        key = f"github_app_installation {one.key}"
        begun: dict[str, str | list[str]] = {"data_kinds": ["source-code"], "does": f"GitHub app {app}"}
        yield _named(key, _spelled(app), shows, begun, key)


def _providers(records: list[Record]) -> Iterator[Suggestion]:
    for one in _of(records, "aws_iam_identity_provider"):
        name = str(one.row.get("arn") or one.key).rsplit("/", 1)[-1]
        if name.startswith("AWSSSO"):  # IAM Identity Center makes these itself
            continue
        key = f"aws_iam_identity_provider {one.key}"
        shows = f"Account {one.place.account} of AWS lets its people sign in."
        begun: dict[str, str | list[str]] = {"data_kinds": ["worker-records"], "does": "Sign-in of workers"}
        yield _named(key, _spelled(name), shows, begun, key)


def _outside_accounts(records: list[Record]) -> Iterator[Suggestion]:
    own = {one.place.account for one in records if one.place.table == "aws_iam_principal"}
    roles: dict[str, list[str]] = {}
    for one in _of(records, "aws_iam_principal"):
        for account in one.row.get("trusted_accounts") or ():
            if account not in own:
                roles.setdefault(account, []).append(str(one.row.get("name") or one.key))
    for account, names in sorted(roles.items()):
        shows = f"Account {account} of AWS, which is not connected, may take on {counted(len(names), 'role')} of yours: {', '.join(sorted(names)[:5])}."
        begun: dict[str, str | list[str]] = {"access": Access.SEES.value}
        yield _named(f"aws_account {account}", f"AWS account {account}", shows, begun)


def _systems(records: list[Record]) -> Iterator[Suggestion]:
    systems = {str(one.row["system"]) for one in _of(records, "account") if one.row.get("system")}
    for name in sorted(systems):
        yield _named(
            f"account {name_key(name)}",
            name,
            "A list of accounts names it as a system that your people use.",
            {},
        )


def _named(key: str, name: str, shows: str, begun: dict[str, str | list[str]], *shown_by: str) -> Suggestion:
    """Make a suggestion; what a well-known vendor usually is begins the form, where nothing better does."""
    setup = load_setup(current_home().content)
    usual = _usual(setup, name)
    first: dict[str, str | list[str]] = {"name": name[:200], "stage": Stage.IN_USE.value}
    return Suggestion(key[:300], name[:200], shows, {**first, **usual, **begun}, shown_by)


def _usual(setup: Setup, name: str) -> dict[str, str | list[str]]:
    known = next((one for one in setup.vendors.values() if name_key(one.name) == name_key(name)), None)
    if known is None:
        return {}
    begun: dict[str, str | list[str]] = {"data_kinds": list(known.data_kinds), "does": known.used_for}
    if known.usually is Relation.SUBSERVICE:
        begun |= {"bond": Bond.CARVE_OUT.value, "why_bond": known.because}
    return begun


def _spelled(slug: str) -> str:
    return slug.replace("-", " ").replace("_", " ").strip().title() if slug.islower() else slug
