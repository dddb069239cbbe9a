/*
title: Server access logging is on for buckets tagged confidential
controls: [LOG-05]
tables: [aws_s3_bucket]
parameters: [confidential_tag]
kind: item
severity: medium
shows: Whether S3 logs each request to the buckets that carry the company's tag for confidential data.
does_not_show: Access recorded by CloudTrail data events instead, and whether anyone reads the log.
remedy:
  console: S3 > the bucket > Properties > Server access logging > Edit > Enable, into a bucket of its own for logs.
  cli: "aws s3api put-bucket-logging --bucket BUCKET --bucket-logging-status '{\"LoggingEnabled\":{\"TargetBucket\":\"LOGS\",\"TargetPrefix\":\"s3/BUCKET/\"}}'"
  terraform: aws_s3_bucket_logging, argument target_bucket.
cases:
  - name: confidential and logged
    parameters: {confidential_tag: "data-class:confidential"}
    aws_s3_bucket: [{name: acme-uploads, tags: ["data-class:confidential"], log_bucket: acme-logs}]
    expect: [{item: acme-uploads, conclusion: CONFORMS, saw_log_bucket: acme-logs}]
  - name: confidential and not logged
    like: confidential and logged
    change: {aws_s3_bucket: [{log_bucket: null}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: requests are not logged}]
  - name: not confidential
    like: confidential and not logged
    change: {aws_s3_bucket: [{tags: ["data-class:internal"]}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE, reason: not tagged confidential}]
  - name: a log that goes into the bucket itself grows by being written
    like: confidential and logged
    change: {aws_s3_bucket: [{log_bucket: acme-uploads}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: the log goes into the bucket itself}]
  - name: the setting could not be read
    like: confidential and not logged
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [log_bucket], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: the tags could not be read
    like: not confidential
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [tags], reason: throttled}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: throttled}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
select
  bucket.key as item,
  case
    when not tagged(bucket.tags, $confidential_tag) then 'NOT_APPLICABLE'
    when bucket.log_bucket is null or bucket.log_bucket = bucket.name then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when not tagged(bucket.tags, $confidential_tag) then 'not tagged confidential'
    when bucket.log_bucket is null then 'requests are not logged'
    when bucket.log_bucket = bucket.name then 'the log goes into the bucket itself'
    else 'requests are logged'
  end as reason,
  bucket.log_bucket as saw_log_bucket
from aws_s3_bucket as bucket
