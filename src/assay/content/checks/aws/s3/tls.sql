/*
title: The bucket policy denies requests without TLS
controls: [DAT-02]
tables: [aws_s3_bucket]
kind: item
severity: medium
shows: Whether the policy of each bucket denies everybody every request to the bucket and to its objects that comes over plain HTTP.
does_not_show: The version of TLS, and a rule of the organization that denies such requests to all buckets.
remedy:
  console: "S3 > the bucket > Permissions > Bucket policy > Edit > add a statement: Effect Deny, Principal *, Action s3:*, Resource the bucket and the bucket/*, Condition Bool aws:SecureTransport false."
  cli: aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json
  terraform: aws_s3_bucket_policy with a denying statement whose condition tests aws:SecureTransport for "false".
cases:
  - name: the policy denies plain HTTP
    aws_s3_bucket: [{name: acme-logs, has_policy: true, policy_denies_without_tls: true}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: a policy without such a statement
    like: the policy denies plain HTTP
    change: {aws_s3_bucket: [{policy_denies_without_tls: false}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: the policy does not deny requests without TLS}]
  - name: no policy
    like: a policy without such a statement
    change: {aws_s3_bucket: [{has_policy: false}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: no policy}]
  - name: the policy could not be read
    like: no policy
    change: {aws_s3_bucket: [{has_policy: null, policy_denies_without_tls: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [has_policy, policy_denies_without_tls], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 2, DEVIATES: 4}
*/
select
  bucket.key as item,
  case when coalesce(bucket.policy_denies_without_tls, false) then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(bucket.policy_denies_without_tls, false) then 'the policy denies requests without TLS'
    when coalesce(bucket.has_policy, false) then 'the policy does not deny requests without TLS'
    else 'no policy'
  end as reason,
  bucket.has_policy as saw_policy
from aws_s3_bucket as bucket
