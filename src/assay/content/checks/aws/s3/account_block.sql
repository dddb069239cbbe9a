/*
title: All four public-access blocks are on for the account
controls: [NET-09]
tables: [aws_s3_account_block]
kind: item
severity: high
shows: Whether the four switches that keep buckets from becoming public are on for every bucket of the account at once.
does_not_show: Sharing by presigned link or with named accounts, which the switches leave alone.
remedy:
  console: S3 > Block Public Access settings for this account > Edit > Block all public access. Find first which buckets are meant to be public.
  cli: aws s3control put-public-access-block --account-id ACCOUNT --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
  terraform: aws_s3_account_public_access_block with its four arguments set to true.
cases:
  - name: all four on
    aws_s3_account_block: [{key: block, blocks_public_acls: true, ignores_public_acls: true, blocks_public_policy: true, restricts_public_buckets: true}]
    expect: [{item: block, conclusion: CONFORMS, reason: all four blocks are on}]
  - name: one of them off
    like: all four on
    change: {aws_s3_account_block: [{restricts_public_buckets: false}]}
    expect: [{item: block, conclusion: DEVIATES, reason: some of the four blocks are off, saw_restricts_public_buckets: false}]
  - name: never set
    aws_s3_account_block: [{key: block, blocks_public_acls: false, ignores_public_acls: false, blocks_public_policy: false, restricts_public_buckets: false}]
    expect: [{item: block, conclusion: DEVIATES, reason: none of the four blocks is on}]
  - name: the switches could not be read
    aws_s3_account_block: [{key: block}]
    gaps: [{table: aws_s3_account_block, columns: [blocks_public_acls, ignores_public_acls, blocks_public_policy, restricts_public_buckets], reason: denied}]
    expect: [{item: block, conclusion: UNKNOWN, reason: denied}]
  - name: the account could not be asked
    gaps: [{table: aws_s3_account_block, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, reason: timeout, account: "111122223333"}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {DEVIATES: 1}
*/
with seen as (
  select
    block.key as block_key,
    coalesce(block.blocks_public_acls, false) as no_new_acls,
    coalesce(block.ignores_public_acls, false) as no_acls,
    coalesce(block.blocks_public_policy, false) as no_new_policy,
    coalesce(block.restricts_public_buckets, false) as no_policy
  from aws_s3_account_block as block
)
select
  seen.block_key as item,
  case when seen.no_new_acls and seen.no_acls and seen.no_new_policy and seen.no_policy then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when seen.no_new_acls and seen.no_acls and seen.no_new_policy and seen.no_policy then 'all four blocks are on'
    when seen.no_new_acls or seen.no_acls or seen.no_new_policy or seen.no_policy then 'some of the four blocks are off'
    else 'none of the four blocks is on'
  end as reason,
  seen.no_new_acls as saw_blocks_public_acls,
  seen.no_acls as saw_ignores_public_acls,
  seen.no_new_policy as saw_blocks_public_policy,
  seen.no_policy as saw_restricts_public_buckets
from seen
