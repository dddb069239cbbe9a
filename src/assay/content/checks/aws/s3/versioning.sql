/*
title: Versioning is on for buckets tagged as needing recovery
controls: [AVL-02]
tables: [aws_s3_bucket]
parameters: [recovery_tag]
kind: item
severity: medium
shows: Whether each bucket with the company's tag for recovery keeps the versions that are overwritten or deleted.
does_not_show: That old versions are kept long enough, or were ever restored.
remedy:
  console: S3 > the bucket > Properties > Bucket Versioning > Edit > Enable.
  cli: aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled
  terraform: aws_s3_bucket_versioning, block versioning_configuration, status = "Enabled".
cases:
  - name: needs recovery, and keeps versions
    parameters: {recovery_tag: "backup:required"}
    aws_s3_bucket: [{name: acme-uploads, tags: ["backup:required"], versioning: Enabled}]
    expect: [{item: acme-uploads, conclusion: CONFORMS}]
  - name: versioning was suspended
    like: needs recovery, and keeps versions
    change: {aws_s3_bucket: [{versioning: Suspended}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: versioning was suspended}]
  - name: versioning was never on
    like: needs recovery, and keeps versions
    change: {aws_s3_bucket: [{versioning: "Off"}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: versioning is off}]
  - name: not tagged
    like: versioning was never on
    change: {aws_s3_bucket: [{tags: []}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE, reason: not tagged as needing recovery, saw_versioning: null}]
  - name: tagged as needing none
    like: versioning was never on
    change: {aws_s3_bucket: [{tags: ["backup:none"]}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE}]
  - name: the setting could not be read
    like: needs recovery, and keeps versions
    change: {aws_s3_bucket: [{versioning: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [versioning, mfa_delete], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: the tags could not be read
    like: not tagged
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [tags], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 4}
*/
select
  bucket.key as item,
  case
    when not tagged(bucket.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(bucket.versioning, 'Off') = 'Enabled' then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(bucket.tags, $recovery_tag) then 'not tagged as needing recovery'
    when coalesce(bucket.versioning, 'Off') = 'Enabled' then 'versioning is on'
    when coalesce(bucket.versioning, 'Off') = 'Suspended' then 'versioning was suspended'
    else 'versioning is off'
  end as reason,
  case when tagged(bucket.tags, $recovery_tag) then bucket.versioning end as saw_versioning
from aws_s3_bucket as bucket
