/*
title: Every dependency alert raised in the period was closed within the limit of its severity
controls: [VUL-02]
tables: [github_dependabot_alert]
parameters: [vulnerability_critical_days, vulnerability_high_days, vulnerability_medium_days]
kind: population
occurs: {github_dependabot_alert: created}
severity: high
shows: Whether each Dependabot alert was fixed or dismissed before its limit, or is open and still within it.
does_not_show: Whether a dismissal was justified, when the fix was deployed, and alerts older than the period, which cross.alert_open_past_limit shows.
remedy:
  console: Repository > Security > Dependabot > the alert > Create Dependabot security update, then merge it.
  cli: gh api repos/OWNER/REPO/dependabot/alerts
  terraform: github_repository_dependabot_security_updates, argument enabled = true.
cases:
  - name: fixed within the limit
    as_of: 2026-03-01T00:00:00Z
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    github_dependabot_alert: [{key: acme/api/dependabot/1, state: fixed, severity: critical, created: 2026-02-01T00:00:00Z, fixed_at: 2026-02-08T00:00:00Z}]
    expect: [{item: acme/api/dependabot/1, conclusion: CONFORMS, reason: closed within the limit, changes_at: null}]
  - name: fixed an instant after the limit
    like: fixed within the limit
    change: {github_dependabot_alert: [{fixed_at: 2026-02-08T00:00:01Z}]}
    expect: [{item: acme/api/dependabot/1, conclusion: DEVIATES, reason: closed after the limit, saw_severity: critical, saw_closed: 2026-02-08T00:00:01Z}]
  - name: dismissed within the limit
    like: fixed within the limit
    change: {github_dependabot_alert: [{state: dismissed, fixed_at: null, dismissed_at: 2026-02-02T00:00:00Z}]}
    expect: [{item: acme/api/dependabot/1, conclusion: CONFORMS}]
  - name: set aside by a rule after the limit
    like: fixed within the limit
    change: {github_dependabot_alert: [{state: auto_dismissed, fixed_at: null, auto_dismissed_at: 2026-02-20T00:00:00Z}]}
    expect: [{item: acme/api/dependabot/1, conclusion: DEVIATES}]
  - name: open past the limit
    like: fixed within the limit
    change: {github_dependabot_alert: [{state: open, fixed_at: null, severity: high, created: 2026-01-30T00:00:00Z}]}
    expect: [{item: acme/api/dependabot/1, conclusion: DEVIATES, reason: open past the limit}]
  - name: open within the limit
    like: open past the limit
    change: {github_dependabot_alert: [{severity: medium}]}
    expect: [{item: acme/api/dependabot/1, conclusion: CONFORMS, reason: open within the limit, changes_at: 2026-04-30T00:00:00Z}]
  - name: opened again after a dismissal
    like: open past the limit
    change: {github_dependabot_alert: [{dismissed_at: 2026-02-01T00:00:00Z}]}
    expect: [{item: acme/api/dependabot/1, conclusion: DEVIATES, reason: open past the limit}]
  - name: low severity has no limit
    like: open past the limit
    change: {github_dependabot_alert: [{severity: low}]}
    expect: [{item: acme/api/dependabot/1, conclusion: NOT_APPLICABLE}]
  - name: raised before the period
    like: open past the limit
    change: {github_dependabot_alert: [{created: 2025-12-31T23:59:59Z}]}
    expect: []
  - name: alerts of one repository could not be read
    like: fixed within the limit
    gaps: [{table: github_dependabot_alert, parent: acme/web, reason: denied}]
    expect: [{item: acme/api/dependabot/1, conclusion: CONFORMS}, {item: acme/web, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    expect: {CONFORMS: 2, DEVIATES: 2, NOT_APPLICABLE: 1, UNKNOWN: 2}
*/
with dated as (
  select
    alert.key,
    alert.severity,
    alert.created,
    case when alert.state <> 'open' then coalesce(alert.fixed_at, alert.dismissed_at, alert.auto_dismissed_at) end as closed,
    case alert.severity
      when 'critical' then alert.created + to_days($vulnerability_critical_days)
      when 'high' then alert.created + to_days($vulnerability_high_days)
      when 'medium' then alert.created + to_days($vulnerability_medium_days)
    end as limit_at
  from github_dependabot_alert as alert
  where alert.created >= $period_start and alert.created < $period_end
)
select
  dated.key as item,
  case
    when dated.limit_at is null then 'NOT_APPLICABLE'
    when dated.closed <= dated.limit_at then 'CONFORMS'
    when dated.closed is null and dated.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when dated.limit_at is null then 'no limit is set for this severity'
    when dated.closed <= dated.limit_at then 'closed within the limit'
    when dated.closed is not null then 'closed after the limit'
    when dated.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when dated.closed is null and dated.limit_at > $as_of then dated.limit_at end as changes_at,
  dated.severity as saw_severity,
  dated.created as saw_created,
  dated.closed as saw_closed
from dated
