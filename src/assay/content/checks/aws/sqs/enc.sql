/*
title: SQS queues are encrypted
controls: [DAT-01]
tables: [aws_sqs_queue]
kind: item
severity: low
shows: Whether each queue encrypts its messages, with a KMS key or a key of SQS.
does_not_show: Who may use the key.
remedy:
  console: SQS > Queues > the queue > Edit > Encryption > Enabled.
  cli: aws sqs set-queue-attributes --queue-url URL --attributes SqsManagedSseEnabled=true
  terraform: aws_sqs_queue, argument sqs_managed_sse_enabled = true or kms_master_key_id.
cases:
  - name: a key of SQS
    aws_sqs_queue: [{name: jobs, sqs_managed_encryption: true}]
    expect: [{item: jobs, conclusion: CONFORMS, reason: encrypted with a key of SQS}]
  - name: a KMS key
    aws_sqs_queue: [{name: jobs, sqs_managed_encryption: false, kms_key: alias/customer-data}]
    expect: [{item: jobs, conclusion: CONFORMS, reason: encrypted with a KMS key, saw_key: alias/customer-data}]
  - name: neither
    aws_sqs_queue: [{name: jobs, sqs_managed_encryption: false}]
    expect: [{item: jobs, conclusion: DEVIATES, reason: not encrypted}]
  - name: one queue could not be asked
    like: a KMS key
    gaps: [{table: aws_sqs_queue, key: jobs, columns: [kms_key, sqs_managed_encryption], reason: denied}]
    expect: [{item: jobs, conclusion: UNKNOWN, reason: denied}]
  - name: queues could not be listed
    aws_sqs_queue: []
    gaps: [{table: aws_sqs_queue, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/sqs/queues
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  queue.key as item,
  case
    when coalesce(queue.kms_key, '') <> '' or coalesce(queue.sqs_managed_encryption, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(queue.kms_key, '') <> '' then 'encrypted with a KMS key'
    when coalesce(queue.sqs_managed_encryption, false) then 'encrypted with a key of SQS'
    else 'not encrypted'
  end as reason,
  queue.name as saw_name,
  queue.kms_key as saw_key
from aws_sqs_queue as queue
