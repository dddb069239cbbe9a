/*
title: No secret has kept its value longer than the company allows
controls: [IAM-12]
tables: [aws_secret]
parameters: [secret_max_age_days]
kind: item
severity: medium
shows: How long the value in force of each secret has been in force, at the as-of instant, whoever changed it.
does_not_show: That the new value differs from the old one, and that the old one stopped working.
remedy:
  console: Secrets Manager > Secrets > the secret > Rotation > Rotate secret immediately; or set a new value after changing it in the other system.
  cli: aws secretsmanager rotate-secret --secret-id SECRET
  terraform: aws_secretsmanager_secret_rotation, block rotation_rules, argument automatically_after_days.
cases:
  - name: a young value conforms, until it grows old
    as_of: 2026-03-01T00:00:00Z
    parameters: {secret_max_age_days: 90}
    aws_secret: [{arn: s-1, name: prod/db, value_since: 2026-01-10T08:00:00Z, created: 2024-01-01T00:00:00Z}]
    expect: [{item: s-1, conclusion: CONFORMS, changes_at: 2026-04-10T08:00:00Z, saw_value_since: 2026-01-10T08:00:00Z}]
  - name: the last instant within the limit
    like: a young value conforms, until it grows old
    as_of: 2026-04-10T07:59:59Z
    expect: [{item: s-1, conclusion: CONFORMS}]
  - name: the first instant past the limit
    like: a young value conforms, until it grows old
    as_of: 2026-04-10T08:00:00Z
    expect: [{item: s-1, conclusion: DEVIATES, changes_at: null}]
  - name: a secret without a value
    like: the first instant past the limit
    change: {aws_secret: [{value_since: null}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: holds no value}]
  - name: a service of AWS owns it
    like: the first instant past the limit
    change: {aws_secret: [{owning_service: rds}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a service of AWS owns it}]
  - name: a copy has the age of the secret that it is a copy of
    like: the first instant past the limit
    change: {aws_secret: [{primary_region: us-east-1}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a copy of a secret in another region}]
  - name: when its value was set could not be read
    like: a secret without a value
    gaps: [{table: aws_secret, key: s-1, columns: [value_since], reason: denied}]
    expect: [{item: s-1, conclusion: UNKNOWN, reason: denied}]
  - name: the secrets could not be listed
    gaps: [{table: aws_secret, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, region: eu-west-1}]
  - name: through the collector
    recording: aws/secretsmanager/five-secrets
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 2}
*/
with seen as (
  select
    secret.key as secret_key,
    secret.name as name,
    secret.value_since as value_since,
    secret.value_since + to_days($secret_max_age_days) as old_at,
    secret.owning_service is not null as owned,
    coalesce(secret.primary_region, secret.region) <> secret.region as is_copy
  from aws_secret as secret
)
select
  seen.secret_key as item,
  case
    when seen.owned or seen.is_copy or seen.value_since is null then 'NOT_APPLICABLE'
    when seen.old_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when seen.owned then 'a service of AWS owns it'
    when seen.is_copy then 'a copy of a secret in another region'
    when seen.value_since is null then 'holds no value'
    when seen.old_at > $as_of then 'within the limit'
    else 'older than the limit'
  end as reason,
  case when not seen.owned and not seen.is_copy and seen.old_at > $as_of then seen.old_at end as changes_at,
  seen.name as saw_name,
  seen.value_since as saw_value_since
from seen
