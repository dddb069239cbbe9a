/*
title: Every alert of a leaked secret raised in the period was resolved within the hours that the company allows
controls: [IAM-13, LOG-04]
tables: [github_secret_scanning_alert]
parameters: [leaked_secret_replace_hours]
kind: population
occurs: {github_secret_scanning_alert: created}
severity: high
needs: "plan: GitHub Secret Protection for private repositories"
shows: Whether each alert of secret scanning was resolved before its limit, and not by a decision to leave the secret as it is.
does_not_show: That the secret was revoked at its issuer, unless the alert says so.
remedy:
  console: Replace the secret at its issuer, then Repository > Security > Secret scanning > the alert > Close as > Revoked.
  cli: gh api -X PATCH repos/OWNER/REPO/secret-scanning/alerts/NUMBER -f state=resolved -f resolution=revoked
  terraform: "None: a secret is replaced at its issuer, and an alert is closed by a person; neither is a resource of the GitHub provider."
cases:
  - name: revoked within the limit
    as_of: 2026-03-01T00:00:00Z
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {leaked_secret_replace_hours: 24}
    github_secret_scanning_alert: [{key: acme/api/secret-scanning/1, state: resolved, resolution: revoked, secret_type: aws_access_key_id, created: 2026-02-01T00:00:00Z, resolved_at: 2026-02-02T00:00:00Z}]
    expect: [{item: acme/api/secret-scanning/1, conclusion: CONFORMS, reason: resolved within the limit}]
  - name: revoked an instant after the limit
    like: revoked within the limit
    change: {github_secret_scanning_alert: [{resolved_at: 2026-02-02T00:00:01Z}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: DEVIATES, reason: resolved after the limit}]
  - name: left as it is
    like: revoked within the limit
    change: {github_secret_scanning_alert: [{resolution: wont_fix}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: DEVIATES, reason: closed without replacing it, saw_resolution: wont_fix}]
  - name: no secret after all
    like: revoked an instant after the limit
    change: {github_secret_scanning_alert: [{resolution: false_positive}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: NOT_APPLICABLE, reason: closed as no secret in use}]
  - name: a value that tests use
    like: revoked an instant after the limit
    change: {github_secret_scanning_alert: [{resolution: used_in_tests}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: NOT_APPLICABLE}]
  - name: open past the limit
    like: revoked within the limit
    change: {github_secret_scanning_alert: [{state: open, resolution: null, resolved_at: null, created: 2026-02-28T00:00:00Z}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: DEVIATES, reason: open past the limit}]
  - name: open within the limit
    like: open past the limit
    change: {github_secret_scanning_alert: [{created: 2026-02-28T00:00:01Z}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: CONFORMS, changes_at: 2026-03-01T00:00:01Z}]
  - name: opened again
    like: open past the limit
    change: {github_secret_scanning_alert: [{resolved_at: 2026-02-28T01:00:00Z, resolution: revoked}]}
    expect: [{item: acme/api/secret-scanning/1, conclusion: DEVIATES, reason: open past the limit}]
  - name: the plan lacks secret scanning for one repository
    like: revoked within the limit
    gaps: [{table: github_secret_scanning_alert, parent: acme/web, reason: unavailable}]
    expect: [{item: acme/api/secret-scanning/1, conclusion: CONFORMS}, {item: acme/web, conclusion: UNKNOWN, reason: unavailable}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    parameters: {leaked_secret_replace_hours: 24}
    expect: {CONFORMS: 1, DEVIATES: 1, UNKNOWN: 7}
*/
with dated as (
  select
    alert.key,
    alert.secret_type,
    alert.created,
    case when alert.state <> 'open' then alert.resolution end as resolution,
    case when alert.state <> 'open' then alert.resolved_at end as resolved,
    alert.created + to_hours($leaked_secret_replace_hours) as limit_at
  from github_secret_scanning_alert as alert
  where alert.created >= $period_start and alert.created < $period_end
),
judged as (
  select
    dated.key,
    dated.secret_type,
    dated.created,
    dated.resolution,
    dated.resolved,
    dated.limit_at,
    coalesce(dated.resolution in ('false_positive', 'used_in_tests', 'pattern_edited', 'pattern_deleted'), false) as unreal,
    coalesce(dated.resolution = 'wont_fix', false) as left_alone
  from dated
)
select
  judged.key as item,
  case
    when judged.unreal then 'NOT_APPLICABLE'
    when judged.left_alone then 'DEVIATES'
    when judged.resolved <= judged.limit_at then 'CONFORMS'
    when judged.resolved is null and judged.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when judged.unreal then 'closed as no secret in use'
    when judged.left_alone then 'closed without replacing it'
    when judged.resolved <= judged.limit_at then 'resolved within the limit'
    when judged.resolved is not null then 'resolved after the limit'
    when judged.limit_at > $as_of then 'open within the limit'
    else 'open past the limit'
  end as reason,
  case
    when not judged.unreal and not judged.left_alone and judged.resolved is null and judged.limit_at > $as_of then judged.limit_at
  end as changes_at,
  judged.secret_type as saw_secret_type,
  judged.created as saw_created,
  judged.resolution as saw_resolution,
  judged.resolved as saw_resolved
from judged
