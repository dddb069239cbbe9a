/*
title: Trail logs are encrypted with a KMS key
controls: [LOG-02, DAT-03]
tables: [aws_cloudtrail]
kind: item
severity: low
shows: Whether the log files of each trail are encrypted with a key of KMS, whose use is governed and logged apart from the bucket.
does_not_show: Who may use the key.
remedy:
  console: CloudTrail > Trails > the trail > General details > Edit > Log file SSE-KMS encryption Enabled.
  cli: aws cloudtrail update-trail --name NAME --kms-key-id KEY
  terraform: aws_cloudtrail, argument kms_key_id.
cases:
  - name: with a KMS key
    aws_cloudtrail: [{arn: trail-1, name: audit, kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
    expect: [{item: trail-1, conclusion: CONFORMS, saw_kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
  - name: with the bucket's default encryption alone
    like: with a KMS key
    change: {aws_cloudtrail: [{kms_key: null}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: no KMS key is set}]
  - name: the trails could not be listed again
    like: with a KMS key
    gaps: [{table: aws_cloudtrail, reason: timeout}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1}
*/
select
  trail.key as item,
  case when trail.kms_key is null then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when trail.kms_key is null then 'no KMS key is set' else 'encrypted with a KMS key' end as reason,
  trail.name as saw_name,
  trail.kms_key as saw_kms_key
from aws_cloudtrail as trail
