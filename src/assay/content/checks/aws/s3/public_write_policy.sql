/*
title: No bucket policy lets the public write or delete
controls: [NET-09]
tables: [aws_s3_bucket, aws_s3_account_block]
kind: item
severity: high
shows: Whether the policy of each bucket lets any principal write or delete objects or change who may, once the public-access blocks of bucket and account are counted.
does_not_show: ACLs of single objects, and a denying statement that takes back a part of what is allowed.
remedy:
  console: S3 > the bucket > Permissions > Bucket policy > Edit > name the principals that write, or delete the statement. Then turn on Block public access.
  cli: aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
  terraform: aws_s3_bucket_policy whose statements name principals; aws_s3_bucket_public_access_block with restrict_public_buckets = true.
cases:
  - name: a policy that lets the public read only
    aws_s3_bucket: [{name: acme-site, has_policy: true, policy_public_writes: [], restricts_public_buckets: false}]
    aws_s3_account_block: [{key: block, restricts_public_buckets: false}]
    expect: [{item: acme-site, conclusion: CONFORMS, reason: the policy does not let the public write}]
  - name: no policy
    like: a policy that lets the public read only
    change: {aws_s3_bucket: [{has_policy: false}]}
    expect: [{item: acme-site, conclusion: CONFORMS, reason: no policy}]
  - name: a policy that lets the public write
    like: a policy that lets the public read only
    change: {aws_s3_bucket: [{policy_public_writes: ["s3:PutObject"]}]}
    expect: [{item: acme-site, conclusion: DEVIATES, reason: the policy lets the public write or delete, saw_public_writes: ["s3:PutObject"]}]
  - name: the bucket's block takes the effect
    like: a policy that lets the public write
    change: {aws_s3_bucket: [{restricts_public_buckets: true}]}
    expect: [{item: acme-site, conclusion: CONFORMS, reason: "written for the public, but blocked"}]
  - name: the account's block takes the effect
    like: a policy that lets the public write
    change: {aws_s3_account_block: [{restricts_public_buckets: true}]}
    expect: [{item: acme-site, conclusion: CONFORMS}]
  - name: refusing new public policies does not undo this one
    like: a policy that lets the public write
    change: {aws_s3_bucket: [{blocks_public_policy: true}]}
    expect: [{item: acme-site, conclusion: DEVIATES}]
  - name: another account's block does nothing here
    like: a policy that lets the public write
    change: {aws_s3_account_block: [{account: "444455556666", restricts_public_buckets: true}]}
    expect: [{item: acme-site, conclusion: DEVIATES}]
  - name: the policy could not be read
    like: a policy that lets the public read only
    change: {aws_s3_bucket: [{has_policy: null, policy_public_writes: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-site, columns: [has_policy, policy_public_writes], reason: denied}]
    expect: [{item: acme-site, conclusion: UNKNOWN, reason: denied}]
  - name: the account's block could not be read
    like: a policy that lets the public read only
    gaps: [{table: aws_s3_account_block, reason: denied}]
    expect: [{item: acme-site, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
with seen as (
  select
    bucket.key as bucket_key,
    coalesce(bucket.has_policy, false) as has_policy,
    len(coalesce(bucket.policy_public_writes, [])) > 0 as open_to_writes,
    bucket.policy_public_writes as writes,
    coalesce(bucket.restricts_public_buckets, false) or coalesce(block.restricts_public_buckets, false) as blocked
  from aws_s3_bucket as bucket
  left join aws_s3_account_block as block on block.account = bucket.account
)
select
  seen.bucket_key as item,
  case when seen.open_to_writes and not seen.blocked then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case
    when not seen.has_policy then 'no policy'
    when not seen.open_to_writes then 'the policy does not let the public write'
    when seen.blocked then 'written for the public, but blocked'
    else 'the policy lets the public write or delete'
  end as reason,
  seen.writes as saw_public_writes,
  seen.blocked as saw_blocked
from seen
