/*
title: Bucket ownership is enforced, so ACLs have no effect
controls: [NET-09]
tables: [aws_s3_bucket]
kind: item
severity: low
shows: Whether each bucket leaves access to its policy alone, with the ACLs of bucket and objects switched off.
does_not_show: What the policy grants.
remedy:
  console: S3 > the bucket > Permissions > Object Ownership > Edit > ACLs disabled (recommended).
  cli: "aws s3api put-bucket-ownership-controls --bucket BUCKET --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'"
  terraform: aws_s3_bucket_ownership_controls, block rule, argument object_ownership = "BucketOwnerEnforced".
cases:
  - name: ownership is enforced
    aws_s3_bucket: [{name: acme-logs, object_ownership: BucketOwnerEnforced}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: ownership is enforced}]
  - name: ownership is preferred only
    like: ownership is enforced
    change: {aws_s3_bucket: [{object_ownership: BucketOwnerPreferred}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: ACLs have effect, saw_ownership: BucketOwnerPreferred}]
  - name: an old bucket that says nothing
    like: ownership is enforced
    change: {aws_s3_bucket: [{object_ownership: ObjectWriter}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the setting could not be read
    like: ownership is enforced
    change: {aws_s3_bucket: [{object_ownership: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [object_ownership], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the policy could not be read, which says nothing of ACLs
    like: ownership is enforced
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [has_policy], reason: denied}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
select
  bucket.key as item,
  case when coalesce(bucket.object_ownership, '') = 'BucketOwnerEnforced' then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(bucket.object_ownership, '') = 'BucketOwnerEnforced' then 'ownership is enforced'
    else 'ACLs have effect'
  end as reason,
  bucket.object_ownership as saw_ownership
from aws_s3_bucket as bucket
