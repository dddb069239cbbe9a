/*
title: Buckets that receive trail logs need MFA to delete versions
controls: [LOG-02]
tables: [aws_s3_bucket, aws_cloudtrail]
links: {aws_cloudtrail: everywhere}
kind: item
severity: low
shows: Whether the bucket that each connected trail writes to keeps versions and lets nobody delete one without MFA.
does_not_show: Protection by Object Lock, which serves the same end.
remedy:
  console: The console cannot turn on MFA delete; prefer Object Lock, which aws.s3.object_lock looks at.
  cli: aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled,MFADelete=Enabled --mfa "SERIAL CODE", signed in as root
  terraform: aws_s3_bucket_versioning, argument mfa and block versioning_configuration, mfa_delete = "Enabled".
cases:
  - name: MFA is needed
    aws_s3_bucket: [{name: acme-logs, receives_trail: true, versioning: Enabled, mfa_delete: true}]
    aws_cloudtrail: [{arn: trail-1, s3_bucket_name: acme-logs}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: versions without MFA
    like: MFA is needed
    change: {aws_s3_bucket: [{mfa_delete: false}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: versions can be deleted without MFA}]
  - name: no versions are kept
    like: MFA is needed
    change: {aws_s3_bucket: [{versioning: Suspended}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: no versions are kept, saw_versioning: Suspended}]
  - name: no trail writes to it
    like: versions without MFA
    aws_cloudtrail: []
    expect: [{item: acme-logs, conclusion: NOT_APPLICABLE, reason: no trail writes to it}]
  - name: a trail names it, but its policy does not let CloudTrail write
    like: versions without MFA
    change: {aws_s3_bucket: [{receives_trail: false}]}
    expect: [{item: acme-logs, conclusion: NOT_APPLICABLE, reason: its policy does not let CloudTrail write}]
  - name: the setting could not be read
    like: versions without MFA
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [versioning, mfa_delete], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the trails of a region could not be listed
    like: no trail writes to it
    gaps: [{table: aws_cloudtrail, region: us-east-1, reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {DEVIATES: 1, NOT_APPLICABLE: 5}
*/
with seen as (
  select
    bucket.key as bucket_key,
    exists (select 1 from aws_cloudtrail as trail where trail.s3_bucket_name = bucket.name) as has_trail,
    coalesce(bucket.receives_trail, false) as lets_trail_write,
    coalesce(bucket.versioning, 'Off') as versioning,
    coalesce(bucket.mfa_delete, false) as mfa_delete
  from aws_s3_bucket as bucket
)
select
  seen.bucket_key as item,
  case
    when not seen.has_trail or not seen.lets_trail_write then 'NOT_APPLICABLE'
    when seen.versioning = 'Enabled' and seen.mfa_delete then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.has_trail then 'no trail writes to it'
    when not seen.lets_trail_write then 'its policy does not let CloudTrail write'
    when seen.versioning <> 'Enabled' then 'no versions are kept'
    when seen.mfa_delete then 'MFA is needed to delete a version'
    else 'versions can be deleted without MFA'
  end as reason,
  case when seen.has_trail and seen.lets_trail_write then seen.versioning end as saw_versioning,
  case when seen.has_trail and seen.lets_trail_write then seen.mfa_delete end as saw_mfa_delete
from seen
