/*
title: SNS topics are encrypted with a KMS key
controls: [DAT-01]
tables: [aws_sns_topic]
kind: item
severity: low
shows: Whether a KMS key is set for each topic, AWS's own key for SNS included.
does_not_show: Whether its messages hold anything confidential.
remedy:
  console: SNS > Topics > the topic > Edit > Encryption. Let the services that publish to it use the key.
  cli: aws sns set-topic-attributes --topic-arn ARN --attribute-name KmsMasterKeyId --attribute-value KEY
  terraform: aws_sns_topic, argument kms_master_key_id.
cases:
  - name: a key is set
    aws_sns_topic: [{arn: alarms, kms_key: alias/customer-data}]
    expect: [{item: alarms, conclusion: CONFORMS, reason: encrypted with a KMS key, saw_key: alias/customer-data}]
  - name: no key
    aws_sns_topic: [{arn: alarms}]
    expect: [{item: alarms, conclusion: DEVIATES, reason: no KMS key is set}]
  - name: an empty key is none
    aws_sns_topic: [{arn: alarms, kms_key: ""}]
    expect: [{item: alarms, conclusion: DEVIATES}]
  - name: one topic could not be asked
    like: a key is set
    gaps: [{table: aws_sns_topic, key: alarms, columns: [kms_key], reason: denied}]
    expect: [{item: alarms, conclusion: UNKNOWN, reason: denied}]
  - name: topics could not be listed
    aws_sns_topic: []
    gaps: [{table: aws_sns_topic, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/sns/topics
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  topic.key as item,
  case when coalesce(topic.kms_key, '') <> '' then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when coalesce(topic.kms_key, '') <> '' then 'encrypted with a KMS key' else 'no KMS key is set' end as reason,
  topic.kms_key as saw_key
from aws_sns_topic as topic
