/*
title: No vulnerability of any source is open past the limit of its severity
controls: [VUL-02]
tables: [vulnerability, github_dependabot_alert, github_code_scanning_alert, aws_inspector_finding]
items: [vulnerability, github_dependabot_alert, github_code_scanning_alert, aws_inspector_finding]
parameters: [vulnerability_critical_days, vulnerability_high_days, vulnerability_medium_days]
kind: item
severity: high
needs: "plan: GitHub Code Security for code scanning in private repositories"
shows: Whether each finding that is open now, however old, is still within its limit.
does_not_show: Findings that were closed too late, which cross.alert_past_limit shows, and what the scanners do not see.
remedy:
  console: Fix the weakness and let the scanner look again, or have the security lead accept the risk in writing before the limit.
  cli: gh api orgs/ORG/dependabot/alerts; gh api orgs/ORG/code-scanning/alerts; aws inspector2 list-findings
  terraform: "None: a weakness ends by a new version of what has it, which is a change of code or of an image, not of a resource."
cases:
  - name: open past the limit, one of each source
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    vulnerability: [{vulnerability: PT-1, severity: high, state: open, opened: 2025-02-01T00:00:00Z}]
    github_dependabot_alert: [{key: acme/api/dependabot/1, state: open, severity: critical, created: 2026-02-22T00:00:00Z}]
    github_code_scanning_alert: [{key: acme/api/code-scanning/1, state: open, severity: high, created: 2026-01-30T00:00:00Z}]
    aws_inspector_finding: [{arn: "arn:f1", status: ACTIVE, severity: MEDIUM, found: 2025-12-01T00:00:00Z}]
    expect: [{item: PT-1, conclusion: DEVIATES}, {item: acme/api/dependabot/1, conclusion: DEVIATES}, {item: acme/api/code-scanning/1, conclusion: DEVIATES}, {item: "arn:f1", conclusion: DEVIATES}]
  - name: open, with an instant left
    like: open past the limit, one of each source
    change: {vulnerability: [{opened: 2026-01-30T00:00:01Z}], github_dependabot_alert: [{created: 2026-02-22T00:00:01Z}], github_code_scanning_alert: [{created: 2026-01-30T00:00:01Z}], aws_inspector_finding: [{found: 2025-12-01T00:00:01Z}]}
    expect: [{item: PT-1, conclusion: CONFORMS, changes_at: 2026-03-01T00:00:01Z}, {item: acme/api/dependabot/1, conclusion: CONFORMS, changes_at: 2026-03-01T00:00:01Z}, {item: acme/api/code-scanning/1, conclusion: CONFORMS}, {item: "arn:f1", conclusion: CONFORMS}]
  - name: closed, whenever that was
    like: open past the limit, one of each source
    change: {vulnerability: [{state: accepted}], github_dependabot_alert: [{state: auto_dismissed}], github_code_scanning_alert: [{state: fixed}], aws_inspector_finding: [{status: CLOSED}]}
    expect: [{item: PT-1, conclusion: NOT_APPLICABLE, reason: closed}, {item: acme/api/dependabot/1, conclusion: NOT_APPLICABLE}, {item: acme/api/code-scanning/1, conclusion: NOT_APPLICABLE}, {item: "arn:f1", conclusion: NOT_APPLICABLE}]
  - name: without a limit, or set aside by a rule
    like: open past the limit, one of each source
    change: {vulnerability: [{severity: low}], github_dependabot_alert: [{severity: low}], github_code_scanning_alert: [{severity: null}], aws_inspector_finding: [{status: SUPPRESSED}]}
    expect: [{item: PT-1, conclusion: NOT_APPLICABLE}, {item: acme/api/dependabot/1, conclusion: NOT_APPLICABLE}, {item: acme/api/code-scanning/1, conclusion: NOT_APPLICABLE}, {item: "arn:f1", conclusion: NOT_APPLICABLE, reason: set aside by a rule of the company}]
  - name: nothing says since when it is open, or how severe it is
    like: open past the limit, one of each source
    change: {vulnerability: [{opened: null}, {vulnerability: PT-2, state: open, opened: 2026-02-01T00:00:00Z}]}
    github_dependabot_alert: []
    github_code_scanning_alert: []
    aws_inspector_finding: []
    expect: [{item: PT-1, conclusion: UNKNOWN, reason: nothing says since when it is open}, {item: PT-2, conclusion: UNKNOWN, reason: nothing says how severe it is}]
  - name: alerts of one repository could not be read
    like: open past the limit, one of each source
    vulnerability: []
    github_code_scanning_alert: []
    aws_inspector_finding: []
    gaps: [{table: github_dependabot_alert, parent: acme/web, reason: denied}, {table: aws_inspector_finding, region: eu-west-1, reason: unavailable}]
    expect: [{item: acme/api/dependabot/1, conclusion: DEVIATES}, {item: acme/web, conclusion: UNKNOWN, reason: denied}, {item: null, conclusion: UNKNOWN, reason: unavailable}]
  - name: through the collectors
    recording: [file/exports, github/small-company, aws/inspector/findings]
    as_of: 2026-11-16T07:00:00Z
    parameters: {vulnerability_critical_days: 7, vulnerability_high_days: 30, vulnerability_medium_days: 90}
    expect: {CONFORMS: 3, DEVIATES: 3, NOT_APPLICABLE: 9, UNKNOWN: 11}
*/
with finding as (
  select
    found.key,
    lower(found.severity) as severity,
    found.opened as opened,
    coalesce(found.state, 'open') <> 'open' as ended,
    case lower(found.severity)
      when 'critical' then found.opened + to_days($vulnerability_critical_days)
      when 'high' then found.opened + to_days($vulnerability_high_days)
      when 'medium' then found.opened + to_days($vulnerability_medium_days)
    end as limit_at
  from vulnerability as found
),
dependency as (
  select
    alert.key,
    alert.severity as severity,
    alert.created as opened,
    alert.state <> 'open' as ended,
    case alert.severity
      when 'critical' then alert.created + to_days($vulnerability_critical_days)
      when 'high' then alert.created + to_days($vulnerability_high_days)
      when 'medium' then alert.created + to_days($vulnerability_medium_days)
    end as limit_at
  from github_dependabot_alert as alert
),
code as (
  select
    alert.key,
    alert.severity as severity,
    alert.created as opened,
    alert.state <> 'open' as ended,
    case alert.severity
      when 'critical' then alert.created + to_days($vulnerability_critical_days)
      when 'high' then alert.created + to_days($vulnerability_high_days)
      when 'medium' then alert.created + to_days($vulnerability_medium_days)
    end as limit_at
  from github_code_scanning_alert as alert
),
inspected as (
  select
    finding.key,
    lower(finding.severity) as severity,
    finding.found as opened,
    finding.status <> 'ACTIVE' as ended,
    finding.status = 'SUPPRESSED' as suppressed,
    case lower(finding.severity)
      when 'critical' then finding.found + to_days($vulnerability_critical_days)
      when 'high' then finding.found + to_days($vulnerability_high_days)
      when 'medium' then finding.found + to_days($vulnerability_medium_days)
    end as limit_at
  from aws_inspector_finding as finding
)
select
  finding.key as item,
  case
    when finding.ended then 'NOT_APPLICABLE'
    when finding.severity is null then 'UNKNOWN'
    when finding.severity in ('critical', 'high', 'medium') and finding.opened is null then 'UNKNOWN'
    when finding.limit_at is null then 'NOT_APPLICABLE'
    when finding.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when finding.ended then 'closed'
    when finding.severity is null then 'nothing says how severe it is'
    when finding.severity in ('critical', 'high', 'medium') and finding.opened is null then 'nothing says since when it is open'
    when finding.limit_at is null then 'no limit is set for this severity'
    when finding.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not finding.ended and finding.limit_at > $as_of then finding.limit_at end as changes_at,
  finding.severity as saw_severity,
  finding.opened as saw_opened
