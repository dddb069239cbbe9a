/*
title: Every IAM user who holds full administration, by an own policy or a group's, has MFA
controls: [IAM-04, IAM-06]
tables: [aws_iam_principal, aws_iam_policy_attachment, aws_iam_policy, aws_iam_credential_report]
links: {aws_iam_credential_report: arn}
kind: item
severity: high
shows: Whether each IAM user whom a policy allows every action on every resource, directly or through a group, has MFA.
does_not_show: Administrators who come through a federated role, and rights that add up to administration without saying so.
remedy:
  console: IAM > Users > the user > Security credentials > Assign MFA device; or take the user out of the group that gives administration.
  cli: aws iam enable-mfa-device --user-name USER --serial-number SERIAL --authentication-code1 CODE --authentication-code2 CODE
  terraform: Remove the user from aws_iam_user_group_membership or remove aws_iam_user_policy_attachment; let administrators sign in through the identity provider.
cases:
  - name: an administrator by group, with MFA
    aws_iam_principal:
      - {arn: ben-arn, kind: user, name: ben, groups: [admins]}
      - {arn: admins-arn, kind: group, name: admins}
    aws_iam_policy_attachment: [{key: one, principal_arn: admins-arn, principal_kind: group, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: attached}]
    aws_iam_policy: [{arn: "arn:aws:iam::aws:policy/AdministratorAccess", allows_everything: true}]
    aws_iam_credential_report: [{key: ben-arn, user: ben, arn: ben-arn, is_root: false, has_password: true, mfa: true, key_1_active: false, key_2_active: false}]
    expect:
      - {item: ben-arn, conclusion: CONFORMS, reason: an administrator with MFA}
      - {item: admins-arn, conclusion: NOT_APPLICABLE, reason: not a user}
  - name: an administrator by group, without MFA
    like: an administrator by group, with MFA
    change: {aws_iam_credential_report: [{mfa: false}]}
    expect:
      - {item: ben-arn, conclusion: DEVIATES, reason: an administrator without MFA, saw_password: true}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: an administrator by an inline policy of their own
    like: an administrator by group, without MFA
    aws_iam_policy_attachment: [{key: two, principal_arn: ben-arn, principal_kind: user, policy_arn: "ben-arn#all", how: inline}]
    aws_iam_policy: [{arn: "ben-arn#all", allows_everything: true}]
    expect:
      - {item: ben-arn, conclusion: DEVIATES}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: a boundary that allows everything gives no rights
    like: an administrator by group, without MFA
    aws_iam_policy_attachment: [{key: three, principal_arn: ben-arn, principal_kind: user, policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: boundary}]
    expect:
      - {item: ben-arn, conclusion: NOT_APPLICABLE, reason: no policy that allows everything}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: a group of the same name in another account
    like: an administrator by group, without MFA
    change:
      aws_iam_principal: [{}, {account: "444455556666"}]
      aws_iam_policy_attachment: [{account: "444455556666"}]
      aws_iam_policy: [{account: "444455556666"}]
    expect:
      - {item: ben-arn, conclusion: NOT_APPLICABLE}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: an administrator who has nothing to sign in with
    like: an administrator by group, without MFA
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect:
      - {item: ben-arn, conclusion: NOT_APPLICABLE, reason: has neither password nor active access key}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: an administrator with an access key alone
    like: an administrator who has nothing to sign in with
    change: {aws_iam_credential_report: [{key_2_active: true}]}
    expect:
      - {item: ben-arn, conclusion: DEVIATES}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: a user made after the report
    like: an administrator by group, with MFA
    aws_iam_credential_report: []
    expect:
      - {item: ben-arn, conclusion: UNKNOWN, reason: the credential report has no line for this user yet}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: the report could not be made
    like: an administrator by group, with MFA
    gaps: [{table: aws_iam_credential_report, reason: denied}]
    expect:
      - {item: ben-arn, conclusion: UNKNOWN, reason: denied}
      - {item: admins-arn, conclusion: UNKNOWN, reason: denied}
  - name: the line of one user cannot be read
    like: an administrator by group, with MFA
    gaps: [{table: aws_iam_credential_report, key: ben-arn, columns: [mfa], reason: malformed}]
    expect:
      - {item: ben-arn, conclusion: UNKNOWN, reason: malformed}
      - {item: admins-arn, conclusion: NOT_APPLICABLE}
  - name: the text of a policy cannot be read
    like: an administrator by group, with MFA
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::aws:policy/AdministratorAccess", columns: [allows_everything], reason: malformed}]
    expect:
      - {item: ben-arn, conclusion: UNKNOWN, reason: malformed}
      - {item: admins-arn, conclusion: UNKNOWN}
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 8}
*/
with powerful as (
  select held.account as account, held.principal_arn as principal_arn
  from aws_iam_policy_attachment as held
  join aws_iam_policy as policy on policy.key = held.policy_arn and policy.account = held.account
  where held.how <> 'boundary' and policy.allows_everything
  group by held.account, held.principal_arn
),
powerful_groups as (
  select teams.account as account, array_agg(teams.name) as names
  from aws_iam_principal as teams
  join powerful on powerful.principal_arn = teams.key and powerful.account = teams.account
  where teams.kind = 'group'
  group by teams.account
)
select
  principal.key as item,
  case
    when principal.kind <> 'user' then 'NOT_APPLICABLE'
    when powerful.principal_arn is null and not coalesce(list_has_any(principal.groups, powerful_groups.names), false) then 'NOT_APPLICABLE'
    when report.key is null then 'UNKNOWN'
    when report.mfa then 'CONFORMS'
    when not coalesce(report.has_password, false) and not report.key_1_active and not report.key_2_active then 'NOT_APPLICABLE'
    else 'DEVIATES'
  end as conclusion,
  case
    when principal.kind <> 'user' then 'not a user'
    when powerful.principal_arn is null and not coalesce(list_has_any(principal.groups, powerful_groups.names), false) then 'no policy that allows everything'
    when report.key is null then 'the credential report has no line for this user yet'
    when report.mfa then 'an administrator with MFA'
    when not coalesce(report.has_password, false) and not report.key_1_active and not report.key_2_active then 'has neither password nor active access key'
    else 'an administrator without MFA'
  end as reason,
  principal.name as saw_name,
  powerful.principal_arn is not null as saw_own_policy,
  report.has_password as saw_password,
  report.mfa as saw_mfa
from aws_iam_principal as principal
left join powerful on powerful.principal_arn = principal.key and powerful.account = principal.account
left join powerful_groups on powerful_groups.account = principal.account
left join aws_iam_credential_report as report on report.key = principal.key and report.account = principal.account
