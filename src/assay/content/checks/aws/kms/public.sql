/*
title: No key policy lets any principal use the key without a limiting condition
controls: [DAT-03, IAM-06]
tables: [aws_kms_key]
kind: item
severity: high
shows: Whether the policy of each customer-managed key allows everybody an action, with no condition on the account, organization, network or source that asks.
does_not_show: Grants, and who inside the account may use the key.
remedy:
  console: KMS > Customer managed keys > the key > Key policy > Edit > name the principals, or add a condition such as aws:PrincipalOrgID or kms:CallerAccount.
  cli: aws kms put-key-policy --key-id KEY --policy-name default --policy file://policy.json
  terraform: aws_kms_key_policy, argument policy, without a statement for every principal.
cases:
  - name: nobody from the public
    aws_kms_key: [{key_id: k-1, manager: CUSTOMER, state: Enabled, policy_public_actions: []}]
    expect: [{item: k-1, conclusion: CONFORMS, reason: the policy does not let everybody in}]
  - name: everybody may decrypt
    like: nobody from the public
    change: {aws_kms_key: [{policy_public_actions: ["kms:Decrypt"]}]}
    expect: [{item: k-1, conclusion: DEVIATES, reason: the policy lets everybody in, saw_public_actions: ["kms:Decrypt"]}]
  - name: a disabled key can be enabled again
    like: everybody may decrypt
    change: {aws_kms_key: [{state: Disabled}]}
    expect: [{item: k-1, conclusion: DEVIATES}]
  - name: a key that AWS manages, whose policy nobody can change
    like: nobody from the public
    change: {aws_kms_key: [{manager: AWS}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: AWS manages it}]
  - name: a key that awaits deletion cannot be used
    like: everybody may decrypt
    change: {aws_kms_key: [{state: PendingDeletion}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: awaits deletion and cannot be used}]
  - name: the policy could not be read
    like: nobody from the public
    change: {aws_kms_key: [{policy_public_actions: null}]}
    gaps: [{table: aws_kms_key, key: k-1, columns: [policy_public_actions, policy_accounts], reason: denied}]
    expect: [{item: k-1, conclusion: UNKNOWN, reason: denied}]
  - name: its rotation could not be read, which says nothing of the policy
    like: nobody from the public
    gaps: [{table: aws_kms_key, key: k-1, columns: [rotates, rotation_days], reason: denied}]
    expect: [{item: k-1, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/kms/six-keys
    expect: {CONFORMS: 3, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
select
  vault_key.key as item,
  case
    when coalesce(vault_key.manager, '') = 'AWS' then 'NOT_APPLICABLE'
    when coalesce(vault_key.state, '') in ('PendingDeletion', 'PendingReplicaDeletion') then 'NOT_APPLICABLE'
    when len(coalesce(vault_key.policy_public_actions, [])) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(vault_key.manager, '') = 'AWS' then 'AWS manages it'
    when coalesce(vault_key.state, '') in ('PendingDeletion', 'PendingReplicaDeletion') then 'awaits deletion and cannot be used'
    when len(coalesce(vault_key.policy_public_actions, [])) = 0 then 'the policy does not let everybody in'
    else 'the policy lets everybody in'
  end as reason,
  vault_key.state as saw_state,
  vault_key.policy_public_actions as saw_public_actions
from aws_kms_key as vault_key
