/*
title: No active account in any system went unused for longer than the company allows
controls: [IAM-07]
tables: [account]
parameters: [dormant_days]
kind: item
severity: medium
shows: Whether each active account was used, or opened, within the limit.
does_not_show: Accounts of systems that do not report the last log-in, which stay unknown.
remedy:
  console: Ask the owner whether the account is needed; disable it in its system if not, and record the decision in the access review.
cases:
  - name: used within the limit
    parameters: {dormant_days: 90}
    account: [{key: crm/ben, system: crm, user: ben, state: active, last_login: 2026-02-01T00:00:00Z}]
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: used within the limit, changes_at: 2026-05-02T00:00:00Z}]
  - name: the first instant past the limit
    like: used within the limit
    change: {account: [{last_login: 2025-12-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: not used within the limit}]
  - name: never used, in a system that reports log-ins
    like: used within the limit
    change: {account: [{}, {key: crm/dev, system: crm, user: dev, state: active, created: 2025-06-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: DEVIATES, reason: never used}]
  - name: never used, and new
    like: never used, in a system that reports log-ins
    change: {account: [{}, {created: 2026-02-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: CONFORMS, reason: opened within the limit, changes_at: 2026-05-02T00:00:00Z}]
  - name: never used, and nothing says how old it is
    like: never used, in a system that reports log-ins
    change: {account: [{}, {created: null}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/dev, conclusion: UNKNOWN, reason: neither a log-in nor the opening has a date}]
  - name: a system that reports no log-in, beside one that does
    like: used within the limit
    change: {account: [{}, {key: mail/dev, system: mail, user: dev, state: active, created: 2025-06-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: mail/dev, conclusion: UNKNOWN, reason: the system does not report log-ins}]
  - name: disabled
    like: the first instant past the limit
    change: {account: [{state: disabled}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: not active}]
  - name: accounts of one system could not be read
    gaps: [{table: account, account: crm, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: crm}]
*/
with reporting as (
  select held.system
  from account as held
  where held.last_login is not null
  group by held.system
),
aged as (
  select
    held.key,
    coalesce(held.state, 'active') <> 'active' as idle,
    held.last_login is not null as used,
    reporting.system is not null as reported,
    coalesce(held.last_login, held.created) + to_days($dormant_days) as limit_at
  from account as held
  left join reporting on reporting.system = held.system
)
select
  aged.key as item,
  case
    when aged.idle then 'NOT_APPLICABLE'
    when not aged.reported or aged.limit_at is null then 'UNKNOWN'
    when aged.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when aged.idle then 'not active'
    when not aged.reported then 'the system does not report log-ins'
    when aged.limit_at is null then 'neither a log-in nor the opening has a date'
    when aged.limit_at > $as_of and aged.used then 'used within the limit'
    when aged.limit_at > $as_of then 'opened within the limit'
    when aged.used then 'not used within the limit'
    else 'never used'
  end as reason,
  case when not aged.idle and aged.reported and aged.limit_at > $as_of then aged.limit_at end as changes_at
from aged
