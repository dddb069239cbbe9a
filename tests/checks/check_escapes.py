"""Statements that try to get out of a check, one line each: what it tries, and its SQL. Both walls meet every one of them.

`{secret}` stands for the path of a file with a canary in it, `{folder}` for a folder that can be written.
"""

from __future__ import annotations

ROW = "select b.key as item, 'CONFORMS' as conclusion, 'r' as reason"

REFUSED_BY_BOTH = {
    "read_csv": "select column0 from read_csv('{secret}', header = false)",
    "read_text": "select content from read_text('{secret}')",
    "read_blob": "select content from read_blob('{secret}')",
    "read_json": "select * from read_json('{secret}')",
    "read_parquet": "select * from read_parquet('{secret}')",
    "read_duckdb": "select * from read_duckdb('{secret}')",
    "sniff_csv": "select * from sniff_csv('{secret}')",
    "glob": "select file from glob('{folder}/*')",
    "file as table": "select * from '{secret}'",
    "file as table with an extension": "select * from '{folder}/data.csv'",
    "parquet_metadata": "select * from parquet_metadata('{secret}')",
    "file in a subquery": "select 1 as item where exists (select 1 from read_text('{secret}'))",
    "file in a CTE": "with x as (select content from read_text('{secret}')) select content from x",
    "http": "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "s3": "select * from read_parquet('s3://bucket/x.parquet')",
    "hugging face": "select * from read_parquet('hf://datasets/x/y.parquet')",
    "attach file": "attach '{folder}/x.db'",
    "attach memory": "attach ':memory:' as other",
    "attach sqlite": "attach '{folder}/x.sqlite' (type sqlite)",
    "detach": "detach memory",
    "use": "use memory",
    "copy out": "copy (select 1) to '{folder}/out.csv'",
    "copy table out": "copy aws_bucket to '{folder}/out.parquet'",
    "copy in": "copy aws_bucket from '{secret}'",
    "export": "export database '{folder}/out'",
    "import": "import database '{folder}'",
    "install": "install httpfs",
    "force install": "force install httpfs from community",
    "load": "load httpfs",
    "load file": "load '{folder}/x.duckdb_extension'",
    "update extensions": "update extensions",
    "pragma": "pragma database_list",
    "pragma assignment": "pragma memory_limit='64GB'",
    "pragma enable": "pragma enable_external_access",
    "set": "set enable_external_access = true",
    "set memory": "set memory_limit = '64GB'",
    "set global": "set global lock_configuration = false",
    "set variable": "set variable x = 1",
    "reset": "reset lock_configuration",
    "call": "call pragma_version()",
    "checkpoint": "checkpoint",
    "create macro": "create macro f() as 1",
    "replace macro": "create or replace macro tagged(a, b) as true",
    "create table": "create table t as select 1 as a",
    "create view": "create view v as select 1 as a",
    "create secret": "create secret s (type s3, key_id 'x', secret 'y')",
    "create sequence": "create sequence q",
    "create type": "create type mood as enum ('x')",
    "insert": "insert into aws_bucket (key) values ('planted')",
    "update": "update aws_bucket set public = false",
    "delete": "delete from aws_bucket",
    "truncate": "truncate aws_bucket",
    "drop": "drop table aws_bucket",
    "alter": "alter table aws_bucket rename to other",
    "merge": "merge into aws_bucket using aws_owner on aws_bucket.key = aws_owner.key when matched then delete",
    "prepare": "prepare p as select 1",
    "execute": "execute p",
    "begin": "begin transaction",
    "describe": "describe aws_bucket",
    "summarize": "summarize aws_bucket",
    "show": "show tables",
    "pivot": "pivot aws_bucket on region",
    "query()": "from query('select 1 as item')",
    "explain": "explain select 1",
    "explain analyze": "explain analyze select 1",
    "vacuum": "vacuum",
    "two statements": f"{ROW} from aws_bucket as b; delete from aws_bucket",
    "statement after a comment": f"{ROW} from aws_bucket as b -- the end\n; drop table aws_bucket",
    "statement after a closed comment": f"{ROW} from aws_bucket as b /* ; */ ; copy (select 1) to '{{folder}}/out.csv'",
    "statement after a nested comment": f"{ROW} from aws_bucket as b /* /* */ */ ; attach '{{folder}}/x.db'",
    "statement hidden behind a quote": f"{ROW} from aws_bucket as b where b.name = '''; --'; drop table aws_bucket; --'",
    "two selects": "select 1 as a; select 2 as a",
    "nothing": "",
    "comment only": "-- nothing\n/* at all */",
    "not SQL": "select from where",
    "getenv": "select getenv('HOME') as item",
    "nextval": "select nextval('q') as item",
    "currval": "select currval('q') as item",
    "random": "select random() as item",
    "uuid": "select uuid() as item",
    "gen_random_uuid": "select gen_random_uuid() as item",
    "setseed": "select setseed(0.5) as item",
    "now": "select now() as item",
    "today": "select today() as item",
    "get_current_timestamp": "select get_current_timestamp() as item",
    "current_setting": "select current_setting('memory_limit') as item",
    "getvariable": "select getvariable('x') as item",
    "sleep": "select sleep_ms(60000) as item",
    "write_log": "select write_log('x') as item",
    "secrets": "select * from duckdb_secrets()",
    "enable logging": "select * from enable_logging()",
    "logging to a file": "select * from enable_logging('QueryLog', storage = 'file', storage_config = {'path': '{folder}/log'})",
    "logging to a file, by its full name": (
        "select * from system.main.enable_logging('QueryLog', storage = 'file', storage_path = '{folder}/log')"
    ),
    "json plan": "select * from json_execute_serialized_sql('{{}}')",
    "python variable": "select * from planted_variable",
    "endless recursion": "with recursive r as (select 1 as a union all select a + 1 from r) select count(*) as item from r",
    "cross join bomb": (
        "select count(*) as item from aws_bucket a, aws_bucket b, aws_bucket c, aws_bucket d, aws_bucket e, aws_bucket f "
        "where (a.size + b.size + c.size + d.size + e.size + f.size) % 7 = 3"
    ),
    "range bomb": "select count(*) as item from range(10000000000) a, range(10000000000) b where a.range + b.range = -1",
    "memory: one list": "select list(x.range) as item from range(1000000000) as x",
    "memory: sort": "select r.range as item from range(1000000000) r order by hash(r.range)",
    "memory: one text": "select repeat('x', 2000000000) as item",
    "memory: padding": "select lpad('x', 2000000000, 'y') as item",
    "memory: distinct": "select count(distinct r.range * 7919) as item from range(1000000000) r",
}
"""The lint refuses them, and so does the sealed engine alone, or it stops them at its bounds."""

