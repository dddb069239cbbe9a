/*
title: No IAM user holds AdministratorAccess, directly or by group
controls: [IAM-06]
tables: [aws_iam_principal, aws_iam_policy_attachment]
kind: item
severity: high
shows: Whether the AWS-managed policy AdministratorAccess is attached to each IAM user or to a group that the user is in.
does_not_show: Equal power by other policies.
remedy:
  console: IAM > Users > the user > Permissions > remove AdministratorAccess, or Groups > remove from the group; give a role that the person takes on through the identity provider.
  cli: aws iam detach-user-policy --user-name USER --policy-arn arn:aws:iam::aws:policy/AdministratorAccess; aws iam remove-user-from-group --group-name GROUP --user-name USER
  terraform: Remove aws_iam_user_policy_attachment of the policy, or the group from aws_iam_user_group_membership.
cases:
  - name: an administrator by group and one of their own
    aws_iam_principal:
      - {arn: ben-arn, kind: user, name: ben, groups: [staff, admins]}
      - {arn: ada-arn, kind: user, name: ada, groups: [staff]}
      - {arn: dev-arn, kind: user, name: dev, groups: []}
      - {arn: admins-arn, kind: group, name: admins}
    aws_iam_policy_attachment:
      - {key: one, principal_arn: admins-arn, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: attached}
      - {key: two, principal_arn: dev-arn, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: attached}
      - {key: three, principal_arn: ada-arn, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: boundary}
    expect:
      - {item: ben-arn, conclusion: DEVIATES, reason: AdministratorAccess by a group}
      - {item: ada-arn, conclusion: CONFORMS, reason: does not hold AdministratorAccess}
      - {item: dev-arn, conclusion: DEVIATES, reason: AdministratorAccess attached to the user}
      - {item: admins-arn, conclusion: NOT_APPLICABLE, reason: not a user}
  - name: a policy of the account's own with the same name
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben}]
    aws_iam_policy_attachment: [{key: one, principal_arn: ben-arn, policy_arn: "arn:aws:iam::111122223333:policy/AdministratorAccess", how: attached}]
    expect: [{item: ben-arn, conclusion: CONFORMS}]
  - name: another partition of AWS
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben}]
    aws_iam_policy_attachment: [{key: one, principal_arn: ben-arn, policy_arn: "arn:aws-us-gov:iam::aws:policy/AdministratorAccess", how: attached}]
    expect: [{item: ben-arn, conclusion: DEVIATES}]
  - name: a group of the same name in another account
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben, groups: [admins]}, {arn: admins-arn, account: "444455556666", kind: group, name: admins}]
    aws_iam_policy_attachment: [{key: one, account: "444455556666", principal_arn: admins-arn, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: attached}]
    expect: [{item: ben-arn, conclusion: CONFORMS}, {item: admins-arn, conclusion: NOT_APPLICABLE}]
  - name: the groups of a user cannot be read
    like: another partition of AWS
    gaps: [{table: aws_iam_principal, key: ben-arn, columns: [groups], reason: malformed}]
    expect: [{item: ben-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: attachments could not be read
    like: another partition of AWS
    gaps: [{table: aws_iam_policy_attachment, reason: denied}]
    expect: [{item: ben-arn, conclusion: UNKNOWN, reason: denied}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 2, DEVIATES: 1, NOT_APPLICABLE: 7}
*/
with administrators as (
  select held.account as account, held.principal_arn as principal_arn
  from aws_iam_policy_attachment as held
  where held.how = 'attached' and held.policy_arn like 'arn:aws%:iam::aws:policy/AdministratorAccess'
  group by held.account, held.principal_arn
),
administrator_groups as (
  select teams.account as account, array_agg(teams.name) as names
  from aws_iam_principal as teams
  join administrators on administrators.principal_arn = teams.key and administrators.account = teams.account
  where teams.kind = 'group'
  group by teams.account
)
select
  principal.key as item,
  case
    when principal.kind <> 'user' then 'NOT_APPLICABLE'
    when administrators.principal_arn is not null or coalesce(list_has_any(principal.groups, administrator_groups.names), false) then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when principal.kind <> 'user' then 'not a user'
    when administrators.principal_arn is not null then 'AdministratorAccess attached to the user'
    when coalesce(list_has_any(principal.groups, administrator_groups.names), false) then 'AdministratorAccess by a group'
    else 'does not hold AdministratorAccess'
  end as reason,
  principal.name as saw_name,
  principal.groups as saw_groups
from aws_iam_principal as principal
left join administrators on administrators.principal_arn = principal.key and administrators.account = principal.account
left join administrator_groups on administrator_groups.account = principal.account
