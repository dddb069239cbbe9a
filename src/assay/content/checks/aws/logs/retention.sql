/*
title: Log groups keep events as long as the company says
controls: [LOG-02]
tables: [aws_log_group]
parameters: [log_retention_days]
kind: item
severity: medium
shows: For how many days CloudWatch Logs keeps the events of each log group.
does_not_show: Logs exported elsewhere, and groups that need no such time.
remedy:
  console: CloudWatch > Log groups > the group > Actions > Edit retention setting.
  cli: aws logs put-retention-policy --log-group-name GROUP --retention-in-days DAYS
  terraform: aws_cloudwatch_log_group, argument retention_in_days.
cases:
  - name: kept exactly as long
    parameters: {log_retention_days: 365}
    aws_log_group: [{name: /ecs/api, key: g-1, retention_days: 365, class: STANDARD}]
    expect: [{item: g-1, conclusion: CONFORMS, reason: kept long enough}]
  - name: kept a day too short
    like: kept exactly as long
    change: {aws_log_group: [{retention_days: 364}]}
    expect: [{item: g-1, conclusion: DEVIATES, reason: kept for fewer days than the company says, saw_retention_days: 364}]
  - name: kept for ever
    like: kept exactly as long
    change: {aws_log_group: [{retention_days: null}]}
    expect: [{item: g-1, conclusion: CONFORMS, reason: kept for ever}]
  - name: a cheaper class is kept as long
    like: kept a day too short
    change: {aws_log_group: [{class: INFREQUENT_ACCESS}]}
    expect: [{item: g-1, conclusion: DEVIATES}]
  - name: a group that only passes events on, whose time AWS sets
    like: kept a day too short
    change: {aws_log_group: [{class: DELIVERY, retention_days: 2}]}
    expect: [{item: g-1, conclusion: NOT_APPLICABLE, reason: only passes events on}]
  - name: the groups could not be listed again
    like: kept exactly as long
    gaps: [{table: aws_log_group, reason: throttled}]
    expect: [{item: g-1, conclusion: UNKNOWN, reason: throttled}]
  - name: the groups of another region could not be listed
    like: kept exactly as long
    gaps: [{table: aws_log_group, region: us-east-1, reason: denied}]
    expect: [{item: g-1, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1}]
  - name: through the collector
    recording: aws/logs/four-groups
    expect: {CONFORMS: 2, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  log.key as item,
  case
    when coalesce(log.class, 'STANDARD') = 'DELIVERY' then 'NOT_APPLICABLE'
    when log.retention_days is null or log.retention_days >= $log_retention_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(log.class, 'STANDARD') = 'DELIVERY' then 'only passes events on'
    when log.retention_days is null then 'kept for ever'
    when log.retention_days >= $log_retention_days then 'kept long enough'
    else 'kept for fewer days than the company says'
  end as reason,
  log.name as saw_name,
  log.retention_days as saw_retention_days
from aws_log_group as log
