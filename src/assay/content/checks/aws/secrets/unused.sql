/*
title: No secret has gone unread for longer than the company allows
controls: [IAM-12, IAM-13]
tables: [aws_secret]
parameters: [secret_unused_days]
kind: item
severity: low
shows: How long ago the value of each secret was last read, or the secret was made if nobody ever read it, at the as-of instant.
does_not_show: Whether the credential itself still works elsewhere, and reads within the last day, of which AWS keeps the day only.
remedy:
  console: Secrets Manager > Secrets > the secret > Actions > Delete secret, after taking the credential out of use in the other system. It can be restored for 7 to 30 days.
  cli: aws secretsmanager delete-secret --secret-id SECRET --recovery-window-in-days 30
  terraform: Remove the aws_secretsmanager_secret; argument recovery_window_in_days keeps it restorable.
cases:
  - name: read lately, until it was long ago
    as_of: 2026-03-01T00:00:00Z
    parameters: {secret_unused_days: 90}
    aws_secret: [{arn: s-1, name: prod/db, created: 2024-01-01T00:00:00Z, last_read: 2026-02-20T00:00:00Z}]
    expect: [{item: s-1, conclusion: CONFORMS, changes_at: 2026-05-21T00:00:00Z}]
  - name: the first instant past the limit
    like: read lately, until it was long ago
    as_of: 2026-05-21T00:00:00Z
    expect: [{item: s-1, conclusion: DEVIATES, reason: not read for longer than the limit, changes_at: null}]
  - name: never read, and new
    like: read lately, until it was long ago
    change: {aws_secret: [{created: 2026-02-20T10:00:00Z, last_read: null}]}
    expect: [{item: s-1, conclusion: CONFORMS, reason: made within the limit and not read yet, changes_at: 2026-05-21T10:00:00Z}]
  - name: never read, and old
    like: read lately, until it was long ago
    change: {aws_secret: [{last_read: null}]}
    expect: [{item: s-1, conclusion: DEVIATES, reason: never read, saw_last_read: null}]
  - name: a copy is there for the day when its region is needed
    like: never read, and old
    change: {aws_secret: [{primary_region: us-east-1}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a copy of a secret in another region}]
  - name: a service of AWS owns it
    like: never read, and old
    change: {aws_secret: [{owning_service: rds}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a service of AWS owns it}]
  - name: the secrets could not be listed again
    like: never read, and old
    gaps: [{table: aws_secret, reason: throttled}]
    expect: [{item: s-1, conclusion: UNKNOWN, reason: throttled}]
  - name: the secrets of another region could not be listed
    like: read lately, until it was long ago
    gaps: [{table: aws_secret, region: us-east-1, reason: denied}]
    expect: [{item: s-1, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1}]
  - name: through the collector
    recording: aws/secretsmanager/five-secrets
    expect: {CONFORMS: 2, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
with seen as (
  select
    secret.key as secret_key,
    secret.name as name,
    secret.last_read as last_read,
    secret.created as created,
    coalesce(secret.last_read, secret.created) + to_days($secret_unused_days) as unused_at,
    secret.owning_service is not null as owned,
    coalesce(secret.primary_region, secret.region) <> secret.region as is_copy
  from aws_secret as secret
)
select
  seen.secret_key as item,
  case
    when seen.owned or seen.is_copy then 'NOT_APPLICABLE'
    when seen.unused_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when seen.owned then 'a service of AWS owns it'
    when seen.is_copy then 'a copy of a secret in another region'
    when seen.unused_at > $as_of and seen.last_read is null then 'made within the limit and not read yet'
    when seen.unused_at > $as_of then 'read within the limit'
    when seen.last_read is null then 'never read'
    else 'not read for longer than the limit'
  end as reason,
  case when not seen.owned and not seen.is_copy and seen.unused_at > $as_of then seen.unused_at end as changes_at,
  seen.name as saw_name,
  seen.last_read as saw_last_read,
  seen.created as saw_created
from seen
