/*
title: The root user has MFA and none of it is a virtual device, or root has nothing to sign in with
controls: [IAM-05]
tables: [aws_iam_account_summary, aws_iam_mfa_device]
kind: item
severity: medium
shows: Whether the MFA of each account's root user is a hardware device or passkey rather than an app, or root has neither password nor access key.
does_not_show: "The model of the device: AWS lists the virtual ones only, so hardware is inferred."
remedy:
  console: Sign in as root > Security credentials > Multi-factor authentication > Assign MFA device > Passkey or security key, or Hardware TOTP token; then remove the virtual device.
  cli: The root user's own device is assigned in the console; aws iam list-virtual-mfa-devices --assignment-status Assigned shows a virtual one that is left.
  terraform: No resource assigns MFA to root. In an organization, remove the root credentials of member accounts with aws_iam_organizations_features.
cases:
  - name: root with MFA that is not virtual
    aws_iam_account_summary: [{key: root, root_mfa: true, root_access_keys: 0, root_password: true}]
    aws_iam_mfa_device: [{serial: "arn:aws:iam::111122223333:mfa/ben", user_name: ben, is_root: false}]
    expect: [{item: root, conclusion: CONFORMS, reason: root has MFA and no virtual device, saw_virtual_devices: 0}]
  - name: root with a virtual device
    like: root with MFA that is not virtual
    change: {aws_iam_mfa_device: [{is_root: true}]}
    expect: [{item: root, conclusion: DEVIATES, reason: root has a virtual MFA device, saw_virtual_devices: 1}]
  - name: the virtual device of another account's root
    like: root with a virtual device
    change: {aws_iam_mfa_device: [{account: "444455556666"}]}
    expect: [{item: root, conclusion: CONFORMS}]
  - name: root without MFA
    like: root with MFA that is not virtual
    change: {aws_iam_account_summary: [{root_mfa: false}]}
    expect: [{item: root, conclusion: DEVIATES, reason: root has no MFA}]
  - name: root that cannot sign in
    like: root without MFA
    change: {aws_iam_account_summary: [{root_password: false}]}
    expect: [{item: root, conclusion: CONFORMS, reason: root has neither password nor access key}]
  - name: an access key is enough to sign in
    like: root that cannot sign in
    change: {aws_iam_account_summary: [{root_access_keys: 1}]}
    expect: [{item: root, conclusion: DEVIATES}]
  - name: AWS does not say whether root has a password
    like: root without MFA
    change: {aws_iam_account_summary: [{root_password: null}]}
    expect: [{item: root, conclusion: DEVIATES}]
  - name: virtual devices could not be listed
    like: root with MFA that is not virtual
    gaps: [{table: aws_iam_mfa_device, reason: denied}]
    expect: [{item: root, conclusion: UNKNOWN, reason: denied}]
  - name: virtual devices of another account could not be listed
    like: root with MFA that is not virtual
    gaps: [{table: aws_iam_mfa_device, account: "444455556666", reason: denied}]
    expect: [{item: root, conclusion: CONFORMS}]
  - name: the summary could not be read
    gaps: [{table: aws_iam_account_summary, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, reason: throttled, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {DEVIATES: 1}
*/
with virtual as (
  select device.account as account, count(*) as devices
  from aws_iam_mfa_device as device
  where device.is_root
  group by device.account
)
select
  summary.key as item,
  case
    when summary.root_mfa and coalesce(virtual.devices, 0) = 0 then 'CONFORMS'
    when not summary.root_mfa and not coalesce(summary.root_password, true) and summary.root_access_keys = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when summary.root_mfa and coalesce(virtual.devices, 0) = 0 then 'root has MFA and no virtual device'
    when summary.root_mfa then 'root has a virtual MFA device'
    when not coalesce(summary.root_password, true) and summary.root_access_keys = 0 then 'root has neither password nor access key'
    else 'root has no MFA'
  end as reason,
  summary.root_mfa as saw_mfa,
  coalesce(virtual.devices, 0) as saw_virtual_devices,
  summary.root_password as saw_password,
  summary.root_access_keys as saw_access_keys
from aws_iam_account_summary as summary
left join virtual on virtual.account = summary.account
