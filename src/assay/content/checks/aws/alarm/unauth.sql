/*
title: Refused API calls raise an alarm that reaches a confirmed subscriber
controls: [LOG-03]
tables: [aws_account, aws_cloudtrail, aws_metric_filter, aws_cloudwatch_alarm, aws_sns_topic]
links: {aws_sns_topic: everywhere}
kind: item
severity: low
shows: Whether each account has a logging trail over all regions whose log group a metric filter searches for calls that were refused, with an alarm over it that calls a topic somebody has confirmed to receive.
does_not_show: Alerts that EventBridge, GuardDuty or a log system raises instead, a composite alarm, an organization trail watched from another account, and whether anyone answered.
remedy:
  console: CloudWatch > Log groups > the trail's group > Metric filters > Create metric filter with the pattern below, then select it > Create alarm > a topic with a confirmed subscription.
  cli: |
    aws logs put-metric-filter --log-group-name GROUP --filter-name unauth --metric-transformations metricName=unauth,metricNamespace=CloudTrail,metricValue=1 --filter-pattern '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
    aws cloudwatch put-metric-alarm --alarm-name unauth --namespace CloudTrail --metric-name unauth --statistic Sum --period 300 --evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanOrEqualToThreshold --alarm-actions TOPIC
  terraform: aws_cloudwatch_log_metric_filter over the trail's log group, aws_cloudwatch_metric_alarm over its metric, and aws_sns_topic_subscription.
cases:
  - name: an alarm that reaches somebody
    aws_account: [{id: "111122223333"}]
    aws_cloudtrail: [{arn: trail-1, multi_region: true, logging: true, management_reads: true, management_writes: true, log_group: "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"}]
    aws_metric_filter: [{key: f-1, name: watch, log_group: trail, watches: [refused_calls], metric: seen, namespace: CloudTrail, by_dimension: false}]
    aws_cloudwatch_alarm: [{arn: alarm-1, acts: true, actions: ["arn:aws:sns:eu-west-1:111122223333:security"], metric: seen, namespace: CloudTrail, dimensions: [], statistic: Sum, comparison: GreaterThanOrEqualToThreshold, threshold: 1, periods: 1}]
    aws_sns_topic: [{arn: "arn:aws:sns:eu-west-1:111122223333:security", confirmed_subscribers: 1}]
    expect: [{item: "111122223333", conclusion: CONFORMS, reason: an alarm reaches a confirmed subscriber, saw_alarms: [alarm-1]}]
  - name: nobody has confirmed a subscription
    like: an alarm that reaches somebody
    change: {aws_sns_topic: [{confirmed_subscribers: 0}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: the alarm reaches no confirmed subscriber}]
  - name: the alarm calls a topic that is gone
    like: an alarm that reaches somebody
    aws_sns_topic: []
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: the alarm reaches no confirmed subscriber}]
  - name: the alarm calls a topic of another connected account
    like: an alarm that reaches somebody
    change:
      aws_cloudwatch_alarm: [{actions: ["arn:aws:sns:eu-west-1:444455556666:security"]}]
      aws_sns_topic: [{arn: "arn:aws:sns:eu-west-1:444455556666:security", account: "444455556666"}]
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: the alarm does nothing
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{actions: []}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: the alarm reaches no confirmed subscriber}]
  - name: the actions are switched off
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{acts: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: the alarm reaches no confirmed subscriber}]
  - name: an alarm over many in a while, since single ones are daily noise
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{threshold: 20, periods: 3}]}
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: an alarm when there are few
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{comparison: LessThanThreshold}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no alarm watches for them}]
  - name: the alarm watches the metric of another namespace
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{namespace: Other}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no alarm watches for them}]
  - name: the alarm lies in another region than the metric
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{region: us-east-1}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the metric is split by dimensions, so the alarm sees nothing
    like: an alarm that reaches somebody
    change: {aws_metric_filter: [{by_dimension: true}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the alarm watches a part of the metric that nobody writes
    like: an alarm that reaches somebody
    change: {aws_cloudwatch_alarm: [{dimensions: [Account]}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the filter counts something else
    like: an alarm that reaches somebody
    change: {aws_metric_filter: [{watches: [trails]}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no metric filter counts them}]
  - name: the filter looks at another log group
    like: an alarm that reaches somebody
    change: {aws_metric_filter: [{log_group: trail-old}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no metric filter counts them}]
  - name: the filter looks at a group of that name in another region
    like: an alarm that reaches somebody
    change: {aws_metric_filter: [{region: us-east-1}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the trail sends to no log group
    like: an alarm that reaches somebody
    change: {aws_cloudtrail: [{log_group: null}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no logging trail over all regions sends to a log group}]
  - name: the trail is stopped
    like: an alarm that reaches somebody
    change: {aws_cloudtrail: [{logging: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no logging trail over all regions sends to a log group}]
  - name: the trail covers one region
    like: an alarm that reaches somebody
    change: {aws_cloudtrail: [{multi_region: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: the trail does not record what changes something
    like: an alarm that reaches somebody
    change: {aws_cloudtrail: [{management_writes: false}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: two alarms, of which one reaches somebody
    like: an alarm that reaches somebody
    change:
      aws_cloudwatch_alarm: [{actions: []}, {arn: alarm-2, acts: true, actions: ["arn:aws:sns:eu-west-1:111122223333:security"], metric: seen, namespace: CloudTrail, dimensions: [], statistic: Sum, comparison: GreaterThanOrEqualToThreshold, threshold: 1, periods: 1}]
    expect: [{item: "111122223333", conclusion: CONFORMS, saw_alarms: [alarm-2]}]
  - name: everything belongs to another account
    like: an alarm that reaches somebody
    change: {aws_account: [{id: "444455556666", account: "444455556666"}]}
    expect: [{item: "444455556666", conclusion: DEVIATES}]
  - name: the trails of a region could not be listed
    like: the trail is stopped
    gaps: [{table: aws_cloudtrail, region: us-east-1, reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the metric filters could not be listed
    like: the filter counts something else
    gaps: [{table: aws_metric_filter, reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the alarms could not be listed
    like: an alarm that reaches somebody
    gaps: [{table: aws_cloudwatch_alarm, reason: throttled}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: throttled}]
  - name: the subscribers could not be read
    like: an alarm that reaches somebody
    change: {aws_sns_topic: [{confirmed_subscribers: null}]}
    gaps: [{table: aws_sns_topic, key: "arn:aws:sns:eu-west-1:111122223333:security", columns: [kms_key, confirmed_subscribers], reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the account could not be asked
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, account: "111122223333"}]
  - name: through the collector
    recording: aws/cloudwatch/alarms-over-a-trail
    expect: {CONFORMS: 1}
*/
with source as (
  select
    trail.account as account,
    trail.log_group as log_group
  from aws_cloudtrail as trail
  where trail.multi_region and trail.logging and trail.log_group is not null
    and trail.management_reads and trail.management_writes
  group by trail.account, trail.log_group
),
counted as (
  select distinct
    filter.account as account,
    filter.region as region,
    filter.namespace as namespace,
    filter.metric as metric
  from source
  join aws_metric_filter as filter
    on filter.account = source.account
    and ends_with(source.log_group, concat(':', filter.region, ':', filter.account, ':log-group:', filter.log_group, ':*'))
  where not filter.by_dimension and list_contains(filter.watches, 'refused_calls')
),
watched as (
  select distinct
    alarm.account as account,
    alarm.region as region,
    alarm.arn as arn,
    alarm.acts as acts,
    alarm.actions as actions
  from counted
  join aws_cloudwatch_alarm as alarm
    on alarm.account = counted.account and alarm.region = counted.region
    and alarm.namespace = counted.namespace and alarm.metric = counted.metric
  where len(coalesce(alarm.dimensions, [])) = 0
    and alarm.comparison in ('GreaterThanOrEqualToThreshold', 'GreaterThanThreshold')
),
reaching as (
  select
    watched.account as account,
    array_agg(distinct watched.arn order by watched.arn) as arns
  from watched
  join aws_sns_topic as topic on list_contains(watched.actions, topic.arn)
  where watched.acts and topic.confirmed_subscribers > 0
  group by watched.account
)
select
  owner.key as item,
  case when reaching.arns is not null then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when reaching.arns is not null then 'an alarm reaches a confirmed subscriber'
    when exists (select 1 from watched where watched.account = owner.account) then 'the alarm reaches no confirmed subscriber'
    when exists (select 1 from counted where counted.account = owner.account) then 'no alarm watches for them'
    when exists (select 1 from source where source.account = owner.account) then 'no metric filter counts them'
    else 'no logging trail over all regions sends to a log group'
  end as reason,
  reaching.arns as saw_alarms
from aws_account as owner
left join reaching on reaching.account = owner.account
