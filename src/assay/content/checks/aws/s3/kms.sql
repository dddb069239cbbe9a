/*
title: Buckets tagged confidential encrypt by default with a KMS key
controls: [DAT-01, DAT-03]
tables: [aws_s3_bucket]
parameters: [confidential_tag]
kind: item
severity: medium
shows: Whether each bucket with the company's tag for confidential data encrypts new objects with a key of KMS, whose use is governed and logged apart.
does_not_show: Objects stored under another key or before the setting, and buckets that nobody tagged.
remedy:
  console: S3 > the bucket > Properties > Default encryption > Edit > Server-side encryption with AWS Key Management Service keys.
  cli: "aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration '{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\",\"KMSMasterKeyID\":\"KEY\"},\"BucketKeyEnabled\":true}]}'"
  terraform: aws_s3_bucket_server_side_encryption_configuration, block rule, sse_algorithm = "aws:kms" and kms_master_key_id.
cases:
  - name: confidential, with a KMS key
    parameters: {confidential_tag: "data-class:confidential"}
    aws_s3_bucket: [{name: acme-uploads, tags: ["data-class:confidential", "backup:required"], encryption: "aws:kms", kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
    expect: [{item: acme-uploads, conclusion: CONFORMS, reason: encrypts with a KMS key}]
  - name: confidential, with a KMS key twice over
    like: confidential, with a KMS key
    change: {aws_s3_bucket: [{encryption: "aws:kms:dsse"}]}
    expect: [{item: acme-uploads, conclusion: CONFORMS}]
  - name: confidential, with a key of S3's own
    like: confidential, with a KMS key
    change: {aws_s3_bucket: [{encryption: AES256, kms_key: null}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: encrypts with a key of S3's own, saw_algorithm: AES256}]
  - name: confidential, not encrypted
    like: confidential, with a KMS key
    change: {aws_s3_bucket: [{encryption: null, kms_key: null}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: no default encryption}]
  - name: tagged with another class
    like: confidential, with a key of S3's own
    change: {aws_s3_bucket: [{tags: ["data-class:public"]}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE, reason: not tagged confidential}]
  - name: without tags
    like: confidential, with a key of S3's own
    change: {aws_s3_bucket: [{tags: []}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE}]
  - name: the company uses another tag
    like: confidential, with a key of S3's own
    parameters: {confidential_tag: "secrecy:high"}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE}]
  - name: the tags could not be read
    like: without tags
    change: {aws_s3_bucket: [{tags: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [tags], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: the encryption could not be read
    like: confidential, with a KMS key
    change: {aws_s3_bucket: [{encryption: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [encryption, kms_key], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
select
  bucket.key as item,
  case
    when not tagged(bucket.tags, $confidential_tag) then 'NOT_APPLICABLE'
    when coalesce(bucket.encryption, '') in ('aws:kms', 'aws:kms:dsse') then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(bucket.tags, $confidential_tag) then 'not tagged confidential'
    when coalesce(bucket.encryption, '') in ('aws:kms', 'aws:kms:dsse') then 'encrypts with a KMS key'
    when bucket.encryption is null then 'no default encryption'
    else 'encrypts with a key of S3''s own'
  end as reason,
  bucket.encryption as saw_algorithm,
  bucket.kms_key as saw_kms_key
from aws_s3_bucket as bucket
