/*
title: Default encryption is set on the bucket
controls: [DAT-01]
tables: [aws_s3_bucket]
kind: item
severity: low
shows: Whether each bucket encrypts new objects by default, and by which algorithm.
does_not_show: Objects written before AWS began to encrypt all new ones in January 2023.
remedy:
  console: S3 > the bucket > Properties > Default encryption > Edit.
  cli: "aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration '{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}]}'"
  terraform: aws_s3_bucket_server_side_encryption_configuration, block rule.
cases:
  - name: with a key of S3's own
    aws_s3_bucket: [{name: acme-logs, encryption: AES256}]
    expect: [{item: acme-logs, conclusion: CONFORMS, saw_algorithm: AES256}]
  - name: with a KMS key, twice over
    aws_s3_bucket: [{name: acme-logs, encryption: "aws:kms:dsse", kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: none
    like: with a key of S3's own
    change: {aws_s3_bucket: [{encryption: null}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: no default encryption}]
  - name: the setting could not be read
    like: none
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [encryption, kms_key], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: one bucket could not be read, the other could
    aws_s3_bucket: [{name: acme-logs, encryption: AES256}, {name: acme-site}]
    gaps: [{table: aws_s3_bucket, key: acme-site, columns: [encryption, kms_key], reason: denied}]
    expect: [{item: acme-logs, conclusion: CONFORMS}, {item: acme-site, conclusion: UNKNOWN}]
  - name: the buckets could not be listed
    gaps: [{table: aws_s3_bucket, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
select
  bucket.key as item,
  case when bucket.encryption is null then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when bucket.encryption is null then 'no default encryption' else 'encrypted by default' end as reason,
  bucket.encryption as saw_algorithm,
  bucket.kms_key as saw_kms_key
from aws_s3_bucket as bucket
