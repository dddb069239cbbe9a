/*
title: The root user has MFA, or has nothing to sign in with
controls: [IAM-04, IAM-05]
tables: [aws_iam_account_summary]
kind: item
severity: high
shows: Whether the root user of each account is protected by MFA, or has neither password nor access key.
does_not_show: Who holds the device, nor whether a second person can reach it.
remedy:
  console: Sign in as root > Security credentials > Multi-factor authentication > Assign MFA device. Keep the device where two named people can reach it.
  cli: The root user's own device is assigned in the console; aws iam get-account-summary shows the result.
  terraform: No resource assigns MFA to root. In an organization, remove the root credentials of member accounts with aws_iam_organizations_features.
cases:
  - name: root with MFA
    aws_iam_account_summary: [{key: root, root_mfa: true, root_access_keys: 0, root_password: true}]
    expect: [{item: root, conclusion: CONFORMS, reason: root has MFA}]
  - name: root that cannot sign in
    aws_iam_account_summary: [{key: root, root_mfa: false, root_access_keys: 0, root_password: false}]
    expect: [{item: root, conclusion: CONFORMS, reason: root has neither password nor access key}]
  - name: root with a password alone
    aws_iam_account_summary: [{key: root, root_mfa: false, root_access_keys: 0, root_password: true}]
    expect: [{item: root, conclusion: DEVIATES, reason: root has no MFA}]
  - name: root with an access key and no password
    like: root that cannot sign in
    change: {aws_iam_account_summary: [{root_access_keys: 1}]}
    expect: [{item: root, conclusion: DEVIATES, saw_access_keys: 1}]
  - name: an old account of which AWS does not say whether root has a password
    like: root that cannot sign in
    change: {aws_iam_account_summary: [{root_password: null}]}
    expect: [{item: root, conclusion: DEVIATES}]
  - name: the summary could not be read
    gaps: [{table: aws_iam_account_summary, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1}
*/
select
  summary.key as item,
  case
    when summary.root_mfa then 'CONFORMS'
    when not coalesce(summary.root_password, true) and summary.root_access_keys = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when summary.root_mfa then 'root has MFA'
    when not coalesce(summary.root_password, true) and summary.root_access_keys = 0 then 'root has neither password nor access key'
    else 'root has no MFA'
  end as reason,
  summary.root_mfa as saw_mfa,
  summary.root_password as saw_password,
  summary.root_access_keys as saw_access_keys
from aws_iam_account_summary as summary
