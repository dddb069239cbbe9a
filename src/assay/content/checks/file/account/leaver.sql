/*
title: No active account in any system belongs to someone who left longer ago than access may last
controls: [IAM-08]
tables: [account, hr_person]
parameters: [leaver_access_end_hours]
links: {hr_person: everywhere}
kind: item
severity: high
shows: Whether the worker with an active account's address left, or the contract ended, longer ago than access may last.
does_not_show: Accounts under an address that no worker has, which stay unknown, and shared accounts whose password a leaver knows.
remedy:
  console: Disable the account in its system, end its sessions, and record the time in the offboarding ticket.
  cli: "None in general: disabling an account is a command of its own in each system."
  terraform: "None: these are accounts of systems that Assay knows by an export only; where a provider for the system exists, take the account out of its configuration."
cases:
  - name: a current worker
    parameters: {leaver_access_end_hours: 24}
    account: [{key: crm/ben, system: crm, user: ben, email: ben@acme.example, kind: person, state: active}]
    hr_person: [{email: ben@acme.example, state: active}]
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: belongs to a current worker, changes_at: null}]
  - name: a worker whose last day is known
    like: a current worker
    change: {hr_person: [{ended: 2026-03-31T22:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: belongs to a current worker, changes_at: 2026-04-01T22:00:00Z}]
  - name: a leaver within the limit
    like: a current worker
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:01Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: its worker left within the limit, changes_at: 2026-03-01T00:00:01Z}]
  - name: the first instant past the limit
    like: a current worker
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its worker left longer ago than the limit}]
  - name: a contract that ran out, though the HR system still says active
    like: a current worker
    change: {hr_person: [{kind: contractor, contract_end: 2026-01-31T23:00:00Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES}]
  - name: a leaver without a date
    like: a current worker
    change: {hr_person: [{state: left}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its worker has left and no end date is given}]
  - name: an invitation that a leaver could still accept
    like: the first instant past the limit
    change: {account: [{state: invited}]}
    expect: [{item: crm/ben, conclusion: DEVIATES}]
  - name: the account was disabled
    like: the first instant past the limit
    change: {account: [{state: disabled}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: disabled}]
  - name: a service account is nobody's
    like: a current worker
    change: {account: [{kind: service, email: null}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: belongs to no single person}]
  - name: an address that no worker has
    like: a current worker
    change: {account: [{email: ben@other.example}]}
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: no worker has its address}]
  - name: a leaver's service account is for the review of shared accounts
    like: the first instant past the limit
    change: {account: [{kind: shared}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE}]
  - name: workers are not known
    like: a current worker
    gaps: [{table: hr_person, account: hr, reason: not_connected}]
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: not_connected}]
  - name: accounts of one system could not be read
    gaps: [{table: account, account: crm, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: crm}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {leaver_access_end_hours: 24}
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 3, UNKNOWN: 1}
*/
with worker as (
  select
    lower(person.email) as email,
    logical_or(coalesce(person.state, 'active') <> 'left' and coalesce(person.ended, person.contract_end) is null) as stays,
    max(coalesce(person.ended, person.contract_end)) as last_day
  from hr_person as person
  group by lower(person.email)
),
matched as (
  select
    held.key,
    coalesce(held.state, 'active') = 'disabled' as disabled,
    coalesce(held.kind, 'person') <> 'person' as of_nobody,
    worker.email is not null as known,
    coalesce(worker.stays, false) as stays,
    worker.last_day,
    worker.last_day + to_hours($leaver_access_end_hours) as limit_at
  from account as held
  left join worker on worker.email = lower(held.email)
)
select
  matched.key as item,
  case
    when matched.disabled or matched.of_nobody then 'NOT_APPLICABLE'
    when not matched.known then 'UNKNOWN'
    when matched.stays or matched.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when matched.disabled then 'disabled'
    when matched.of_nobody then 'belongs to no single person'
    when not matched.known then 'no worker has its address'
    when matched.stays or matched.last_day > $as_of then 'belongs to a current worker'
    when matched.limit_at > $as_of then 'its worker left within the limit'
    when matched.last_day is null then 'its worker has left and no end date is given'
    else 'its worker left longer ago than the limit'
  end as reason,
  case
    when not matched.disabled and not matched.of_nobody and matched.known and not matched.stays and matched.limit_at > $as_of
      then matched.limit_at
  end as changes_at
from matched
