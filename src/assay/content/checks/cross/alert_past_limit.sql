/*
title: Every vulnerability found in the period, by any source, was closed within the limit of its severity
controls: [VUL-02]
tables: [vulnerability, github_dependabot_alert, github_code_scanning_alert, aws_inspector_finding]
items: [vulnerability, github_dependabot_alert, github_code_scanning_alert, aws_inspector_finding]
parameters: [vulnerability_critical_days, vulnerability_high_days, vulnerability_medium_days]
kind: population
occurs: {vulnerability: opened, github_dependabot_alert: created, github_code_scanning_alert: created, aws_inspector_finding: found}
severity: high
needs: "plan: GitHub Code Security for code scanning in private repositories"
shows: Whether each finding of a scanner or test was fixed, dismissed or accepted before its limit, or is open and still within it.
does_not_show: What the scanners do not see, whether a dismissal was justified, and findings older than the period, which cross.alert_open_past_limit shows.
remedy:
  console: Fix the weakness and let the scanner look again, or have the security lead accept the risk in writing before the limit.
  cli: gh api orgs/ORG/dependabot/alerts; gh api orgs/ORG/code-scanning/alerts; aws inspector2 list-findings
  terraform: "None: a weakness ends by a new version of what has it, which is a change of code or of an image, not of a resource."
cases:
  - name: closed within the limit, one of each source
    as_of: 2026-03-01T00:00:00Z
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    vulnerability: [{vulnerability: PT-1, severity: critical, state: fixed, opened: 2026-02-01T00:00:00Z, closed: 2026-02-08T00:00:00Z}]
    github_dependabot_alert: [{key: acme/api/dependabot/1, state: dismissed, severity: critical, created: 2026-02-01T00:00:00Z, dismissed_at: 2026-02-08T00:00:00Z}]
    github_code_scanning_alert: [{key: acme/api/code-scanning/1, state: fixed, severity: critical, created: 2026-02-01T00:00:00Z, fixed_at: 2026-02-08T00:00:00Z}]
    aws_inspector_finding: [{arn: "arn:f1", status: CLOSED, severity: CRITICAL, found: 2026-02-01T00:00:00Z, closed: 2026-02-08T00:00:00Z}]
    expect: [{item: PT-1, conclusion: CONFORMS}, {item: acme/api/dependabot/1, conclusion: CONFORMS}, {item: acme/api/code-scanning/1, conclusion: CONFORMS}, {item: "arn:f1", conclusion: CONFORMS, saw_severity: critical}]
  - name: an instant after the limit
    like: closed within the limit, one of each source
    change: {vulnerability: [{closed: 2026-02-08T00:00:01Z}], github_dependabot_alert: [{dismissed_at: 2026-02-08T00:00:01Z}], github_code_scanning_alert: [{fixed_at: 2026-02-08T00:00:01Z}], aws_inspector_finding: [{closed: 2026-02-08T00:00:01Z}]}
    expect: [{item: PT-1, conclusion: DEVIATES, reason: closed after the limit}, {item: acme/api/dependabot/1, conclusion: DEVIATES}, {item: acme/api/code-scanning/1, conclusion: DEVIATES}, {item: "arn:f1", conclusion: DEVIATES}]
  - name: open past the limit
    like: closed within the limit, one of each source
    change: {vulnerability: [{state: open, closed: null}], github_dependabot_alert: [{state: open, dismissed_at: null}], github_code_scanning_alert: [{state: open, fixed_at: null}], aws_inspector_finding: [{status: ACTIVE, closed: null}]}
    expect: [{item: PT-1, conclusion: DEVIATES, reason: open past the limit}, {item: acme/api/dependabot/1, conclusion: DEVIATES}, {item: acme/api/code-scanning/1, conclusion: DEVIATES}, {item: "arn:f1", conclusion: DEVIATES}]
  - name: open within the limit
    like: open past the limit
    change: {vulnerability: [{severity: high}], github_dependabot_alert: [{severity: high}], github_code_scanning_alert: [{severity: medium}], aws_inspector_finding: [{severity: MEDIUM}]}
    expect: [{item: PT-1, conclusion: CONFORMS, changes_at: 2026-03-03T00:00:00Z}, {item: acme/api/dependabot/1, conclusion: CONFORMS}, {item: acme/api/code-scanning/1, conclusion: CONFORMS, changes_at: 2026-05-02T00:00:00Z}, {item: "arn:f1", conclusion: CONFORMS}]
  - name: without a limit, or set aside by a rule
    like: open past the limit
    change: {vulnerability: [{severity: info}], github_dependabot_alert: [{severity: low}], github_code_scanning_alert: [{severity: null}], aws_inspector_finding: [{status: SUPPRESSED}]}
    expect: [{item: PT-1, conclusion: NOT_APPLICABLE}, {item: acme/api/dependabot/1, conclusion: NOT_APPLICABLE}, {item: acme/api/code-scanning/1, conclusion: NOT_APPLICABLE}, {item: "arn:f1", conclusion: NOT_APPLICABLE, reason: set aside by a rule of the company}]
  - name: accepted, and the list does not say when
    like: closed within the limit, one of each source
    change: {vulnerability: [{state: accepted, closed: null}]}
    github_dependabot_alert: []
    github_code_scanning_alert: []
    aws_inspector_finding: []
    expect: [{item: PT-1, conclusion: UNKNOWN, reason: "closed, and nothing says when"}]
  - name: nothing says how severe it is
    like: accepted, and the list does not say when
    change: {vulnerability: [{severity: null}]}
    expect: [{item: PT-1, conclusion: UNKNOWN, reason: nothing says how severe it is}]
  - name: one source could not be read
    like: closed within the limit, one of each source
    gaps: [{table: aws_inspector_finding, region: eu-west-1, reason: denied}]
    expect: [{item: PT-1, conclusion: CONFORMS}, {item: acme/api/dependabot/1, conclusion: CONFORMS}, {item: acme/api/code-scanning/1, conclusion: CONFORMS}, {item: "arn:f1", conclusion: UNKNOWN, reason: denied}]
  - name: the plan lacks code scanning for one repository
    like: closed within the limit, one of each source
    vulnerability: []
    github_dependabot_alert: []
    aws_inspector_finding: []
    gaps: [{table: github_code_scanning_alert, parent: acme/web, reason: unavailable}]
    expect: [{item: acme/api/code-scanning/1, conclusion: CONFORMS}, {item: acme/web, conclusion: UNKNOWN, reason: unavailable}]
  - name: through the collectors
    recording: [file/exports, github/small-company, aws/inspector/findings]
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    expect: {CONFORMS: 8, DEVIATES: 4, NOT_APPLICABLE: 3, UNKNOWN: 11}
*/
with finding as (
  select
    found.key,
    lower(found.severity) as severity,
    found.opened as opened,
    case when coalesce(found.state, 'open') <> 'open' then found.closed end as closed,
    coalesce(found.state, 'open') <> 'open' as ended,
    case lower(found.severity)
      when 'critical' then found.opened + to_days($vulnerability_critical_days)
      when 'high' then found.opened + to_days($vulnerability_high_days)
      when 'medium' then found.opened + to_days($vulnerability_medium_days)
    end as limit_at
  from vulnerability as found
  where found.opened >= $period_start and found.opened < $period_end
),
dependency as (
  select
    alert.key,
    alert.severity as severity,
    alert.created as opened,
    case when alert.state <> 'open' then coalesce(alert.fixed_at, alert.dismissed_at, alert.auto_dismissed_at) end as closed,
    alert.state <> 'open' as ended,
    case alert.severity
      when 'critical' then alert.created + to_days($vulnerability_critical_days)
      when 'high' then alert.created + to_days($vulnerability_high_days)
      when 'medium' then alert.created + to_days($vulnerability_medium_days)
    end as limit_at
  from github_dependabot_alert as alert
  where alert.created >= $period_start and alert.created < $period_end
),
code as (
  select
    alert.key,
    alert.severity as severity,
    alert.created as opened,
    case when alert.state <> 'open' then coalesce(alert.fixed_at, alert.dismissed_at) end as closed,
    alert.state <> 'open' as ended,
    case alert.severity
      when 'critical' then alert.created + to_days($vulnerability_critical_days)
      when 'high' then alert.created + to_days($vulnerability_high_days)
      when 'medium' then alert.created + to_days($vulnerability_medium_days)
    end as limit_at
  from github_code_scanning_alert as alert
  where alert.created >= $period_start and alert.created < $period_end
),
inspected as (
  select
    finding.key,
    lower(finding.severity) as severity,
    finding.found as opened,
    finding.closed as closed,
    finding.status <> 'ACTIVE' as ended,
    finding.status = 'SUPPRESSED' as suppressed,
    case lower(finding.severity)
      when 'critical' then finding.found + to_days($vulnerability_critical_days)
      when 'high' then finding.found + to_days($vulnerability_high_days)
      when 'medium' then finding.found + to_days($vulnerability_medium_days)
    end as limit_at
  from aws_inspector_finding as finding
  where finding.found >= $period_start and finding.found < $period_end
)
select
  finding.key as item,
  case
    when finding.severity is null then 'UNKNOWN'
    when finding.limit_at is null then 'NOT_APPLICABLE'
    when finding.closed <= finding.limit_at then 'CONFORMS'
    when finding.ended and finding.closed is null then 'UNKNOWN'
    when finding.closed is null and finding.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when finding.severity is null then 'nothing says how severe it is'
    when finding.limit_at is null then 'no limit is set for this severity'
    when finding.closed <= finding.limit_at then 'closed within the limit'
    when finding.closed is not null then 'closed after the limit'
    when finding.ended then 'closed, and nothing says when'
    when finding.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not finding.ended and finding.limit_at > $as_of then finding.limit_at end as changes_at,
  finding.severity as saw_severity,
  finding.opened as saw_opened,
  finding.closed as saw_closed
