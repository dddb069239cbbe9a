/*
title: Buckets tagged with a retention class expire objects within the longest time the company keeps data
controls: [CNF-01, CNF-05]
tables: [aws_s3_bucket]
parameters: [retention_tag, retention_max_days]
kind: item
severity: low
shows: Whether a rule over the whole of each bucket with a retention class deletes objects, and where versions are kept the old versions too, within that time.
does_not_show: That a given object was deleted, nor deletion owed to a customer earlier.
remedy:
  console: S3 > the bucket > Management > Lifecycle rules > Create lifecycle rule > apply to all objects > Expire current versions, and Permanently delete noncurrent versions.
  cli: aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration file://rules.json; the call sets every rule anew, so name those that stay as well
  terraform: aws_s3_bucket_lifecycle_configuration, blocks expiration and noncurrent_version_expiration in a rule with an empty filter.
cases:
  - name: expires on the last day allowed
    parameters: {retention_tag: retention, retention_max_days: 365}
    aws_s3_bucket: [{name: acme-exports, tags: ["retention:year"], versioning: "Off", expires_after_days: 365}]
    expect: [{item: acme-exports, conclusion: CONFORMS, reason: expires in time}]
  - name: expires a day too late
    like: expires on the last day allowed
    change: {aws_s3_bucket: [{expires_after_days: 366}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: keeps objects longer than the company says, saw_expires_after_days: 366}]
  - name: never expires
    like: expires on the last day allowed
    change: {aws_s3_bucket: [{expires_after_days: null}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: no rule over the whole bucket deletes objects}]
  - name: old versions stay for ever
    like: expires on the last day allowed
    change: {aws_s3_bucket: [{versioning: Enabled, expires_after_days: 30}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: old versions are never deleted}]
  - name: versions that were kept once stay after suspending
    like: old versions stay for ever
    change: {aws_s3_bucket: [{versioning: Suspended}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: old versions are never deleted}]
  - name: old versions go in time
    like: old versions stay for ever
    change: {aws_s3_bucket: [{expires_after_days: 335, old_versions_expire_after_days: 30}]}
    expect: [{item: acme-exports, conclusion: CONFORMS}]
  - name: an object and its old version together live too long
    like: old versions stay for ever
    change: {aws_s3_bucket: [{expires_after_days: 336, old_versions_expire_after_days: 30}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: keeps old versions longer than the company says}]
  - name: no retention class
    like: never expires
    change: {aws_s3_bucket: [{tags: ["backup:required"]}]}
    expect: [{item: acme-exports, conclusion: NOT_APPLICABLE, reason: no retention class}]
  - name: another tag that only begins alike
    like: never expires
    change: {aws_s3_bucket: [{tags: ["retention-owner:ada"]}]}
    expect: [{item: acme-exports, conclusion: NOT_APPLICABLE}]
  - name: the rules could not be read
    like: never expires
    gaps: [{table: aws_s3_bucket, key: acme-exports, columns: [expires_after_days, old_versions_expire_after_days], reason: denied}]
    expect: [{item: acme-exports, conclusion: UNKNOWN, reason: denied}]
  - name: versioning could not be read
    like: expires on the last day allowed
    change: {aws_s3_bucket: [{versioning: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-exports, columns: [versioning, mfa_delete], reason: denied}]
    expect: [{item: acme-exports, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
with seen as (
  select
    bucket.key as bucket_key,
    bucket.name as name,
    len(unmatched(coalesce(bucket.tags, []), [concat($retention_tag, ':*')])) < len(coalesce(bucket.tags, [])) as has_class,
    coalesce(bucket.versioning, 'Off') <> 'Off' as has_versions,
    bucket.expires_after_days as expires,
    bucket.old_versions_expire_after_days as old_expire
  from aws_s3_bucket as bucket
)
select
  seen.bucket_key as item,
  case
    when not seen.has_class then 'NOT_APPLICABLE'
    when seen.expires is null or seen.expires > $retention_max_days then 'DEVIATES'
    when seen.has_versions and (seen.old_expire is null or seen.expires + seen.old_expire > $retention_max_days) then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when not seen.has_class then 'no retention class'
    when seen.expires is null then 'no rule over the whole bucket deletes objects'
    when seen.expires > $retention_max_days then 'keeps objects longer than the company says'
    when seen.has_versions and seen.old_expire is null then 'old versions are never deleted'
    when seen.has_versions and seen.expires + seen.old_expire > $retention_max_days then 'keeps old versions longer than the company says'
    else 'expires in time'
  end as reason,
  seen.expires as saw_expires_after_days,
  seen.old_expire as saw_old_versions_expire_after_days,
  seen.has_versions as saw_versions
from seen
