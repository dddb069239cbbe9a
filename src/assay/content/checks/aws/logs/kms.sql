/*
title: Log groups named as confidential use a KMS key
controls: [DAT-01, DAT-03]
tables: [aws_log_group]
parameters: [confidential_log_groups]
kind: item
severity: low
shows: Whether each log group that the company names as confidential is encrypted with a key of KMS, whose use is governed and logged apart.
does_not_show: Groups outside the list. CloudWatch Logs encrypts a group without a KMS key too, by a key that AWS owns.
remedy:
  console: The console sets no key on a log group; use the command.
  cli: aws logs associate-kms-key --log-group-name GROUP --kms-key-id KEY
  terraform: aws_cloudwatch_log_group, argument kms_key_id.
cases:
  - name: confidential, with a key
    parameters: {confidential_log_groups: ["/ecs/*", /audit]}
    aws_log_group: [{name: /ecs/api, key: g-1, kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
    expect: [{item: g-1, conclusion: CONFORMS}]
  - name: confidential, without a key
    like: confidential, with a key
    change: {aws_log_group: [{kms_key: null}]}
    expect: [{item: g-1, conclusion: DEVIATES, reason: no KMS key is set}]
  - name: named in full
    like: confidential, without a key
    change: {aws_log_group: [{name: /audit}]}
    expect: [{item: g-1, conclusion: DEVIATES}]
  - name: not named
    like: confidential, without a key
    change: {aws_log_group: [{name: /audit-trail}]}
    expect: [{item: g-1, conclusion: NOT_APPLICABLE, reason: not named as confidential}]
  - name: the company names none
    like: confidential, without a key
    parameters: {confidential_log_groups: []}
    expect: [{item: g-1, conclusion: NOT_APPLICABLE}]
  - name: the groups could not be listed again
    like: confidential, with a key
    gaps: [{table: aws_log_group, reason: denied}]
    expect: [{item: g-1, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/logs/four-groups
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
select
  log.key as item,
  case
    when not matches_any(log.name, $confidential_log_groups) then 'NOT_APPLICABLE'
    when log.kms_key is null then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when not matches_any(log.name, $confidential_log_groups) then 'not named as confidential'
    when log.kms_key is null then 'no KMS key is set'
    else 'encrypted with a KMS key'
  end as reason,
  log.name as saw_name,
  log.kms_key as saw_kms_key
from aws_log_group as log
