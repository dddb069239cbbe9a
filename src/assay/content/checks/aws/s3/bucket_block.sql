/*
title: All four public-access blocks bind the bucket, by itself or by its account
controls: [NET-09]
tables: [aws_s3_bucket, aws_s3_account_block]
kind: item
severity: medium
shows: Whether each of the four switches that keep a bucket from becoming public is on for the bucket or for its whole account.
does_not_show: Sharing by presigned link or with named accounts, which the switches leave alone.
remedy:
  console: S3 > the bucket > Permissions > Block public access > Edit > Block all public access.
  cli: aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  terraform: aws_s3_bucket_public_access_block with its four arguments set to true.
cases:
  - name: the bucket has all four
    aws_s3_bucket: [{name: acme-logs, blocks_public_acls: true, ignores_public_acls: true, blocks_public_policy: true, restricts_public_buckets: true}]
    aws_s3_account_block: [{key: block, blocks_public_acls: false, ignores_public_acls: false, blocks_public_policy: false, restricts_public_buckets: false}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: the bucket has all four blocks}]
  - name: the account has all four
    aws_s3_bucket: [{name: acme-logs, blocks_public_acls: false, ignores_public_acls: false, blocks_public_policy: false, restricts_public_buckets: false}]
    aws_s3_account_block: [{key: block, blocks_public_acls: true, ignores_public_acls: true, blocks_public_policy: true, restricts_public_buckets: true}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: the account has all four blocks}]
  - name: each has what the other lacks
    like: the account has all four
    change:
      aws_s3_bucket: [{restricts_public_buckets: true}]
      aws_s3_account_block: [{restricts_public_buckets: false}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: bucket and account have all four blocks together}]
  - name: neither has one of them
    like: the account has all four
    change: {aws_s3_account_block: [{blocks_public_policy: false}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: some of the four blocks are off, saw_policy_refused: false}]
  - name: neither has any
    like: the account has all four
    change: {aws_s3_account_block: [{blocks_public_acls: false, ignores_public_acls: false, blocks_public_policy: false, restricts_public_buckets: false}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: none of the four blocks is on}]
  - name: the block of another account binds nothing here
    like: the account has all four
    change: {aws_s3_account_block: [{account: "444455556666"}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the bucket's block could not be read
    like: the bucket has all four
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [blocks_public_acls, ignores_public_acls, blocks_public_policy, restricts_public_buckets], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the account's block could not be read
    like: the bucket has all four
    gaps: [{table: aws_s3_account_block, columns: [blocks_public_acls, ignores_public_acls, blocks_public_policy, restricts_public_buckets], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the buckets could not be listed
    gaps: [{table: aws_s3_bucket, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, reason: throttled, account: "111122223333"}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 3, DEVIATES: 3}
*/
with seen as (
  select
    bucket.key as bucket_key,
    coalesce(bucket.blocks_public_acls, false) and coalesce(bucket.ignores_public_acls, false)
      and coalesce(bucket.blocks_public_policy, false) and coalesce(bucket.restricts_public_buckets, false) as by_bucket,
    coalesce(block.blocks_public_acls, false) and coalesce(block.ignores_public_acls, false)
      and coalesce(block.blocks_public_policy, false) and coalesce(block.restricts_public_buckets, false) as by_account,
    coalesce(bucket.blocks_public_acls, false) or coalesce(block.blocks_public_acls, false) as no_new_acls,
    coalesce(bucket.ignores_public_acls, false) or coalesce(block.ignores_public_acls, false) as no_acls,
    coalesce(bucket.blocks_public_policy, false) or coalesce(block.blocks_public_policy, false) as no_new_policy,
    coalesce(bucket.restricts_public_buckets, false) or coalesce(block.restricts_public_buckets, false) as no_policy
  from aws_s3_bucket as bucket
  left join aws_s3_account_block as block on block.account = bucket.account
)
select
  seen.bucket_key as item,
  case when seen.no_new_acls and seen.no_acls and seen.no_new_policy and seen.no_policy then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when seen.by_account then 'the account has all four blocks'
    when seen.by_bucket then 'the bucket has all four blocks'
    when seen.no_new_acls and seen.no_acls and seen.no_new_policy and seen.no_policy then 'bucket and account have all four blocks together'
    when seen.no_new_acls or seen.no_acls or seen.no_new_policy or seen.no_policy then 'some of the four blocks are off'
    else 'none of the four blocks is on'
  end as reason,
  seen.no_new_acls as saw_acls_refused,
  seen.no_acls as saw_acls_ignored,
  seen.no_new_policy as saw_policy_refused,
  seen.no_policy as saw_public_restricted
from seen
