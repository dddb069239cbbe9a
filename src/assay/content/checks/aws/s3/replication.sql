/*
title: Buckets tagged for cross-region recovery replicate to another region
controls: [AVL-04]
tables: [aws_s3_bucket, aws_s3_bucket_region]
parameters: [cross_region_tag]
links: {aws_s3_bucket_region: everywhere}
kind: item
severity: medium
shows: Whether a rule that is on copies each bucket with the company's tag for cross-region recovery to a connected account's bucket in another region.
does_not_show: That replication keeps up, objects older than the rule or outside its filter, and a copy in an account that is not connected.
remedy:
  console: S3 > the bucket > Management > Replication rules > Create replication rule > all objects > a destination in another region.
  cli: aws s3api put-bucket-replication --bucket BUCKET --replication-configuration file://replication.json; the call sets every rule anew, so name those that stay as well
  terraform: aws_s3_bucket_replication_configuration with a destination bucket of another region's provider.
cases:
  - name: copied to another region
    parameters: {cross_region_tag: "recovery:cross-region"}
    aws_s3_bucket: [{name: acme-uploads, tags: ["recovery:cross-region"], bucket_region: eu-west-1, replicates_to: ["arn:aws:s3:::acme-copy"]}]
    aws_s3_bucket_region: [{arn: "arn:aws:s3:::acme-copy", bucket_region: us-east-1}, {arn: "arn:aws:s3:::acme-near", bucket_region: eu-west-1}]
    expect: [{item: acme-uploads, conclusion: CONFORMS, saw_replicates_to: ["arn:aws:s3:::acme-copy"]}]
  - name: copied within the region
    like: copied to another region
    change: {aws_s3_bucket: [{replicates_to: ["arn:aws:s3:::acme-near"]}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: replicates within its own region only}]
  - name: copied twice, once to another region
    like: copied to another region
    change: {aws_s3_bucket: [{replicates_to: ["arn:aws:s3:::acme-near", "arn:aws:s3:::acme-copy"]}]}
    expect: [{item: acme-uploads, conclusion: CONFORMS}]
  - name: copied to a bucket that no connected account holds
    like: copied to another region
    change: {aws_s3_bucket: [{replicates_to: ["arn:aws:s3:::elsewhere"]}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: replicates to buckets that no connected account holds}]
  - name: not copied
    like: copied to another region
    change: {aws_s3_bucket: [{replicates_to: []}]}
    expect: [{item: acme-uploads, conclusion: DEVIATES, reason: does not replicate}]
  - name: not tagged
    like: not copied
    change: {aws_s3_bucket: [{tags: ["recovery:local"]}]}
    expect: [{item: acme-uploads, conclusion: NOT_APPLICABLE, reason: not tagged for cross-region recovery}]
  - name: the rules could not be read
    like: not copied
    change: {aws_s3_bucket: [{replicates_to: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [replicates_to], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: the tags could not be read
    like: not tagged
    gaps: [{table: aws_s3_bucket, key: acme-uploads, columns: [tags], reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: the buckets of another account could not be listed, and one of them may be the copy
    like: copied to a bucket that no connected account holds
    gaps: [{table: aws_s3_bucket_region, account: "444455556666", reason: denied}]
    expect: [{item: acme-uploads, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
with seen as (
  select
    bucket.key as bucket_key,
    tagged(bucket.tags, $cross_region_tag) as is_tagged,
    coalesce(bucket.replicates_to, []) as copies,
    bucket.bucket_region as lies_in,
    exists (
      select 1 from aws_s3_bucket_region as copy
      where list_contains(coalesce(bucket.replicates_to, []), copy.arn) and copy.bucket_region <> bucket.bucket_region
    ) as copied_away,
    exists (
      select 1 from aws_s3_bucket_region as copy
      where list_contains(coalesce(bucket.replicates_to, []), copy.arn)
    ) as copy_seen
  from aws_s3_bucket as bucket
)
select
  seen.bucket_key as item,
  case
    when not seen.is_tagged then 'NOT_APPLICABLE'
    when seen.copied_away then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.is_tagged then 'not tagged for cross-region recovery'
    when seen.copied_away then 'replicates to another region'
    when len(seen.copies) = 0 then 'does not replicate'
    when seen.copy_seen then 'replicates within its own region only'
    else 'replicates to buckets that no connected account holds'
  end as reason,
  seen.lies_in as saw_region,
  case when seen.is_tagged then seen.copies end as saw_replicates_to
from seen
