/*
title: Every active account belongs to one current worker who has no second one there, or is approved as a shared or service account
controls: [IAM-02]
tables: [account, hr_person]
parameters: [approved_shared_accounts]
links: {hr_person: everywhere}
kind: item
severity: medium
shows: Whose each active account is, by its address, and whether exceptions are on the approved list.
does_not_show: A password that several people know.
remedy:
  console: Give each person an account of their own and disable the shared one, or have the exception approved and add it to approved_shared_accounts as system:account.
  cli: "None in general: opening and disabling accounts is a command of its own in each system."
  terraform: "None: whose an account is cannot be read from any resource; an exception is approved as a parameter of the company."
cases:
  - name: one worker, one account
    parameters: {approved_shared_accounts: ["desk:support"]}
    account: [{key: crm/ben, system: crm, user: ben, email: Ben@acme.example, kind: person, state: active}]
    hr_person: [{email: ben@acme.example, state: active}]
    expect: [{item: crm/ben, conclusion: CONFORMS, reason: belongs to one current worker}]
  - name: a second account in the same system
    like: one worker, one account
    change: {account: [{}, {key: crm/ben2, system: crm, user: ben2, email: ben@acme.example, kind: person, state: active}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its worker has a second account in the system}, {item: crm/ben2, conclusion: DEVIATES}]
  - name: the second account is disabled
    like: a second account in the same system
    change: {account: [{}, {state: disabled}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/ben2, conclusion: NOT_APPLICABLE}]
  - name: an account in another system is no second one
    like: a second account in the same system
    change: {account: [{}, {system: desk}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: crm/ben2, conclusion: CONFORMS}]
  - name: the address of nobody
    like: one worker, one account
    hr_person: []
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: no worker has its address}]
  - name: no address at all, and no kind
    like: one worker, one account
    change: {account: [{email: null, kind: null}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: it has no address}]
  - name: its worker has left
    like: one worker, one account
    change: {hr_person: [{ended: 2026-03-01T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its worker has left}]
  - name: its worker leaves soon
    like: one worker, one account
    change: {hr_person: [{ended: 2026-03-02T00:00:00Z}]}
    expect: [{item: crm/ben, conclusion: CONFORMS, changes_at: 2026-03-02T00:00:00Z}]
  - name: an approved shared account
    like: one worker, one account
    change: {account: [{key: desk/support, system: desk, user: support, kind: shared, email: support@acme.example}]}
    expect: [{item: desk/support, conclusion: CONFORMS, reason: an approved exception}]
  - name: a shared account that nobody approved
    like: an approved shared account
    change: {account: [{system: crm}]}
    expect: [{item: desk/support, conclusion: DEVIATES, reason: a shared account without approval}]
  - name: a service account that nobody approved
    like: an approved shared account
    change: {account: [{user: sync, kind: service}]}
    expect: [{item: desk/support, conclusion: DEVIATES, reason: a service account without approval}]
  - name: workers are not known
    like: one worker, one account
    gaps: [{table: hr_person, account: hr, reason: not_connected}]
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: not_connected}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {approved_shared_accounts: []}
    expect: {CONFORMS: 4, DEVIATES: 4, NOT_APPLICABLE: 1}
*/
with worker as (
  select
    lower(person.email) as email,
    logical_or(coalesce(coalesce(person.ended, person.contract_end) > $as_of, coalesce(person.state, 'active') <> 'left')) as current,
    logical_or(coalesce(person.state, 'active') <> 'left' and coalesce(person.ended, person.contract_end) is null) as stays,
    max(coalesce(person.ended, person.contract_end)) as last_day
  from hr_person as person
  group by lower(person.email)
),
owners as (
  select
    held.system,
    lower(held.email) as email,
    count(*) as accounts
  from account as held
  where coalesce(held.state, 'active') = 'active' and coalesce(held.kind, 'person') = 'person'
  group by held.system, lower(held.email)
),
matched as (
  select
    held.key,
    coalesce(held.state, 'active') <> 'active' as idle,
    matches_any(held.system || ':' || held.user, $approved_shared_accounts) as approved,
    coalesce(held.kind, 'person') as kind,
    held.email is null as unaddressed,
    worker.email is not null as known,
    coalesce(worker.current, false) as current,
    coalesce(owners.accounts, 0) as accounts,
    case when not worker.stays then worker.last_day end as ends
  from account as held
  left join worker on worker.email = lower(held.email)
  left join owners on owners.system = held.system and owners.email = lower(held.email)
),
judged as (
  select
    matched.key,
    matched.idle,
    matched.approved,
    matched.kind,
    matched.unaddressed,
    matched.known,
    matched.current,
    matched.accounts,
    matched.ends,
    matched.kind = 'person' and matched.current and matched.accounts < 2 as personal
  from matched
)
select
  judged.key as item,
  case
    when judged.idle then 'NOT_APPLICABLE'
    when judged.approved or judged.personal then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when judged.idle then 'not active'
    when judged.approved then 'an approved exception'
    when judged.kind = 'shared' then 'a shared account without approval'
    when judged.kind <> 'person' then 'a service account without approval'
    when judged.unaddressed then 'it has no address'
    when not judged.known then 'no worker has its address'
    when not judged.current then 'its worker has left'
    when judged.accounts > 1 then 'its worker has a second account in the system'
    else 'belongs to one current worker'
  end as reason,
  case when not judged.idle and not judged.approved and judged.personal then judged.ends end as changes_at
from judged
