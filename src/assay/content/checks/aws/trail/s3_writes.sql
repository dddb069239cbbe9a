/*
title: A logging trail records write events on objects of buckets tagged confidential
controls: [LOG-05]
tables: [aws_s3_bucket, aws_cloudtrail]
parameters: [confidential_tag]
links: {aws_cloudtrail: everywhere}
kind: item
severity: medium
shows: Whether a trail that is logging records who writes or deletes objects anywhere in each bucket with the company's tag for confidential data.
does_not_show: Reads, and whether anyone reviews the events.
remedy:
  console: CloudTrail > Trails > the trail > Data events > Edit > S3 > the bucket, or all buckets > Write.
  cli: "aws cloudtrail put-event-selectors --trail-name NAME --event-selectors 'ReadWriteType=All,IncludeManagementEvents=true,DataResources=[{Type=AWS::S3::Object,Values=[arn:aws:s3:::BUCKET/]}]'; the call sets every selector anew, so name those that stay as well"
  terraform: aws_cloudtrail, block event_selector, block data_resource with type = "AWS::S3::Object".
cases:
  - name: the trail names the bucket
    parameters: {confidential_tag: "data-class:confidential"}
    aws_s3_bucket: [{key: "arn:aws:s3:::acme-uploads", name: acme-uploads, tags: ["data-class:confidential"], bucket_region: eu-west-1}]
    aws_cloudtrail: [{arn: trail-1, home_region: eu-west-1, multi_region: true, organization_trail: false, logging: true, object_writes_of: ["arn:aws:s3:::acme-uploads/*"]}]
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS, saw_trails: [trail-1]}]
  - name: the trail names every bucket
    like: the trail names the bucket
    change: {aws_cloudtrail: [{object_writes_of: ["*"]}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS}]
  - name: the trail names a beginning
    like: the trail names the bucket
    change: {aws_cloudtrail: [{object_writes_of: ["arn:aws:s3:::acme-*"]}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS}]
  - name: the trail names a folder of the bucket only
    like: the trail names the bucket
    change: {aws_cloudtrail: [{object_writes_of: ["arn:aws:s3:::acme-uploads/private/*"]}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES, reason: no logging trail records writes to it}]
  - name: the trail names a bucket whose name goes on
    like: the trail names the bucket
    change: {aws_cloudtrail: [{object_writes_of: ["arn:aws:s3:::acme-uploads-copy/*"]}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES}]
  - name: the trail is stopped
    like: the trail names the bucket
    change: {aws_cloudtrail: [{logging: false}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES}]
  - name: the trail covers another region only
    like: the trail names the bucket
    change: {aws_cloudtrail: [{multi_region: false, home_region: us-east-1}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES}]
  - name: the trail covers the region of the bucket only
    like: the trail names the bucket
    change: {aws_cloudtrail: [{multi_region: false}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS}]
  - name: a trail of another account
    like: the trail names the bucket
    change: {aws_cloudtrail: [{account: "444455556666"}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES}]
  - name: the organization's trail
    like: a trail of another account
    change: {aws_cloudtrail: [{organization_trail: true}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS}]
  - name: no trail
    like: the trail names the bucket
    aws_cloudtrail: []
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: DEVIATES, saw_trails: null}]
  - name: not confidential
    like: no trail
    change: {aws_s3_bucket: [{tags: []}]}
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: NOT_APPLICABLE, reason: not tagged confidential}]
  - name: what the trail records could not be read
    like: the trail names the bucket
    change: {aws_cloudtrail: [{object_writes_of: null}]}
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [management_reads, management_writes, object_writes_of], reason: denied}]
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: UNKNOWN, reason: denied}]
  - name: the tags could not be read
    like: not confidential
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-uploads", columns: [tags], reason: denied}]
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: UNKNOWN, reason: denied}]
  - name: the tags of another bucket could not be read
    like: the trail names the bucket
    gaps: [{table: aws_s3_bucket, key: "arn:aws:s3:::acme-site", columns: [tags], reason: denied}]
    expect: [{item: "arn:aws:s3:::acme-uploads", conclusion: CONFORMS}, {item: "arn:aws:s3:::acme-site", conclusion: UNKNOWN}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1, NOT_APPLICABLE: 5}
*/
with seen as (
  select
    bucket.key as bucket_key,
    bool_or(tagged(bucket.tags, $confidential_tag)) as confidential,
    array_agg(trail.arn order by trail.arn) filter (where trail.arn is not null) as trails
  from aws_s3_bucket as bucket
  left join aws_cloudtrail as trail
    on tagged(bucket.tags, $confidential_tag)
    and trail.logging
    and (trail.account = bucket.account or trail.organization_trail)
    and (trail.multi_region or trail.home_region = bucket.bucket_region)
    and matches_any(concat(bucket.key, '/'), trail.object_writes_of)
  group by bucket.key
)
select
  seen.bucket_key as item,
  case
    when not seen.confidential then 'NOT_APPLICABLE'
    when seen.trails is not null then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.confidential then 'not tagged confidential'
    when seen.trails is not null then 'a logging trail records writes to it'
    else 'no logging trail records writes to it'
  end as reason,
  seen.trails as saw_trails
from seen
