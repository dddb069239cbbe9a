/*
title: The bucket that holds trail logs is not public
controls: [NET-09, LOG-02]
tables: [aws_cloudtrail, aws_s3_bucket, aws_s3_account_block]
links: {aws_s3_bucket: s3_bucket_arn, aws_s3_account_block: everywhere}
kind: item
severity: high
shows: Whether policy or ACL lets everybody into the bucket that each trail writes to, once the public-access blocks of bucket and account are counted.
does_not_show: A bucket in an account that is not connected, and ACLs of single objects.
remedy:
  console: S3 > the bucket > Permissions > Block public access > Edit > Block all public access. Then remove the public statement or grant.
  cli: aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  terraform: aws_s3_bucket_public_access_block with its four arguments set to true.
cases:
  - name: a private bucket
    aws_cloudtrail: [{arn: trail-1, s3_bucket_name: acme-logs, s3_bucket_arn: "arn:aws:s3:::acme-logs"}]
    aws_s3_bucket: [{key: "arn:aws:s3:::acme-logs", name: acme-logs, policy_is_public: false, acl_public_permissions: [], object_ownership: BucketOwnerEnforced, restricts_public_buckets: false, ignores_public_acls: false}]
    aws_s3_account_block: [{key: block, restricts_public_buckets: false, ignores_public_acls: false}]
    expect: [{item: trail-1, conclusion: CONFORMS, reason: its bucket is not public, saw_bucket: acme-logs}]
  - name: a public policy
    like: a private bucket
    change: {aws_s3_bucket: [{policy_is_public: true}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: the policy of its bucket lets the public in}]
  - name: a public policy that a block takes the effect of
    like: a public policy
    change: {aws_s3_account_block: [{restricts_public_buckets: true}]}
    expect: [{item: trail-1, conclusion: CONFORMS, reason: "its bucket is public by its settings, but blocked"}]
  - name: a public grant
    like: a private bucket
    change: {aws_s3_bucket: [{acl_public_permissions: [READ], object_ownership: ObjectWriter}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: the ACL of its bucket lets the public in}]
  - name: a public grant that ownership takes the effect of
    like: a public grant
    change: {aws_s3_bucket: [{object_ownership: BucketOwnerEnforced}]}
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: a public grant that the bucket ignores
    like: a public grant
    change: {aws_s3_bucket: [{ignores_public_acls: true}]}
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: the bucket lies in another connected account, whose block counts
    like: a public policy
    change:
      aws_s3_bucket: [{account: "444455556666"}]
      aws_s3_account_block: [{account: "444455556666", restricts_public_buckets: true}]
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: the bucket lies in an account that is not connected
    like: a public policy
    aws_s3_bucket: []
    expect: [{item: trail-1, conclusion: NOT_APPLICABLE, reason: its bucket is in no connected account}]
  - name: the ACL of its bucket could not be read
    like: a private bucket
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-logs", columns: [acl_public_permissions], reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: another bucket could not be read
    like: a private bucket
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-site", columns: [acl_public_permissions], reason: denied}]
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: the buckets could not be listed
    like: the bucket lies in an account that is not connected
    gaps: [{table: aws_s3_bucket, reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: the account's block could not be read
    like: a private bucket
    gaps: [{table: aws_s3_account_block, reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: the trails could not be listed
    gaps: [{table: aws_cloudtrail, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1}
*/
with seen as (
  select
    bucket.name as name,
    coalesce(bucket.policy_is_public, false) as by_policy,
    coalesce(bucket.object_ownership, '') <> 'BucketOwnerEnforced' and len(coalesce(bucket.acl_public_permissions, [])) > 0 as by_acl,
    coalesce(bucket.restricts_public_buckets, false) or coalesce(block.restricts_public_buckets, false) as policy_blocked,
    coalesce(bucket.ignores_public_acls, false) or coalesce(block.ignores_public_acls, false) as acl_blocked
  from aws_s3_bucket as bucket
  left join aws_s3_account_block as block on block.account = bucket.account
)
select
  trail.key as item,
  case
    when seen.name is null then 'NOT_APPLICABLE'
    when (seen.by_policy and not seen.policy_blocked) or (seen.by_acl and not seen.acl_blocked) then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when seen.name is null then 'its bucket is in no connected account'
    when seen.by_policy and not seen.policy_blocked then 'the policy of its bucket lets the public in'
    when seen.by_acl and not seen.acl_blocked then 'the ACL of its bucket lets the public in'
    when seen.by_policy or seen.by_acl then 'its bucket is public by its settings, but blocked'
    else 'its bucket is not public'
  end as reason,
  trail.s3_bucket_name as saw_bucket,
  seen.by_policy as saw_public_policy,
  seen.by_acl as saw_public_acl
from aws_cloudtrail as trail
left join seen on seen.name = trail.s3_bucket_name
