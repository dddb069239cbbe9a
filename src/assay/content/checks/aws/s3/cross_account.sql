/*
title: Every outside account that a bucket policy names is approved
controls: [NET-09, IAM-06]
tables: [aws_s3_bucket, aws_account]
parameters: [approved_account_ids]
links: {aws_account: everywhere}
kind: item
severity: high
shows: Whether each account that a bucket's policy lets in is one of the connected accounts or stands on the company's list.
does_not_show: What the other account does with the data; grants by ACL, canonical user or access point.
remedy:
  console: S3 > the bucket > Permissions > Bucket policy > remove the statement. Where the access is meant, have it approved and add the account with assay parameter set approved_account_ids.
  cli: aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
  terraform: aws_s3_bucket_policy without the principal of the other account.
cases:
  - name: nobody from outside
    parameters: {approved_account_ids: ["777788889999"]}
    aws_s3_bucket: [{name: acme-exports, has_policy: true, policy_accounts: []}]
    aws_account: [{id: "111122223333"}]
    expect: [{item: acme-exports, conclusion: CONFORMS, reason: the policy names no other account}]
  - name: an account that is not approved
    like: nobody from outside
    change: {aws_s3_bucket: [{policy_accounts: ["444455556666", "777788889999"]}]}
    expect: [{item: acme-exports, conclusion: DEVIATES, reason: the policy names an account that is not approved, saw_not_approved: ["444455556666"]}]
  - name: an approved account
    like: nobody from outside
    change: {aws_s3_bucket: [{policy_accounts: ["777788889999"]}]}
    expect: [{item: acme-exports, conclusion: CONFORMS, reason: every account that the policy names is ours or approved}]
  - name: an account of ours that is connected too
    like: an account that is not approved
    aws_account: [{id: "111122223333"}, {id: "444455556666", account: "444455556666"}]
    expect: [{item: acme-exports, conclusion: CONFORMS}]
  - name: the company has approved none
    like: an approved account
    parameters: {approved_account_ids: []}
    expect: [{item: acme-exports, conclusion: DEVIATES, saw_not_approved: ["777788889999"]}]
  - name: no policy
    like: nobody from outside
    change: {aws_s3_bucket: [{has_policy: false, policy_accounts: []}]}
    expect: [{item: acme-exports, conclusion: NOT_APPLICABLE, reason: no policy}]
  - name: the policy could not be read
    like: nobody from outside
    change: {aws_s3_bucket: [{has_policy: null, policy_accounts: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-exports, columns: [has_policy, policy_accounts], reason: denied}]
    expect: [{item: acme-exports, conclusion: UNKNOWN, reason: denied}]
  - name: an account of ours could not be reached, and it may be the one that is named
    like: an account that is not approved
    gaps: [{table: aws_account, account: "444455556666", reason: denied}]
    expect: [{item: acme-exports, conclusion: UNKNOWN, reason: denied}]
  - name: the organization could not be read, which does not matter
    like: an account that is not approved
    gaps: [{table: aws_account, columns: [organization_id], reason: denied}]
    expect: [{item: acme-exports, conclusion: DEVIATES}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with ours as (
  select array_agg(connected.id order by connected.id) as ids
  from aws_account as connected
),
seen as (
  select
    bucket.key as bucket_key,
    coalesce(bucket.has_policy, false) as has_policy,
    bucket.policy_accounts as named,
    without(without(coalesce(bucket.policy_accounts, []), $approved_account_ids), coalesce(ours.ids, [])) as not_approved
  from aws_s3_bucket as bucket
  cross join ours
)
select
  seen.bucket_key as item,
  case
    when not seen.has_policy then 'NOT_APPLICABLE'
    when len(seen.not_approved) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.has_policy then 'no policy'
    when len(seen.not_approved) > 0 then 'the policy names an account that is not approved'
    when len(coalesce(seen.named, [])) = 0 then 'the policy names no other account'
    else 'every account that the policy names is ours or approved'
  end as reason,
  seen.named as saw_accounts,
  seen.not_approved as saw_not_approved
from seen
