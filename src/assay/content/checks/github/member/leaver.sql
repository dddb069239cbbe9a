/*
title: No member of the GitHub organization left the company longer ago than access may last
controls: [IAM-08]
tables: [github_org_member, hr_person]
parameters: [leaver_access_end_hours]
links: {hr_person: everywhere}
kind: item
severity: high
shows: Whether a member's log-in belongs to a worker whose work or contract ended longer ago than access may last.
does_not_show: Log-ins nobody has matched to a worker, which stay unknown, and tokens and deploy keys that a leaver knows.
remedy:
  console: Organization > People > the member > Remove from organization.
  cli: gh api -X DELETE orgs/ORG/memberships/LOGIN
  terraform: Remove the person's github_membership.
cases:
  - name: a worker with no end in sight
    parameters: {leaver_access_end_hours: 24}
    github_org_member: [{login: Ben, kind: User}]
    hr_person: [{email: ben@acme.example, state: active, github_login: ben}]
    expect: [{item: Ben, conclusion: CONFORMS, reason: belongs to a current worker, changes_at: null}]
  - name: a worker whose last day is known
    like: a worker with no end in sight
    change: {hr_person: [{ended: 2026-03-10T00:00:00Z}]}
    expect: [{item: Ben, conclusion: CONFORMS, changes_at: 2026-03-11T00:00:00Z}]
  - name: a leaver within the limit
    like: a worker with no end in sight
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:01Z}]}
    expect: [{item: Ben, conclusion: CONFORMS, reason: its worker left within the limit, changes_at: 2026-03-01T00:00:01Z}]
  - name: the first instant past the limit
    like: a worker with no end in sight
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:00Z}]}
    expect: [{item: Ben, conclusion: DEVIATES, reason: its worker left longer ago than the limit}]
  - name: a contract that ran out, though the HR system still says active
    like: a worker with no end in sight
    change: {hr_person: [{kind: contractor, contract_end: 2026-01-31T00:00:00Z}]}
    expect: [{item: Ben, conclusion: DEVIATES}]
  - name: a leaver without a date
    like: a worker with no end in sight
    change: {hr_person: [{state: left}]}
    expect: [{item: Ben, conclusion: DEVIATES, reason: its worker has left and no end date is given}]
  - name: a leaver who came back under another address
    like: the first instant past the limit
    change: {hr_person: [{}, {email: ben.two@acme.example, state: active, github_login: ben}]}
    expect: [{item: Ben, conclusion: CONFORMS}]
  - name: two past employments, of which the later one counts
    like: the first instant past the limit
    change: {hr_person: [{ended: 2025-01-01T00:00:00Z}, {email: ben.two@acme.example, state: left, ended: 2026-02-28T12:00:00Z, github_login: ben}]}
    expect: [{item: Ben, conclusion: CONFORMS, changes_at: 2026-03-01T12:00:00Z}]
  - name: a log-in that no worker has
    like: a worker with no end in sight
    change: {hr_person: [{github_login: null}]}
    expect: [{item: Ben, conclusion: UNKNOWN, reason: no worker is matched to this log-in}]
  - name: the account of an app
    like: a log-in that no worker has
    change: {github_org_member: [{kind: Bot}]}
    expect: [{item: Ben, conclusion: NOT_APPLICABLE, reason: an app's account}]
  - name: workers are not known
    like: a worker with no end in sight
    gaps: [{table: hr_person, account: hr, reason: not_connected}]
    expect: [{item: Ben, conclusion: UNKNOWN, reason: not_connected}]
  - name: members could not be listed
    gaps: [{table: github_org_member, account: acme, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, account: acme}]
  - name: the second factor is of no concern here
    like: a worker with no end in sight
    gaps: [{table: github_org_member, columns: [two_factor_disabled], reason: denied}]
    expect: [{item: Ben, conclusion: CONFORMS}]
  - name: through the collectors
    recording: [github/small-company, file/exports]
    as_of: 2026-11-16T07:00:00Z
    parameters: {leaver_access_end_hours: 24}
    expect: {CONFORMS: 4, DEVIATES: 1, UNKNOWN: 8}
*/
with worker as (
  select
    lower(person.github_login) as login,
    logical_or(coalesce(person.state, 'active') <> 'left' and coalesce(person.ended, person.contract_end) is null) as stays,
    max(coalesce(person.ended, person.contract_end)) as last_day
  from hr_person as person
  where person.github_login is not null
  group by lower(person.github_login)
),
matched as (
  select
    member.key,
    coalesce(member.kind, 'User') = 'Bot' as of_an_app,
    worker.login is not null as known,
    coalesce(worker.stays, false) as stays,
    worker.last_day,
    worker.last_day + to_hours($leaver_access_end_hours) as limit_at
  from github_org_member as member
  left join worker on worker.login = lower(member.login)
)
select
  matched.key as item,
  case
    when matched.of_an_app then 'NOT_APPLICABLE'
    when not matched.known then 'UNKNOWN'
    when matched.stays then 'CONFORMS'
    when matched.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when matched.of_an_app then 'an app''s account'
    when not matched.known then 'no worker is matched to this log-in'
    when matched.stays or matched.last_day > $as_of then 'belongs to a current worker'
    when matched.limit_at > $as_of then 'its worker left within the limit'
    when matched.last_day is null then 'its worker has left and no end date is given'
    else 'its worker left longer ago than the limit'
  end as reason,
  case
    when not matched.of_an_app and matched.known and not matched.stays and matched.limit_at > $as_of then matched.limit_at
  end as changes_at
from matched
