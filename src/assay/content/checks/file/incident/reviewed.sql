/*
title: Every critical and high incident was reviewed in the days that the company allows after it was over
controls: [INC-03]
tables: [incident]
parameters: [incident_review_days]
kind: item
severity: medium
shows: Whether the lessons of each incident of the two highest severities were written down in time after it was resolved.
does_not_show: What was learnt, and whether the actions that follow are done.
remedy:
  console: Hold the review, write down cause, lessons and actions in the incident's record, and date it.
  cli: "None: a review is held by people and written down in the incident's record."
  terraform: "None: a review is held by people, and no resource stands for it."
cases:
  - name: reviewed on the last instant
    parameters: {incident_review_days: 10}
    incident: [{incident: INC-1, severity: high, state: closed, resolved: 2026-02-01T00:00:00Z, reviewed: 2026-02-11T00:00:00Z}]
    expect: [{item: INC-1, conclusion: CONFORMS, reason: reviewed in time, changes_at: null, saw_severity: high}]
  - name: reviewed too late
    like: reviewed on the last instant
    change: {incident: [{reviewed: 2026-02-11T00:00:01Z}]}
    expect: [{item: INC-1, conclusion: DEVIATES, reason: reviewed too late}]
  - name: not reviewed
    like: reviewed on the last instant
    change: {incident: [{severity: critical, reviewed: null}]}
    expect: [{item: INC-1, conclusion: DEVIATES, reason: not reviewed}]
  - name: there is still time
    like: not reviewed
    change: {incident: [{resolved: 2026-02-19T00:00:01Z}]}
    expect: [{item: INC-1, conclusion: CONFORMS, reason: the time for a review is not over, changes_at: 2026-03-01T00:00:01Z}]
  - name: the first instant past the time
    like: not reviewed
    change: {incident: [{resolved: 2026-02-19T00:00:00Z}]}
    expect: [{item: INC-1, conclusion: DEVIATES}]
  - name: it is not over
    like: not reviewed
    change: {incident: [{state: open, resolved: null}]}
    expect: [{item: INC-1, conclusion: NOT_APPLICABLE, reason: not over yet}]
  - name: closed without saying when it was over
    like: not reviewed
    change: {incident: [{state: closed, resolved: null}]}
    expect: [{item: INC-1, conclusion: UNKNOWN, reason: nothing says when it was over}]
  - name: a medium incident
    like: not reviewed
    change: {incident: [{severity: medium}]}
    expect: [{item: INC-1, conclusion: NOT_APPLICABLE, reason: no review is required for this severity}]
  - name: nobody gave it a severity
    like: not reviewed
    change: {incident: [{severity: null}]}
    expect: [{item: INC-1, conclusion: UNKNOWN, reason: nothing says how severe it was}]
  - name: incidents could not be read
    gaps: [{table: incident, account: incidents, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: incidents}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {incident_review_days: 10}
    expect: {CONFORMS: 2, DEVIATES: 1, NOT_APPLICABLE: 1, UNKNOWN: 1}
*/
with dated as (
  select
    event.key,
    event.severity,
    coalesce(event.state, 'open') = 'open' and event.resolved is null as ongoing,
    event.resolved,
    event.reviewed,
    event.resolved + to_days($incident_review_days) as limit_at
  from incident as event
)
select
  dated.key as item,
  case
    when dated.severity is null then 'UNKNOWN'
    when dated.severity not in ('critical', 'high') or dated.ongoing then 'NOT_APPLICABLE'
    when dated.resolved is null then 'UNKNOWN'
    when coalesce(dated.reviewed, $as_of) < dated.limit_at then 'CONFORMS'
    when dated.reviewed = dated.limit_at then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when dated.severity is null then 'nothing says how severe it was'
    when dated.severity not in ('critical', 'high') then 'no review is required for this severity'
    when dated.ongoing then 'not over yet'
    when dated.resolved is null then 'nothing says when it was over'
    when dated.reviewed <= dated.limit_at then 'reviewed in time'
    when dated.reviewed is not null then 'reviewed too late'
    when dated.limit_at > $as_of then 'the time for a review is not over'
    else 'not reviewed'
  end as reason,
  case when dated.severity in ('critical', 'high') and dated.reviewed is null and dated.limit_at > $as_of then dated.limit_at end as changes_at,
  dated.severity as saw_severity,
  dated.resolved as saw_resolved,
  dated.reviewed as saw_reviewed
from dated
