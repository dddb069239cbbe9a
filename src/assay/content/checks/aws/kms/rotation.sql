/*
title: Customer-managed symmetric keys rotate at least as often as the company says
controls: [DAT-03]
tables: [aws_kms_key]
parameters: [kms_rotation_max_days]
kind: item
severity: medium
shows: Whether each key that can rotate by itself does so, and after how many days at most.
does_not_show: Imported and asymmetric keys, which are replaced by hand, and keys of CloudHSM and external key stores.
remedy:
  console: KMS > Customer managed keys > the key > Key rotation > Edit > Automatically rotate this KMS key, with a period in days.
  cli: aws kms enable-key-rotation --key-id KEY --rotation-period-in-days DAYS
  terraform: aws_kms_key, arguments enable_key_rotation = true and rotation_period_in_days.
cases:
  - name: rotates on the last day allowed
    parameters: {kms_rotation_max_days: 365}
    aws_kms_key: [{key_id: k-1, manager: CUSTOMER, state: Enabled, spec: SYMMETRIC_DEFAULT, origin: AWS_KMS, rotatable: true, rotates: true, rotation_days: 365}]
    expect: [{item: k-1, conclusion: CONFORMS, reason: rotates often enough, saw_rotation_days: 365}]
  - name: rotates a day too late
    like: rotates on the last day allowed
    change: {aws_kms_key: [{rotation_days: 366}]}
    expect: [{item: k-1, conclusion: DEVIATES, reason: rotates less often than the company says}]
  - name: rotates, and AWS does not say how often, which is once a year
    like: rotates on the last day allowed
    change: {aws_kms_key: [{rotation_days: null}]}
    expect: [{item: k-1, conclusion: CONFORMS, saw_rotation_days: 365}]
  - name: once a year is too seldom for this company
    like: rotates, and AWS does not say how often, which is once a year
    parameters: {kms_rotation_max_days: 180}
    expect: [{item: k-1, conclusion: DEVIATES}]
  - name: does not rotate
    like: rotates on the last day allowed
    change: {aws_kms_key: [{rotates: false, rotation_days: null}]}
    expect: [{item: k-1, conclusion: DEVIATES, reason: does not rotate by itself}]
  - name: a disabled key can be enabled again
    like: does not rotate
    change: {aws_kms_key: [{state: Disabled}]}
    expect: [{item: k-1, conclusion: DEVIATES}]
  - name: a key that AWS manages
    like: does not rotate
    change: {aws_kms_key: [{manager: AWS, rotatable: false, rotates: null}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: AWS manages it}]
  - name: a key that signs
    like: a key that AWS manages
    change: {aws_kms_key: [{manager: CUSTOMER, spec: RSA_2048}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: not a symmetric encryption key}]
  - name: an imported key
    like: a key that AWS manages
    change: {aws_kms_key: [{manager: CUSTOMER, origin: EXTERNAL}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: AWS did not make its material}]
  - name: a key that awaits deletion
    like: a key that AWS manages
    change: {aws_kms_key: [{manager: CUSTOMER, state: PendingDeletion}]}
    expect: [{item: k-1, conclusion: NOT_APPLICABLE, reason: awaits deletion}]
  - name: its rotation could not be read
    like: does not rotate
    change: {aws_kms_key: [{rotates: null}]}
    gaps: [{table: aws_kms_key, key: k-1, columns: [rotates, rotation_days], reason: denied}]
    expect: [{item: k-1, conclusion: UNKNOWN, reason: denied}]
  - name: the key itself could not be described
    aws_kms_key: [{key_id: k-1}]
    gaps: [{table: aws_kms_key, key: k-1, columns: [manager, state, spec, origin, rotatable], reason: denied}]
    expect: [{item: k-1, conclusion: UNKNOWN, reason: denied}]
  - name: the keys of another region could not be listed
    like: rotates on the last day allowed
    gaps: [{table: aws_kms_key, region: us-east-1, reason: denied}]
    expect: [{item: k-1, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1}]
  - name: through the collector
    recording: aws/kms/six-keys
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 3}
*/
select
  vault_key.key as item,
  case
    when not coalesce(vault_key.rotatable, false) then 'NOT_APPLICABLE'
    when coalesce(vault_key.rotates, false) and coalesce(vault_key.rotation_days, 365) <= $kms_rotation_max_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(vault_key.manager, '') = 'AWS' then 'AWS manages it'
    when coalesce(vault_key.spec, '') <> 'SYMMETRIC_DEFAULT' then 'not a symmetric encryption key'
    when coalesce(vault_key.origin, '') <> 'AWS_KMS' then 'AWS did not make its material'
    when not coalesce(vault_key.rotatable, false) then 'awaits deletion'
    when not coalesce(vault_key.rotates, false) then 'does not rotate by itself'
    when coalesce(vault_key.rotation_days, 365) <= $kms_rotation_max_days then 'rotates often enough'
    else 'rotates less often than the company says'
  end as reason,
  vault_key.state as saw_state,
  vault_key.rotates as saw_rotates,
  case when vault_key.rotates then coalesce(vault_key.rotation_days, 365) end as saw_rotation_days
from aws_kms_key as vault_key
