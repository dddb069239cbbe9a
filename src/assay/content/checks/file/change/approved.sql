/*
title: Every change carried out in the period was approved by someone other than who asked for it
controls: [CHG-02, CHG-06, CHG-07]
tables: [change]
kind: population
occurs: {change: carried_out}
severity: high
shows: Whether each change outside the code host's own records was approved by a second person before it was carried out, an emergency at any time.
does_not_show: Changes that nobody wrote down, and how carefully the approver looked.
remedy:
  console: Have a second person review the change now, record the outcome in the ticket, and enter the missing approval in the deficiency log.
  cli: "None: the approval is an act of a second person in the tracker."
  terraform: "None: an approval is an act of a person, which no resource stands for."
cases:
  - name: approved by another person before
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: normal, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T10:00:00Z, carried_out: 2026-02-01T10:00:00Z}]
    expect: [{item: CHG-1, conclusion: CONFORMS, reason: approved by another person before}]
  - name: approved by who asked
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: emergency, state: done, requested_by: ben@acme.example, approved_by: ben@acme.example, approved: 2026-02-01T10:00:00Z, carried_out: 2026-02-01T12:00:00Z}]
    expect: [{item: CHG-1, conclusion: DEVIATES, reason: approved by who asked for it}]
  - name: approved afterwards
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: normal, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T10:00:01Z, carried_out: 2026-02-01T10:00:00Z}]
    expect: [{item: CHG-1, conclusion: DEVIATES, reason: approved only afterwards}]
  - name: an emergency may be approved afterwards
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: emergency, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-02T00:00:00Z, carried_out: 2026-02-01T10:00:00Z}]
    expect: [{item: CHG-1, conclusion: CONFORMS, reason: an emergency that another person approved afterwards}]
  - name: never approved, or rejected and carried out all the same
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: normal, state: done, requested_by: ben@acme.example, carried_out: 2026-02-01T10:00:00Z}, {change: CHG-2, kind: normal, state: rejected, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T09:00:00Z, carried_out: 2026-02-01T10:00:00Z}]
    expect: [{item: CHG-1, conclusion: DEVIATES, reason: not approved}, {item: CHG-2, conclusion: DEVIATES, reason: not approved}]
  - name: nobody is named who asked
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: normal, state: done, approved_by: ada@acme.example, approved: 2026-02-01T09:00:00Z, carried_out: 2026-02-01T10:00:00Z}]
    expect: [{item: CHG-1, conclusion: UNKNOWN, reason: nothing says who asked for it}]
  - name: planned, or carried out outside the period
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    change: [{change: CHG-1, kind: normal, state: approved}, {change: CHG-2, kind: normal, carried_out: 2026-03-01T00:00:00Z}]
    expect: []
  - name: changes could not be read
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    gaps: [{table: change, account: changes, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: changes}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    expect: {CONFORMS: 2, DEVIATES: 2, UNKNOWN: 1}
*/
with judged as (
  select
    made.key,
    coalesce(made.state, 'open') <> 'rejected' and made.approved <= $as_of and coalesce(made.approved_by, '') <> '' as approved,
    made.requested_by is null as unasked,
    made.approved_by = made.requested_by as by_who_asked,
    made.approved <= made.carried_out as before,
    made.kind = 'emergency' as emergency
  from change as made
  where made.carried_out >= $period_start and made.carried_out < $period_end
)
select
  judged.key as item,
  case
    when not coalesce(judged.approved, false) then 'DEVIATES'
    when judged.unasked then 'UNKNOWN'
    when judged.by_who_asked then 'DEVIATES'
    when judged.before or coalesce(judged.emergency, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(judged.approved, false) then 'not approved'
    when judged.unasked then 'nothing says who asked for it'
    when judged.by_who_asked then 'approved by who asked for it'
    when judged.before then 'approved by another person before'
    when coalesce(judged.emergency, false) then 'an emergency that another person approved afterwards'
    else 'approved only afterwards'
  end as reason
from judged
