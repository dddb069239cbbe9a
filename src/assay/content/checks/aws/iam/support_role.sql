/*
title: A role, or a group with members, has AWSSupportAccess to open cases with AWS Support
controls: [INC-01]
tables: [aws_account, aws_iam_principal, aws_iam_policy_attachment]
kind: item
severity: low
shows: Whether the AWS-managed policy AWSSupportAccess is attached to a role, or to a group that some user is in, in each account.
does_not_show: That responders know of it, nor the support plan.
remedy:
  console: IAM > Roles > Create role > trust the responders > attach AWSSupportAccess.
  cli: aws iam attach-role-policy --role-name ROLE --policy-arn arn:aws:iam::aws:policy/AWSSupportAccess
  terraform: aws_iam_role with aws_iam_role_policy_attachment of arn:aws:iam::aws:policy/AWSSupportAccess.
cases:
  - name: a role for support
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_principal: [{arn: support-arn, kind: role, name: support}]
    aws_iam_policy_attachment: [{key: one, principal_arn: support-arn, policy_arn: "arn:aws:iam::aws:policy/AWSSupportAccess", how: attached}]
    expect: [{item: account, conclusion: CONFORMS, reason: a role or group can open cases, saw_roles: 1, saw_groups: 0}]
  - name: a group with a member
    like: a role for support
    aws_iam_principal: [{arn: support-arn, kind: group, name: responders}, {arn: ben-arn, kind: user, name: ben, groups: [staff, responders]}]
    expect: [{item: account, conclusion: CONFORMS, saw_roles: 0, saw_groups: 1}]
  - name: a group without members
    like: a group with a member
    change: {aws_iam_principal: [{}, {groups: [staff]}]}
    expect: [{item: account, conclusion: DEVIATES, reason: no role or group with members can open cases}]
  - name: a user alone is no role
    like: a role for support
    aws_iam_principal: [{arn: support-arn, kind: user, name: ben}]
    expect: [{item: account, conclusion: DEVIATES}]
  - name: as a boundary it gives no rights
    like: a role for support
    change: {aws_iam_policy_attachment: [{how: boundary}]}
    expect: [{item: account, conclusion: DEVIATES, saw_roles: 0}]
  - name: the role of AWS itself for support is another one
    like: a role for support
    change: {aws_iam_policy_attachment: [{policy_arn: "arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: another account's role
    like: a role for support
    change: {aws_iam_principal: [{account: "444455556666"}], aws_iam_policy_attachment: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: attachments could not be read
    like: a role for support
    gaps: [{table: aws_iam_policy_attachment, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: principals could not be read
    like: a role for support
    gaps: [{table: aws_iam_principal, reason: throttled}]
    expect: [{item: account, conclusion: UNKNOWN, reason: throttled}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1}
*/
with able as (
  select
    principal.account as account,
    count(*) filter (where principal.kind = 'role') as roles,
    count(*) filter (where principal.kind = 'group' and exists (
      select 1 as found
      from aws_iam_principal as member
      where member.account = principal.account and member.kind = 'user' and list_contains(member.groups, principal.name)
    )) as filled_groups
  from aws_iam_principal as principal
  join aws_iam_policy_attachment as held on held.principal_arn = principal.key and held.account = principal.account
  where held.how = 'attached' and held.policy_arn like 'arn:aws%:iam::aws:policy/AWSSupportAccess'
  group by principal.account
)
select
  account.key as item,
  case when coalesce(able.roles, 0) + coalesce(able.filled_groups, 0) > 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(able.roles, 0) + coalesce(able.filled_groups, 0) > 0 then 'a role or group can open cases'
    else 'no role or group with members can open cases'
  end as reason,
  account.id as saw_account,
  coalesce(able.roles, 0) as saw_roles,
  coalesce(able.filled_groups, 0) as saw_groups
from aws_account as account
left join able on able.account = account.account
