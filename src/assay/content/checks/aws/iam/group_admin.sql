/*
title: Every IAM group with AdministratorAccess is an approved administrator group
controls: [IAM-06]
tables: [aws_iam_principal, aws_iam_policy_attachment]
parameters: [approved_admin_principals]
links: {aws_iam_policy_attachment: {parent: key}}
kind: item
severity: medium
shows: Whether each group that the AWS-managed policy AdministratorAccess is attached to matches a pattern of approved_admin_principals.
does_not_show: "Whether each member needs it, which is for the access review."
remedy:
  console: IAM > User groups > the group > Permissions > remove AdministratorAccess; or approve the group by its ARN pattern.
  cli: aws iam detach-group-policy --group-name GROUP --policy-arn arn:aws:iam::aws:policy/AdministratorAccess
  terraform: Remove aws_iam_group_policy_attachment of the policy.
cases:
  - name: an approved group
    parameters: {approved_admin_principals: ["arn:aws:iam::*:group/plat*"]}
    aws_iam_principal: [{arn: "arn:aws:iam::111122223333:group/platform", kind: group, name: platform, service_linked: false}]
    aws_iam_policy_attachment: [{key: one, principal_arn: "arn:aws:iam::111122223333:group/platform", policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess", how: attached}]
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: CONFORMS, reason: an approved administrator group, saw_name: platform}]
  - name: a group that nobody approved
    like: an approved group
    parameters: {approved_admin_principals: ["arn:aws:iam::*:group/other"]}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: DEVIATES, reason: has AdministratorAccess and is not approved}]
  - name: an empty list approves nobody
    like: an approved group
    parameters: {approved_admin_principals: []}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: DEVIATES}]
  - name: another partition of AWS
    like: an empty list approves nobody
    change: {aws_iam_policy_attachment: [{policy_arn: "arn:aws-cn:iam::aws:policy/AdministratorAccess"}]}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: DEVIATES}]
  - name: a group without the policy
    like: an empty list approves nobody
    change: {aws_iam_policy_attachment: [{policy_arn: "arn:aws:iam::111122223333:policy/AdministratorAccess"}]}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: NOT_APPLICABLE, reason: does not hold AdministratorAccess}]
  - name: the attachment of another account
    like: an empty list approves nobody
    change: {aws_iam_policy_attachment: [{account: "444455556666"}]}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: NOT_APPLICABLE}]
  - name: a principal of another kind
    like: an empty list approves nobody
    change: {aws_iam_principal: [{kind: user}]}
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: NOT_APPLICABLE, reason: not a group}]
  - name: attachments could not be read
    like: an approved group
    gaps: [{table: aws_iam_policy_attachment, reason: denied}]
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: UNKNOWN, reason: denied}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, reason: throttled, account: "111122223333"}]
  - name: one attachment could not be read, and it is another's
    like: an approved group
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: another-arn, reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: CONFORMS}]
  - name: one attachment of its own could not be read
    like: an approved group
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: "arn:aws:iam::111122223333:group/platform", reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:group/platform", conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {approved_admin_principals: ["arn:aws:iam::*:role/admin-*"]}
    expect: {DEVIATES: 1, NOT_APPLICABLE: 9}
*/
with administrators as (
  select held.account as account, held.principal_arn as principal_arn
  from aws_iam_policy_attachment as held
  where held.how = 'attached' and held.policy_arn like 'arn:aws%:iam::aws:policy/AdministratorAccess'
  group by held.account, held.principal_arn
)
select
  principal.key as item,
  case
    when principal.kind <> 'group' or administrators.principal_arn is null then 'NOT_APPLICABLE'
    when matches_any(principal.arn, $approved_admin_principals) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when principal.kind <> 'group' then 'not a group'
    when administrators.principal_arn is null then 'does not hold AdministratorAccess'
    when matches_any(principal.arn, $approved_admin_principals) then 'an approved administrator group'
    else 'has AdministratorAccess and is not approved'
  end as reason,
  principal.name as saw_name
from aws_iam_principal as principal
left join administrators on administrators.principal_arn = principal.key and administrators.account = principal.account
