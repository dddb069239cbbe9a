-- The tables that the command line needs, for SQLite (docs/reference/formats.md, sections 7 and 11). The ledger is the only truth;
-- every other table here is work in hand or derived from the ledger's bodies.

create table if not exists home_format (
    one integer primary key check (one = 1),
    format integer not null
) strict;

create table if not exists ledger_entry (
    ordinal integer primary key,
    envelope blob not null,
    leaf_hash blob not null check (length(leaf_hash) = 32)
) strict;

create trigger if not exists ledger_entry_is_append_only before insert on ledger_entry
when new.ordinal <> (select coalesce(max(ordinal) + 1, 0) from ledger_entry)
begin select raise(abort, 'ledger entries are appended without holes'); end;

create trigger if not exists ledger_entry_never_changes before update on ledger_entry
begin select raise(abort, 'ledger entries never change'); end;

create trigger if not exists ledger_entry_never_goes before delete on ledger_entry
begin select raise(abort, 'ledger entries are never deleted'); end;

-- A connected system. Its credentials are sealed in `credential`, never here.
create table if not exists source (
    id text primary key,
    kind text not null check (kind in ('aws', 'github', 'file')),
    settings text not null,
    connected text not null,
    disconnected text
) strict;

create table if not exists credential (
    source text not null references source (id),
    field text not null,
    sealed text not null,
    primary key (source, field)
) strict;

-- One run over one source; `entry` is its ledger entry once it ended.
create table if not exists collection_run (
    id integer primary key,
    source text not null references source (id),
    state text not null check (state in ('running', 'ended', 'interrupted')),
    started text not null,
    entry integer references ledger_entry (ordinal) deferrable initially deferred
) strict;

create unique index if not exists one_run_for_a_source on collection_run (source) where state = 'running';

-- What a run has seen so far: durable, so that an interrupted run resumes; deleted in the transaction that appends the collection.
create table if not exists staged_place (
    run integer not null references collection_run (id),
    table_name text not null,
    account text not null,
    region text not null,
    body text not null,
    calls text not null,
    primary key (run, table_name, account, region)
) strict;

-- The newest population of each table and place, by its root.
create table if not exists current_population (
    source text not null references source (id),
    table_name text not null,
    account text not null,
    region text not null,
    entry integer not null references ledger_entry (ordinal) deferrable initially deferred,
    root text not null,
    primary key (source, table_name, account, region)
) strict;

-- Where an event table's next collection begins.
create table if not exists cursor_position (
    source text not null references source (id),
    name text not null,
    position text not null,
    primary key (source, name)
) strict;

-- Scope and parameters: the value from an instant on, and the act that set it. Later acts never change earlier instants.
create table if not exists setting (
    entry integer primary key references ledger_entry (ordinal) deferrable initially deferred,
    name text not null,
    effective text not null,
    value text not null
) strict;

create index if not exists setting_by_name on setting (name, effective, entry);

-- Credentials of ways out (a bucket's key, a mail server's password), sealed. What a way out is, is a setting `way_out.NAME`.
create table if not exists way_out_credential (
    way_out text not null,
    field text not null,
    sealed text not null,
    primary key (way_out, field)
) strict;

-- How the last try to send a checkpoint by a way out ended; `size` and `sent` are those of the last success.
create table if not exists way_out_outcome (
    way_out text primary key,
    tried text not null,
    size integer,
    sent text,
    said text not null,
    error text
) strict;
