/*
title: No queue policy lets everyone in without a condition that limits who asks
controls: [IAM-06, NET-09]
tables: [aws_sqs_queue]
kind: item
severity: high
shows: Whether the policy of each queue allows any principal an action without a condition that limits who asks.
does_not_show: "Rights of principals in the account, and statements that deny part of what another allows."
remedy:
  console: SQS > Queues > the queue > Queue policies > Edit > name the principal, or add a condition on aws:SourceArn or aws:SourceAccount.
  cli: aws sqs set-queue-attributes --queue-url URL --attributes file://attributes.json, with a narrower Policy
  terraform: aws_sqs_queue_policy, with named principals or a condition in every statement.
cases:
  - name: no policy
    aws_sqs_queue: [{name: jobs, has_policy: false, policy_public_actions: []}]
    expect: [{item: jobs, conclusion: CONFORMS, reason: it has no policy}]
  - name: a policy with limits
    aws_sqs_queue: [{name: jobs, has_policy: true, policy_public_actions: []}]
    expect: [{item: jobs, conclusion: CONFORMS, reason: its policy lets nobody in without a limit}]
  - name: everyone may send
    aws_sqs_queue: [{name: jobs, has_policy: true, policy_public_actions: ["sqs:SendMessage"]}]
    expect: [{item: jobs, conclusion: DEVIATES, reason: its policy lets everyone in, saw_public_actions: ["sqs:SendMessage"]}]
  - name: everyone may do everything
    aws_sqs_queue: [{name: jobs, has_policy: true, policy_public_actions: ["SQS:*"]}]
    expect: [{item: jobs, conclusion: DEVIATES}]
  - name: a policy that cannot be read
    like: a policy with limits
    gaps: [{table: aws_sqs_queue, key: jobs, columns: [policy_public_actions], reason: malformed}]
    expect: [{item: jobs, conclusion: UNKNOWN, reason: malformed}]
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
  case when len(coalesce(queue.policy_public_actions, [])) > 0 then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case
    when len(coalesce(queue.policy_public_actions, [])) > 0 then 'its policy lets everyone in'
    when not coalesce(queue.has_policy, false) then 'it has no policy'
    else 'its policy lets nobody in without a limit'
  end as reason,
  queue.name as saw_name,
  queue.policy_public_actions as saw_public_actions
from aws_sqs_queue as queue
