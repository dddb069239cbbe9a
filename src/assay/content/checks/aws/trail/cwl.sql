/*
title: Each logging trail has delivered to CloudWatch Logs within the hours that the company allows
controls: [LOG-02]
tables: [aws_cloudtrail]
parameters: [trail_delivery_max_hours]
kind: item
severity: medium
shows: Whether each trail that is logging sends its events to a log group, and how long ago it last did, at the as-of instant.
does_not_show: Delivery to another log system instead.
remedy:
  console: CloudTrail > Trails > the trail > CloudWatch Logs > Edit > Enabled, with a log group and a role that may write to it.
  cli: aws cloudtrail update-trail --name NAME --cloud-watch-logs-log-group-arn GROUP --cloud-watch-logs-role-arn ROLE
  terraform: aws_cloudtrail, arguments cloud_watch_logs_group_arn and cloud_watch_logs_role_arn.
cases:
  - name: delivered lately, until that is long ago
    as_of: 2026-03-01T00:00:00Z
    parameters: {trail_delivery_max_hours: 24}
    aws_cloudtrail: [{arn: trail-1, name: audit, logging: true, log_group: "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*", last_delivered_to_log_group: 2026-02-28T22:00:00Z}]
    expect: [{item: trail-1, conclusion: CONFORMS, changes_at: 2026-03-01T22:00:00Z}]
  - name: the first instant past the limit
    like: delivered lately, until that is long ago
    as_of: 2026-03-01T22:00:00Z
    expect: [{item: trail-1, conclusion: DEVIATES, reason: last delivered longer ago than the limit, changes_at: null}]
  - name: never delivered
    like: delivered lately, until that is long ago
    change: {aws_cloudtrail: [{last_delivered_to_log_group: null}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: has never delivered to its log group}]
  - name: no log group
    like: never delivered
    change: {aws_cloudtrail: [{log_group: null}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: sends to no log group}]
  - name: a log group that it no longer sends to
    like: delivered lately, until that is long ago
    change: {aws_cloudtrail: [{log_group: null}]}
    expect: [{item: trail-1, conclusion: DEVIATES, reason: sends to no log group, changes_at: null}]
  - name: stopped, so that nothing is due
    like: never delivered
    change: {aws_cloudtrail: [{logging: false}]}
    expect: [{item: trail-1, conclusion: NOT_APPLICABLE, reason: is not logging}]
  - name: its status could not be read
    like: never delivered
    change: {aws_cloudtrail: [{logging: null}]}
    gaps: [{table: aws_cloudtrail, key: trail-1, columns: [logging, last_delivered_to_log_group, delivery_error], reason: denied}]
    expect: [{item: trail-1, conclusion: UNKNOWN, reason: denied}]
  - name: the trails could not be listed, and none is known
    gaps: [{table: aws_cloudtrail, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, region: eu-west-1}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    parameters: {trail_delivery_max_hours: 24}
    expect: {CONFORMS: 1}
*/
with seen as (
  select
    trail.key as trail_key,
    trail.name as name,
    trail.log_group as log_group,
    coalesce(trail.logging, false) as logging,
    trail.last_delivered_to_log_group as delivered,
    trail.last_delivered_to_log_group + to_hours($trail_delivery_max_hours) as late_at
  from aws_cloudtrail as trail
)
select
  seen.trail_key as item,
  case
    when not seen.logging then 'NOT_APPLICABLE'
    when seen.log_group is not null and coalesce(seen.late_at > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not seen.logging then 'is not logging'
    when seen.log_group is null then 'sends to no log group'
    when seen.delivered is null then 'has never delivered to its log group'
    when seen.late_at > $as_of then 'delivered within the limit'
    else 'last delivered longer ago than the limit'
  end as reason,
  case when seen.logging and seen.log_group is not null and seen.late_at > $as_of then seen.late_at end as changes_at,
  seen.name as saw_name,
  seen.log_group as saw_log_group,
  seen.delivered as saw_last_delivered
from seen
