/*
title: Every current worker has finished security training within the interval, or is still within the time for a first one
controls: [HRS-04]
tables: [hr_person, training_record]
parameters: [training_joiner_days, training_interval_days]
links: {training_record: everywhere}
kind: item
severity: medium
shows: Whether the latest security course that each worker finished is younger than the interval, or the worker began within the time for a first one.
does_not_show: Whether a first course that is finished by now came in time, what it taught, and what the worker remembers.
remedy:
  console: Assign the course again in the training system, with a due date, and tell the worker's manager.
  cli: "None: the worker has to take the course; it is assigned in the training system."
  terraform: "None: training is taken by people, and no resource stands for it."
cases:
  - name: finished within the interval
    parameters: {training_joiner_days: 30, training_interval_days: 365}
    hr_person: [{email: ben@acme.example, state: active, started: 2024-01-01T00:00:00Z}]
    training_record: [{key: t1, email: ben@acme.example, course: Awareness, topic: security, completed: 2025-06-01T12:00:00Z}]
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: finished within the interval, changes_at: 2026-06-01T12:00:00Z}]
  - name: the interval has run out
    like: finished within the interval
    change: {training_record: [{completed: 2025-03-01T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: last finished longer ago than the interval}]
  - name: the latest of several counts
    like: the interval has run out
    change: {training_record: [{}, {key: t2, email: ben@acme.example, topic: security, completed: 2025-03-01T00:00:01Z}]}
    expect: [{item: ben@acme.example, conclusion: CONFORMS, changes_at: 2026-03-01T00:00:01Z}]
  - name: assigned, not finished
    like: finished within the interval
    change: {training_record: [{completed: null, assigned: 2026-02-01T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: never finished}]
  - name: another topic is no security training
    like: finished within the interval
    change: {training_record: [{topic: privacy}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: never finished}]
  - name: finished after the as-of instant
    like: finished within the interval
    change: {training_record: [{completed: 2026-03-02T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: never finished}]
  - name: a new worker has time
    like: assigned, not finished
    change: {hr_person: [{started: 2026-01-30T00:00:01Z}]}
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: began within the time for a first training, changes_at: 2026-03-01T00:00:01Z}]
  - name: a new worker's time has run out
    like: assigned, not finished
    change: {hr_person: [{started: 2026-01-30T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: never finished}]
  - name: a worker on leave is not asked
    like: the interval has run out
    change: {hr_person: [{state: leave}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: on leave}]
  - name: a leaver is not asked
    like: the interval has run out
    change: {hr_person: [{state: left, ended: 2026-02-01T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: no longer works here}]
  - name: somebody who begins later
    like: assigned, not finished
    change: {hr_person: [{started: 2026-04-01T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: has not begun}]
  - name: training is not known
    like: finished within the interval
    gaps: [{table: training_record, account: lms, reason: not_connected}]
    expect: [{item: ben@acme.example, conclusion: UNKNOWN, reason: not_connected}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {training_joiner_days: 30, training_interval_days: 365}
    expect: {CONFORMS: 4, DEVIATES: 2, NOT_APPLICABLE: 4}
*/
with finished as (
  select
    lower(training.email) as email,
    max(training.completed) as latest
  from training_record as training
  where training.topic = 'security' and training.completed <= $as_of
  group by lower(training.email)
),
trained as (
  select
    person.key,
    coalesce(person.started > $as_of, false) as ahead,
    coalesce(coalesce(person.ended, person.contract_end) <= $as_of, coalesce(person.state, 'active') = 'left') as gone,
    coalesce(person.state = 'leave', false) as away,
    finished.latest,
    coalesce(finished.latest + to_days($training_interval_days), person.started + to_days($training_joiner_days)) as limit_at
  from hr_person as person
  left join finished on finished.email = lower(person.email)
)
select
  trained.key as item,
  case
    when trained.gone or trained.ahead or trained.away then 'NOT_APPLICABLE'
    when trained.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when trained.gone then 'no longer works here'
    when trained.ahead then 'has not begun'
    when trained.away then 'on leave'
    when trained.limit_at > $as_of and trained.latest is not null then 'finished within the interval'
    when trained.limit_at > $as_of then 'began within the time for a first training'
    when trained.latest is not null then 'last finished longer ago than the interval'
    else 'never finished'
  end as reason,
  case when not trained.gone and not trained.ahead and not trained.away and trained.limit_at > $as_of then trained.limit_at end as changes_at
from trained
