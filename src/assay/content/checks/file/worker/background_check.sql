/*
title: Every current worker's background check was completed by the start date plus the grace that the company gives
controls: [HRS-01]
tables: [hr_person, background_check]
parameters: [background_check_grace_days]
links: {background_check: everywhere}
kind: item
severity: medium
shows: Whether a background check of each worker was completed, and whether that was in time, by days in the company's time zone.
does_not_show: What was checked and what was found, which Assay never reads, and whether the law of the place allows a check.
remedy:
  console: Have People order the check, and hold back access to systems in scope until it is completed.
  cli: "None: a check is ordered from the provider by people who may see its result."
  terraform: "None: a check of a person is no resource."
cases:
  - name: completed on the first day
    parameters: {background_check_grace_days: 0}
    zone: Europe/Berlin
    hr_person: [{email: ben@acme.example, state: active, started: 2026-01-31T23:00:00Z}]
    background_check: [{key: b1, email: ben@acme.example, completed: 2026-02-01}]
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: completed in time, changes_at: null}]
  - name: completed a day late
    like: completed on the first day
    change: {background_check: [{completed: 2026-02-02}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: completed too late}]
  - name: completed a day late, where a day of grace is given
    like: completed a day late
    parameters: {background_check_grace_days: 1}
    expect: [{item: ben@acme.example, conclusion: CONFORMS}]
  - name: checked again later
    like: completed on the first day
    change: {background_check: [{}, {key: b2, email: ben@acme.example, completed: 2026-02-20}]}
    expect: [{item: ben@acme.example, conclusion: CONFORMS}]
  - name: ordered, not completed
    like: completed on the first day
    change: {background_check: [{completed: null}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: no completed check}]
  - name: not completed, and the last day of grace is not over
    like: ordered, not completed
    parameters: {background_check_grace_days: 28}
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: the time for it is not over, changes_at: 2026-03-01T23:00:00Z}]
  - name: not completed, at the instant at which the last day of grace ends
    like: not completed, and the last day of grace is not over
    as_of: 2026-03-01T23:00:00Z
    expect: [{item: ben@acme.example, conclusion: DEVIATES}]
  - name: a start that nobody wrote down
    like: completed on the first day
    change: {hr_person: [{started: null}]}
    expect: [{item: ben@acme.example, conclusion: UNKNOWN, reason: the start date is not known}]
  - name: a leaver
    like: ordered, not completed
    change: {hr_person: [{state: left, ended: 2026-02-20T23:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: no longer works here}]
  - name: somebody who begins later
    like: ordered, not completed
    change: {hr_person: [{started: 2026-04-01T22:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: has not begun}]
  - name: checks are not known
    like: completed on the first day
    gaps: [{table: background_check, account: hr, reason: not_connected}]
    expect: [{item: ben@acme.example, conclusion: UNKNOWN, reason: not_connected}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    zone: Europe/Berlin
    parameters: {background_check_grace_days: 0}
    expect: {CONFORMS: 4, DEVIATES: 3, NOT_APPLICABLE: 3}
*/
with completed as (
  select
    lower(done.email) as email,
    min(done.completed) as earliest
  from background_check as done
  where done.completed is not null and done.completed <= local_date($as_of, $zone)
  group by lower(done.email)
),
checked as (
  select
    person.key,
    coalesce(person.started > $as_of, false) as ahead,
    coalesce(coalesce(person.ended, person.contract_end) <= $as_of, coalesce(person.state, 'active') = 'left') as gone,
    completed.earliest,
    person.started is null as undated,
    local_date(person.started, $zone) + to_days($background_check_grace_days) as last_day,
    local_midnight(local_date(person.started, $zone) + to_days($background_check_grace_days + 1), $zone) as limit_at
  from hr_person as person
  left join completed on completed.email = lower(person.email)
)
select
  checked.key as item,
  case
    when checked.gone or checked.ahead then 'NOT_APPLICABLE'
    when checked.earliest is null and coalesce(checked.limit_at <= $as_of, true) then 'DEVIATES'
    when checked.undated then 'UNKNOWN'
    when checked.earliest is null or checked.earliest <= checked.last_day then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when checked.gone then 'no longer works here'
    when checked.ahead then 'has not begun'
    when checked.earliest is null and coalesce(checked.limit_at <= $as_of, true) then 'no completed check'
    when checked.undated then 'the start date is not known'
    when checked.earliest is null then 'the time for it is not over'
    when checked.earliest <= checked.last_day then 'completed in time'
    else 'completed too late'
  end as reason,
  case when not checked.gone and not checked.ahead and checked.earliest is null and checked.limit_at > $as_of then checked.limit_at end as changes_at
from checked