from finding
union all
select
  dependency.key as item,
  case
    when dependency.limit_at is null then 'NOT_APPLICABLE'
    when dependency.closed <= dependency.limit_at then 'CONFORMS'
    when dependency.ended and dependency.closed is null then 'UNKNOWN'
    when dependency.closed is null and dependency.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when dependency.limit_at is null then 'no limit is set for this severity'
    when dependency.closed <= dependency.limit_at then 'closed within the limit'
    when dependency.closed is not null then 'closed after the limit'
    when dependency.ended then 'closed, and nothing says when'
    when dependency.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not dependency.ended and dependency.limit_at > $as_of then dependency.limit_at end as changes_at,
  dependency.severity as saw_severity,
  dependency.opened as saw_opened,
  dependency.closed as saw_closed
from dependency
union all
select
  code.key as item,
  case
    when code.limit_at is null then 'NOT_APPLICABLE'
    when code.closed <= code.limit_at then 'CONFORMS'
    when code.ended and code.closed is null then 'UNKNOWN'
    when code.closed is null and code.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when code.limit_at is null then 'no security rule, or no limit for its severity'
    when code.closed <= code.limit_at then 'closed within the limit'
    when code.closed is not null then 'closed after the limit'
    when code.ended then 'closed, and nothing says when'
    when code.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not code.ended and code.limit_at > $as_of then code.limit_at end as changes_at,
  code.severity as saw_severity,
  code.opened as saw_opened,
  code.closed as saw_closed
from code
union all
select
  inspected.key as item,
  case
    when inspected.suppressed then 'NOT_APPLICABLE'
    when inspected.limit_at is null then 'NOT_APPLICABLE'
    when inspected.closed <= inspected.limit_at then 'CONFORMS'
    when inspected.ended and inspected.closed is null then 'UNKNOWN'
    when inspected.closed is null and inspected.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when inspected.suppressed then 'set aside by a rule of the company'
    when inspected.limit_at is null then 'no limit is set for this severity'
    when inspected.closed <= inspected.limit_at then 'closed within the limit'
    when inspected.closed is not null then 'closed after the limit'
    when inspected.ended then 'closed, and nothing says when'
    when inspected.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not inspected.suppressed and not inspected.ended and inspected.limit_at > $as_of then inspected.limit_at end as changes_at,
  inspected.severity as saw_severity,
  inspected.opened as saw_opened,
  inspected.closed as saw_closed
from inspected
