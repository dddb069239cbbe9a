/*
title: AWS-managed policies that allow everything are attached to approved principals only
controls: [IAM-06]
tables: [aws_iam_policy_attachment, aws_iam_policy]
links: {aws_iam_policy: {key: policy_arn, within: place}}
parameters: [approved_admin_principals]
kind: item
severity: high
shows: Whether each user, group or role with an AWS-managed policy that allows every action on every resource is on the list of approved administrators.
does_not_show: That the approval was given before the grant.
remedy:
  console: IAM > Policies > AdministratorAccess > Entities attached > Detach; or approve the principal by its ARN pattern in approved_admin_principals.
  cli: aws iam detach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/AdministratorAccess, or detach-user-policy, detach-group-policy
  terraform: Remove aws_iam_role_policy_attachment, aws_iam_user_policy_attachment or aws_iam_group_policy_attachment of the policy.
cases:
  - name: an approved role
    parameters: {approved_admin_principals: ["arn:aws:iam::*:role/admin-*"]}
    aws_iam_policy_attachment: [{key: one, principal_arn: "arn:aws:iam::111122223333:role/admin-break-glass", principal_kind: role, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", policy_name: AdministratorAccess, how: attached}]
    aws_iam_policy: [{arn: "arn:aws:iam::aws:policy/AdministratorAccess", kind: aws, allows_everything: true}]
    expect: [{item: one, conclusion: CONFORMS, reason: an approved administrator}]
  - name: a role that nobody approved
    like: an approved role
    change: {aws_iam_policy_attachment: [{principal_arn: "arn:aws:iam::111122223333:role/deploy"}]}
    expect: [{item: one, conclusion: DEVIATES, reason: not an approved administrator, saw_principal: "arn:aws:iam::111122223333:role/deploy"}]
  - name: nobody is approved
    like: an approved role
    parameters: {approved_admin_principals: []}
    expect: [{item: one, conclusion: DEVIATES}]
  - name: as a boundary it gives no rights
    like: a role that nobody approved
    change: {aws_iam_policy_attachment: [{how: boundary}]}
    expect: [{item: one, conclusion: NOT_APPLICABLE, reason: a boundary gives no rights}]
  - name: a policy of the account's own
    like: a role that nobody approved
    change: {aws_iam_policy: [{kind: customer}]}
    expect: [{item: one, conclusion: NOT_APPLICABLE, reason: not a policy that AWS manages}]
  - name: a policy that allows less
    like: a role that nobody approved
    change: {aws_iam_policy: [{allows_everything: false}]}
    expect: [{item: one, conclusion: NOT_APPLICABLE, reason: the policy does not allow everything}]
  - name: the same policy as another account sees it
    like: a role that nobody approved
    aws_iam_policy:
      - {arn: "arn:aws:iam::aws:policy/AdministratorAccess", kind: aws, allows_everything: true}
      - {arn: "arn:aws:iam::aws:policy/AdministratorAccess", account: "444455556666", kind: aws, allows_everything: true}
    expect: [{item: one, conclusion: DEVIATES}]
  - name: AWS did not give the policy itself
    like: a role that nobody approved
    aws_iam_policy: []
    expect: [{item: one, conclusion: UNKNOWN, reason: AWS did not give the text of the policy}]
  - name: the text of the policy cannot be read
    like: an approved role
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::aws:policy/AdministratorAccess", columns: [allows_everything], reason: malformed}]
    expect: [{item: one, conclusion: UNKNOWN, reason: malformed}]
  - name: the text of another policy cannot be read
    like: an approved role
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::111122223333:policy/own", columns: [allows_everything], reason: malformed}]
    expect: [{item: one, conclusion: CONFORMS}]
  - name: the same policy as another account sees it could not be read
    like: the same policy as another account sees it
    gaps: [{table: aws_iam_policy, account: "444455556666", reason: denied}]
    expect: [{item: one, conclusion: DEVIATES}]
  - name: IAM could not be read
    parameters: {approved_admin_principals: []}
    gaps: [{table: aws_iam_policy_attachment, reason: denied}, {table: aws_iam_policy, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {approved_admin_principals: ["arn:aws:iam::*:role/admin-*"]}
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 8}
*/
select
  held.key as item,
  case
    when held.how = 'boundary' then 'NOT_APPLICABLE'
    when policy.key is null then 'UNKNOWN'
    when policy.kind <> 'aws' or not policy.allows_everything then 'NOT_APPLICABLE'
    when matches_any(held.principal_arn, $approved_admin_principals) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when held.how = 'boundary' then 'a boundary gives no rights'
    when policy.key is null then 'AWS did not give the text of the policy'
    when policy.kind <> 'aws' then 'not a policy that AWS manages'
    when not policy.allows_everything then 'the policy does not allow everything'
    when matches_any(held.principal_arn, $approved_admin_principals) then 'an approved administrator'
    else 'not an approved administrator'
  end as reason,
  held.principal_arn as saw_principal,
  held.policy_name as saw_policy
from aws_iam_policy_attachment as held
left join aws_iam_policy as policy on policy.key = held.policy_arn and policy.account = held.account