BOUNDED_ALONE = {
    "cross join in plain words": (
        "select a.key as item, 'CONFORMS' as conclusion, 'r' as reason from aws_bucket as a cross join aws_bucket as b "
        "cross join aws_bucket as c cross join aws_bucket as d cross join aws_bucket as e where (a.size * b.size * c.size * d.size * e.size) % 7 = 8"
    ),
    "join on nothing much": (
        "select max(a.key) as item, 'CONFORMS' as conclusion, 'r' as reason from aws_bucket as a join aws_bucket as b on a.size <> b.size "
        "join aws_bucket as c on b.size <> c.size join aws_bucket as d on c.size <> d.size join aws_bucket as e on d.size <> e.size"
    ),
    "memory: every pair in one list": (
        "select a.key as item, 'CONFORMS' as conclusion, max(b.name || c.name) as reason, array_agg(b.name || c.name || d.name) as saw_all "
        "from aws_bucket as a cross join aws_bucket as b cross join aws_bucket as c cross join aws_bucket as d group by a.key"
    ),
}
"""Proper SQL of checks that would never end: the lint lets them by, the engine stops them at its bounds."""

HARMLESS_ALONE = {
    "deep nesting": "select " + "(" * 3000 + "1" + ")" * 3000 + " as item",
    "current_date": "select current_date as item",
    "current_timestamp": "select current_timestamp::varchar as item",
    "localtimestamp": "select localtimestamp as item",
    "qualified random": "select system.main.random() as item",
    "random in a sample": "select b.key as item from aws_bucket as b using sample 1",
    "version": "select version() as item",
    "current_database": "select current_database() as item",
    "current_user": "select current_user as item",
    "txid": "select txid_current() as item",
    "settings": "select name, value from duckdb_settings()",
    "functions": "select function_name from duckdb_functions()",
    "tables": "select table_name from information_schema.tables",
    "duckdb_tables": "select table_name from duckdb_tables()",
    "sqlite_master": "select name from sqlite_master",
    "pg_catalog": "select relname from pg_catalog.pg_class",
    "pragma as table": "select * from pragma_table_info('aws_bucket')",
    "query_table()": "select key from query_table('aws_bucket')",
    "undeclared table": "select p.email as item from hr_person as p",
    "star": "select * from aws_bucket",
    "star of an alias": "select b.* from aws_bucket as b",
    "columns()": "select columns('.*') from aws_bucket",
    "whole row": "select b as item from aws_bucket as b",
    "undeclared column": "select b._ordinal as item from aws_bucket as b",
    "rowid": "select b.rowid as item from aws_bucket as b",
    "json": "select json_extract('{{}}', '$.a') as item",
    "json arrow": "select '{{}}'::json -> 'a' as item",
    "macro with a lambda": "select list_transform([1], lambda x: x + 1) as item",
    "hash": "select hash(b.key) as item from aws_bucket as b",
    "table function in a join": "select b.key as item from aws_bucket as b join range(3) as r on true",
    "unnest": "select unnest([1, 2]) as item",
    "values": "values (1)",
    "error()": "select error('x') as item",
}
"""The lint refuses them. The sealed engine alone may run them: nothing outside the loaded records and the engine's own catalogue is in reach."""
