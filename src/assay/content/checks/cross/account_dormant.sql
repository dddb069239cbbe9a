/*
title: No active account in any system went unused for longer than the company allows
controls: [IAM-07]
tables: [account]
parameters: [dormant_days]
kind: item
severity: medium
shows: Whether each active account was used, or opened, within the limit.
does_not_show: Accounts of systems whose export leaves the last log-in empty, which stay unknown unless the confirmed mapping says that empty means never used.
remedy:
  console: Ask the owner whether the account is needed; disable it in its system if not, and record the decision in the access review.
  cli: "None in general: disabling an account is a command of its own in each system, after its owner has said that it is not needed."
  terraform: "None: these are accounts of systems that Assay knows by an export only; where a provider for the system exists, take the account out of its configuration."
cases:
  - name: used within the limit
    parameters: {dormant_days: 90}
    account: [{key: crm/ben, system: crm, user: ben, state: active, last_login: 2026-02-01T00:00:00Z}]
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: used within the limit, changes_at: 2026-05-02T00:00:00Z}]
  - name: the first instant past the limit
    like: used within the limit
    change: {account: [{last_login: 2025-12-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: not used within the limit}]
  - name: never used
    like: used within the limit
    change: {account: [{}, {key: crm/dev, system: crm, user: dev, state: active, created: 2025-06-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: DEVIATES, reason: never used}]
  - name: never used, and new
    like: never used
    change: {account: [{}, {created: 2026-02-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: CONFORMS, reason: opened within the limit, changes_at: 2026-05-02T00:00:00Z}]
  - name: never used, and nothing says how old it is
    like: never used
    change: {account: [{}, {created: null}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: UNKNOWN, reason: neither a log-in nor the opening has a date}]
  - name: the export does not say when one account was last used, which makes no other unknown
    like: never used
    gaps: [{table: account, key: crm/dev, columns: [last_login], reason: unavailable}]
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: UNKNOWN, reason: unavailable}]
  - name: the export says of no account when it was last used
    like: never used
    gaps: [{table: account, columns: [last_login], reason: unavailable}]
    expect: [{item: crm/ben, conclusion: UNKNOWN}, {item: crm/dev, conclusion: UNKNOWN}]
  - name: disabled
    like: the first instant past the limit
    change: {account: [{state: disabled}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: not active}]
  - name: accounts of one system could not be read
    gaps: [{table: account, account: crm, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: crm}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {dormant_days: 90}
    expect: {CONFORMS: 6, DEVIATES: 1, NOT_APPLICABLE: 1, UNKNOWN: 1}
*/
with aged as (
  select
    held.key,
    coalesce(held.state, 'active') <> 'active' as idle,
    held.last_login is not null as used,
    coalesce(held.last_login, held.created) + to_days($dormant_days) as limit_at
  from account as held
)
select
  aged.key as item,
  case
    when aged.idle then 'NOT_APPLICABLE'
    when aged.limit_at is null then 'UNKNOWN'
    when aged.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when aged.idle then 'not active'
    when aged.limit_at is null then 'neither a log-in nor the opening has a date'
    when aged.limit_at > $as_of and aged.used then 'used within the limit'
    when aged.limit_at > $as_of then 'opened within the limit'
    when aged.used then 'not used within the limit'
    else 'never used'
  end as reason,
  case when not aged.idle and aged.limit_at > $as_of then aged.limit_at end as changes_at
from aged