from finding
union all
select
  dependency.key as item,
  case
    when dependency.ended then 'NOT_APPLICABLE'
    when dependency.limit_at is null then 'NOT_APPLICABLE'
    when dependency.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when dependency.ended then 'closed'
    when dependency.limit_at is null then 'no limit is set for this severity'
    when dependency.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not dependency.ended and dependency.limit_at > $as_of then dependency.limit_at end as changes_at,
  dependency.severity as saw_severity,
  dependency.opened as saw_opened
from dependency
union all
select
  code.key as item,
  case
    when code.ended then 'NOT_APPLICABLE'
    when code.limit_at is null then 'NOT_APPLICABLE'
    when code.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when code.ended then 'closed'
    when code.limit_at is null then 'no security rule, or no limit for its severity'
    when code.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not code.ended and code.limit_at > $as_of then code.limit_at end as changes_at,
  code.severity as saw_severity,
  code.opened as saw_opened
from code
union all
select
  inspected.key as item,
  case
    when inspected.ended then 'NOT_APPLICABLE'
    when inspected.limit_at is null then 'NOT_APPLICABLE'
    when inspected.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when inspected.suppressed then 'set aside by a rule of the company'
    when inspected.ended then 'closed'
    when inspected.limit_at is null then 'no limit is set for this severity'
    when inspected.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case when not inspected.ended and inspected.limit_at > $as_of then inspected.limit_at end as changes_at,
  inspected.severity as saw_severity,
  inspected.opened as saw_opened
from inspected
