/*
title: A trail over all regions is logging for the account
controls: [LOG-01]
tables: [aws_account, aws_cloudtrail]
links: {aws_cloudtrail: everywhere}
kind: item
severity: high
shows: Whether each account has a trail of its own, or one of its organization, that records every region and is logging now.
does_not_show: That it ran between two collections, and a trail of an organization whose management account is not connected.
remedy:
  console: CloudTrail > Trails > Create trail, which covers all regions; or the trail > Start logging.
  cli: aws cloudtrail create-trail --name NAME --s3-bucket-name BUCKET --is-multi-region-trail, then aws cloudtrail start-logging --name NAME
  terraform: aws_cloudtrail, arguments is_multi_region_trail = true and enable_logging = true.
cases:
  - name: a trail over all regions is logging
    aws_account: [{id: "111122223333"}]
    aws_cloudtrail: [{arn: trail-1, multi_region: true, organization_trail: false, logging: true}]
    expect: [{item: "111122223333", conclusion: CONFORMS, saw_trails: [trail-1]}]
  - name: it was stopped
    like: a trail over all regions is logging
    change: {aws_cloudtrail: [{logging: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no trail is logging}]
  - name: it covers one region
    like: a trail over all regions is logging
    change: {aws_cloudtrail: [{multi_region: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no logging trail is over all regions}]
  - name: one covers all regions and is stopped, the other is logging one region
    aws_account: [{id: "111122223333"}]
    aws_cloudtrail: [{arn: trail-1, multi_region: true, logging: false}, {arn: trail-2, multi_region: false, logging: true}]
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no logging trail is over all regions, saw_trails: [trail-1, trail-2]}]
  - name: no trail
    aws_account: [{id: "111122223333"}]
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no trail is there, saw_trails: null}]
  - name: the trail of another account
    like: a trail over all regions is logging
    change: {aws_cloudtrail: [{account: "444455556666"}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the organization's trail, seen in its management account
    like: a trail over all regions is logging
    change:
      aws_account: [{management_account: "444455556666"}]
      aws_cloudtrail: [{account: "444455556666", organization_trail: true}]
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: a trail of the management account that is not the organization's
    like: the organization's trail, seen in its management account
    change: {aws_cloudtrail: [{organization_trail: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: whether it is logging could not be read
    like: a trail over all regions is logging
    change: {aws_cloudtrail: [{logging: null}]}
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [logging, last_delivered_to_log_group, delivery_error], reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the trails of the management account could not be listed
    like: no trail
    gaps: [{table: aws_cloudtrail, account: "444455556666", reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: which organization it belongs to could not be read
    like: no trail
    gaps: [{table: aws_account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: its data events could not be read, which does not matter
    like: a trail over all regions is logging
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [object_writes_of], reason: denied}]
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 1}
*/
with seen as (
  select
    owner.key as account_key,
    array_agg(trail.arn order by trail.arn) filter (where trail.arn is not null) as arns,
    coalesce(bool_or(trail.logging), false) as any_logging,
    coalesce(bool_or(trail.multi_region and trail.logging), false) as covered
  from aws_account as owner
  left join aws_cloudtrail as trail
    on trail.account = owner.account
    or (trail.organization_trail and trail.account = owner.management_account)
  group by owner.key
)
select
  seen.account_key as item,
  case when seen.covered then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when seen.covered then 'a trail over all regions is logging'
    when seen.arns is null then 'no trail is there'
    when seen.any_logging then 'no logging trail is over all regions'
    else 'no trail is logging'
  end as reason,
  seen.arns as saw_trails
from seen
