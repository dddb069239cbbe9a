/*
title: Buckets that receive trail logs lock objects for at least as long as logs are kept
controls: [LOG-02]
tables: [aws_s3_bucket, aws_cloudtrail]
parameters: [log_retention_days]
links: {aws_cloudtrail: everywhere}
kind: item
severity: medium
shows: Whether the bucket that each connected trail writes to locks new objects by default for the days that the company keeps logs.
does_not_show: Objects written before the lock, a trail bucket in an account that is not connected, and who may lift a lock in GOVERNANCE mode.
remedy:
  console: S3 > the bucket > Properties > Object Lock > Edit > Default retention > Enable, mode Compliance. The lock cannot be shortened afterwards.
  cli: "aws s3api put-object-lock-configuration --bucket BUCKET --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=COMPLIANCE,Days=DAYS}}'"
  terraform: aws_s3_bucket_object_lock_configuration, block rule, block default_retention.
cases:
  - name: locked for exactly as long
    parameters: {log_retention_days: 365}
    aws_s3_bucket: [{name: acme-logs, receives_trail: true, lock_mode: COMPLIANCE, lock_days: 365, lock_years: 0}]
    aws_cloudtrail: [{arn: trail-1, s3_bucket_name: acme-logs}]
    expect: [{item: acme-logs, conclusion: CONFORMS, saw_lock_days: 365}]
  - name: locked a day too short
    like: locked for exactly as long
    change: {aws_s3_bucket: [{lock_days: 364}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: locked for a shorter time than logs are kept}]
  - name: locked by years
    like: locked for exactly as long
    change: {aws_s3_bucket: [{lock_days: 0, lock_years: 1}]}
    expect: [{item: acme-logs, conclusion: CONFORMS, saw_lock_days: 365}]
  - name: not locked
    like: locked for exactly as long
    change: {aws_s3_bucket: [{lock_mode: null, lock_days: 0}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: objects are not locked}]
  - name: a bucket of another account that a trail here writes to
    like: not locked
    change: {aws_s3_bucket: [{account: "444455556666"}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: no trail writes to it
    like: not locked
    change: {aws_cloudtrail: [{s3_bucket_name: acme-other}]}
    expect: [{item: acme-logs, conclusion: NOT_APPLICABLE, reason: no trail writes to it}]
  - name: a trail names it, but its policy does not let CloudTrail write
    like: not locked
    change: {aws_s3_bucket: [{receives_trail: false}]}
    expect: [{item: acme-logs, conclusion: NOT_APPLICABLE, reason: its policy does not let CloudTrail write}]
  - name: two trails write to it
    like: locked for exactly as long
    aws_cloudtrail: [{arn: trail-1, s3_bucket_name: acme-logs}, {arn: trail-2, s3_bucket_name: acme-logs, region: us-east-1}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: the lock could not be read
    like: not locked
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [lock_mode, lock_days, lock_years], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the trails of another account could not be listed
    like: no trail writes to it
    gaps: [{table: aws_cloudtrail, account: "444455556666", reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: whether a trail is logging could not be read, which the lock does not need
    like: locked for exactly as long
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [logging], reason: denied}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
with seen as (
  select
    bucket.key as bucket_key,
    exists (select 1 from aws_cloudtrail as trail where trail.s3_bucket_name = bucket.name) as has_trail,
    coalesce(bucket.receives_trail, false) as lets_trail_write,
    greatest(coalesce(bucket.lock_days, 0), 365 * coalesce(bucket.lock_years, 0)) as locked_days,
    bucket.lock_mode as mode
  from aws_s3_bucket as bucket
)
select
  seen.bucket_key as item,
  case
    when not seen.has_trail or not seen.lets_trail_write then 'NOT_APPLICABLE'
    when seen.locked_days >= $log_retention_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.has_trail then 'no trail writes to it'
    when not seen.lets_trail_write then 'its policy does not let CloudTrail write'
    when seen.locked_days >= $log_retention_days then 'locked long enough'
    when seen.locked_days = 0 then 'objects are not locked'
    else 'locked for a shorter time than logs are kept'
  end as reason,
  seen.locked_days as saw_lock_days,
  seen.mode as saw_lock_mode
from seen
