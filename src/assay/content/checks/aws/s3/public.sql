/*
title: Neither policy nor ACL makes the bucket public
controls: [NET-09]
tables: [aws_s3_bucket, aws_s3_account_block]
kind: item
severity: high
shows: Whether everybody, or everybody with an AWS account, is let in by the bucket's policy or ACL, once the public-access blocks of bucket and account are counted.
does_not_show: ACLs of single objects, and delivery through CloudFront.
remedy:
  console: S3 > the bucket > Permissions > Block public access > turn on all four. Then remove the public statement or grant.
  cli: aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  terraform: aws_s3_bucket_public_access_block with its four arguments set to true.
cases:
  - name: a private bucket
    aws_s3_bucket:
      - {name: acme-logs, policy_is_public: false, acl_public_permissions: [], object_ownership: BucketOwnerEnforced, restricts_public_buckets: false, ignores_public_acls: false}
    aws_s3_account_block: [{key: block, restricts_public_buckets: false, ignores_public_acls: false}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: not public}]
  - name: a public policy
    like: a private bucket
    change: {aws_s3_bucket: [{policy_is_public: true}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: the policy lets the public in}]
  - name: a public policy that the bucket's block takes the effect of
    like: a public policy
    change: {aws_s3_bucket: [{restricts_public_buckets: true}]}
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: "public by its settings, but blocked"}]
  - name: a public policy that the account's block takes the effect of
    like: a public policy
    change: {aws_s3_account_block: [{restricts_public_buckets: true}]}
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: a public grant
    like: a private bucket
    change: {aws_s3_bucket: [{acl_public_permissions: [READ], object_ownership: ObjectWriter}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: the ACL lets the public in}]
  - name: a public grant that ownership takes the effect of
    like: a public grant
    change: {aws_s3_bucket: [{object_ownership: BucketOwnerEnforced}]}
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: a public grant that the account ignores
    like: a public grant
    change: {aws_s3_account_block: [{ignores_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: a grant to everybody with an AWS account is public too
    like: a public grant
    change: {aws_s3_bucket: [{acl_public_permissions: [READ_ACP]}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, saw_public_grants: [READ_ACP]}]
  - name: a public policy and a public grant, of which one is blocked
    like: a public grant
    change: {aws_s3_bucket: [{policy_is_public: true, ignores_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: the policy lets the public in}]
  - name: refusing new public settings does not undo those that are there
    like: a public policy
    change: {aws_s3_bucket: [{blocks_public_policy: true, blocks_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the block of another account protects nothing here
    like: a public policy
    change: {aws_s3_account_block: [{account: "444455556666", restricts_public_buckets: true}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the policy could not be judged
    like: a private bucket
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [policy_is_public], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the account's block could not be read
    like: a private bucket
    gaps: [{table: aws_s3_account_block, key: block, columns: [ignores_public_acls, restricts_public_buckets], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the buckets could not be listed, and none is known
    gaps: [{table: aws_s3_bucket, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the default encryption could not be read, which says nothing of the public
    like: a private bucket
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [encryption, kms_key], reason: denied}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 4, DEVIATES: 2}
*/
with seen as (
  select
    bucket.key as bucket_key,
    coalesce(bucket.policy_is_public, false) as by_policy,
    coalesce(bucket.object_ownership, '') <> 'BucketOwnerEnforced' and len(coalesce(bucket.acl_public_permissions, [])) > 0 as by_acl,
    bucket.acl_public_permissions as public_grants,
    coalesce(bucket.restricts_public_buckets, false) or coalesce(block.restricts_public_buckets, false) as policy_blocked,
    coalesce(bucket.ignores_public_acls, false) or coalesce(block.ignores_public_acls, false) as acl_blocked
  from aws_s3_bucket as bucket
  left join aws_s3_account_block as block on block.account = bucket.account
)
select
  seen.bucket_key as item,
  case
    when (seen.by_policy and not seen.policy_blocked) or (seen.by_acl and not seen.acl_blocked) then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when seen.by_policy and not seen.policy_blocked then 'the policy lets the public in'
    when seen.by_acl and not seen.acl_blocked then 'the ACL lets the public in'
    when seen.by_policy or seen.by_acl then 'public by its settings, but blocked'
    else 'not public'
  end as reason,
  seen.by_policy as saw_public_policy,
  seen.public_grants as saw_public_grants,
  seen.policy_blocked as saw_policy_blocked,
  seen.acl_blocked as saw_acl_blocked
from seen
