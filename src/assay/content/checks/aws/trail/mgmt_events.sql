/*
title: Logging trails over all regions record management events, read and write
controls: [LOG-01]
tables: [aws_account, aws_cloudtrail]
links: {aws_cloudtrail: everywhere}
kind: item
severity: high
shows: Whether the trails over all regions that are logging for each account record both the management events that read and those that change something.
does_not_show: Data events, and a trail of an organization whose management account is not connected.
remedy:
  console: CloudTrail > Trails > the trail > Management events > Edit > API activity Read and Write.
  cli: "aws cloudtrail put-event-selectors --trail-name NAME --event-selectors 'ReadWriteType=All,IncludeManagementEvents=true'; the call sets every selector anew, so name those that stay as well"
  terraform: aws_cloudtrail, block event_selector, read_write_type = "All" and include_management_events = true.
cases:
  - name: both are recorded
    aws_account: [{id: "111122223333"}]
    aws_cloudtrail: [{arn: trail-1, multi_region: true, organization_trail: false, logging: true, management_reads: true, management_writes: true}]
    expect: [{item: "111122223333", conclusion: CONFORMS, saw_reads: true, saw_writes: true}]
  - name: only what changes something is recorded
    like: both are recorded
    change: {aws_cloudtrail: [{management_reads: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: reading events are not recorded}]
  - name: only what reads is recorded
    like: both are recorded
    change: {aws_cloudtrail: [{management_writes: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: writing events are not recorded}]
  - name: data events alone are recorded
    like: both are recorded
    change: {aws_cloudtrail: [{management_reads: false, management_writes: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: management events are not recorded}]
  - name: two trails record them between them
    like: both are recorded
    aws_cloudtrail:
      - {arn: trail-1, multi_region: true, logging: true, management_reads: true, management_writes: false}
      - {arn: trail-2, multi_region: true, logging: true, management_reads: false, management_writes: true, region: us-east-1}
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: the trail is stopped
    like: both are recorded
    change: {aws_cloudtrail: [{logging: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no trail over all regions is logging}]
  - name: the trail covers one region
    like: both are recorded
    change: {aws_cloudtrail: [{multi_region: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no trail over all regions is logging}]
  - name: no trail
    aws_account: [{id: "111122223333"}]
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no trail over all regions is logging}]
  - name: the organization's trail, seen in its management account
    like: both are recorded
    change:
      aws_account: [{management_account: "444455556666"}]
      aws_cloudtrail: [{account: "444455556666", organization_trail: true}]
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: what it records could not be read
    like: both are recorded
    change: {aws_cloudtrail: [{management_reads: null, management_writes: null}]}
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [management_reads, management_writes, object_writes_of], reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the trails of a region could not be listed
    like: no trail
    gaps: [{table: aws_cloudtrail, region: us-east-1, reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1}
*/
with seen as (
  select
    owner.key as account_key,
    coalesce(bool_or(trail.multi_region and trail.logging), false) as covered,
    coalesce(bool_or(trail.multi_region and trail.logging and trail.management_reads), false) as reads,
    coalesce(bool_or(trail.multi_region and trail.logging and trail.management_writes), false) as writes
  from aws_account as owner
  left join aws_cloudtrail as trail
    on trail.account = owner.account
    or (trail.organization_trail and trail.account = owner.management_account)
  group by owner.key
)
select
  seen.account_key as item,
  case when seen.reads and seen.writes then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when not seen.covered then 'no trail over all regions is logging'
    when seen.reads and seen.writes then 'management events are recorded, read and write'
    when seen.writes then 'reading events are not recorded'
    when seen.reads then 'writing events are not recorded'
    else 'management events are not recorded'
  end as reason,
  seen.reads as saw_reads,
  seen.writes as saw_writes
from seen
