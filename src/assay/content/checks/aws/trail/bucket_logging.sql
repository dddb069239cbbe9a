/*
title: Access to the bucket that holds trail logs is logged
controls: [LOG-02, LOG-05]
tables: [aws_cloudtrail, aws_s3_bucket]
links: {aws_s3_bucket: s3_bucket_arn}
kind: item
severity: low
shows: Whether S3 logs each request to the bucket that each trail writes to.
does_not_show: A bucket in an account that is not connected, and data events that record the same.
remedy:
  console: S3 > the bucket > Properties > Server access logging > Edit > Enable, into another bucket.
  cli: "aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status '{\"LoggingEnabled\":{\"TargetBucket\":\"LOGS\",\"TargetPrefix\":\"s3/BUCKET/\"}}'"
  terraform: aws_s3_bucket_logging, argument target_bucket.
cases:
  - name: requests are logged
    aws_cloudtrail: [{arn: trail-1, s3_bucket_name: acme-logs, s3_bucket_arn: "arn:aws:s3:::acme-logs"}]
    aws_s3_bucket: [{key: "arn:aws:s3:::acme-logs", name: acme-logs, receives_trail: true, log_bucket: acme-access}]
    expect: [{item: trail-1, conclusion: CONFORMS, saw_log_bucket: acme-access}]
  - name: requests are not logged
    like: requests are logged
    change: {aws_s3_bucket: [{log_bucket: null}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: requests to its bucket are not logged}]
  - name: its policy no longer lets CloudTrail write
    like: requests are not logged
    change: {aws_s3_bucket: [{receives_trail: false}]}
    expect: [{item: trail-1, conclusion: NOT_APPLICABLE, reason: its bucket does not let CloudTrail write}]
  - name: the bucket lies in an account that is not connected
    like: requests are not logged
    aws_s3_bucket: []
    expect: [{item: trail-1, conclusion: NOT_APPLICABLE, reason: its bucket is in no connected account}]
  - name: the bucket lies in another connected account
    like: requests are not logged
    change: {aws_s3_bucket: [{account: "444455556666"}]}
    expect: [{item: trail-1, conclusion: DEVIATES}]
  - name: the setting could not be read
    like: requests are not logged
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-logs", columns: [log_bucket], reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: another bucket's setting could not be read
    like: requests are logged
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-site", columns: [log_bucket], reason: denied}]
    expect: [{item: trail-1, conclusion: CONFORMS}]
  - name: the buckets could not be listed
    like: the bucket lies in an account that is not connected
    gaps: [{table: aws_s3_bucket, reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {DEVIATES: 1}
*/
select
  trail.key as item,
  case
    when bucket.key is null or not coalesce(bucket.receives_trail, false) then 'NOT_APPLICABLE'
    when bucket.log_bucket is null then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when bucket.key is null then 'its bucket is in no connected account'
    when not coalesce(bucket.receives_trail, false) then 'its bucket does not let CloudTrail write'
    when bucket.log_bucket is null then 'requests to its bucket are not logged'
    else 'requests to its bucket are logged'
  end as reason,
  trail.s3_bucket_name as saw_bucket,
  bucket.log_bucket as saw_log_bucket
from aws_cloudtrail as trail
left join aws_s3_bucket as bucket on bucket.name = trail.s3_bucket_name
