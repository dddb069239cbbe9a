/*
title: No customer-managed key awaits deletion
controls: [DAT-03]
tables: [aws_kms_key]
kind: item
severity: medium
shows: Whether a customer-managed key is scheduled for deletion, after which nothing that it encrypted can be read.
does_not_show: Whether the deletion was decided, and what it would make unreadable.
remedy:
  console: KMS > Customer managed keys > the key > Key actions > Cancel key deletion, unless the deletion was decided.
  cli: aws kms cancel-key-deletion --key-id KEY, then aws kms enable-key --key-id KEY
  terraform: Keep the aws_kms_key in the configuration; removing it schedules the deletion.
cases:
  - name: a key in use
    aws_kms_key: [{key_id: k-1, manager: CUSTOMER, state: Enabled}]
    expect: [{item: k-1, conclusion: CONFORMS, reason: does not await deletion}]
  - name: a disabled key
    like: a key in use
    change: {aws_kms_key: [{state: Disabled}]}
    expect: [{item: k-1, conclusion: CONFORMS}]
  - name: a key that awaits deletion
    like: a key in use
    change: {aws_kms_key: [{state: PendingDeletion, deletion: 2026-03-20T09:00:00Z}]}
    expect: [{item: k-1, conclusion: DEVIATES, reason: awaits deletion, saw_deletion: 2026-03-20T09:00:00Z}]
  - name: a primary key that awaits the deletion of its copies
    like: a key in use
    change: {aws_kms_key: [{state: PendingReplicaDeletion}]}
    expect: [{item: k-1, conclusion: DEVIATES}]
  - name: a key that AWS manages
    like: a key in use
    change: {aws_kms_key: [{manager: AWS}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: AWS manages it}]
  - name: the key could not be described
    aws_kms_key: [{key_id: k-1}]
    gaps: [{table: aws_kms_key, key: k-1, columns: [manager, state, deletion], reason: throttled}]
    expect: [{item: k-1, conclusion: UNKNOWN, reason: throttled}]
  - name: the keys could not be listed
    gaps: [{table: aws_kms_key, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, region: eu-west-1}]
  - name: through the collector
    recording: aws/kms/six-keys
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  vault_key.key as item,
  case
    when coalesce(vault_key.manager, '') = 'AWS' then 'NOT_APPLICABLE'
    when coalesce(vault_key.state, '') in ('PendingDeletion', 'PendingReplicaDeletion') then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when coalesce(vault_key.manager, '') = 'AWS' then 'AWS manages it'
    when coalesce(vault_key.state, '') in ('PendingDeletion', 'PendingReplicaDeletion') then 'awaits deletion'
    else 'does not await deletion'
  end as reason,
  vault_key.state as saw_state,
  vault_key.deletion as saw_deletion
from aws_kms_key as vault_key
