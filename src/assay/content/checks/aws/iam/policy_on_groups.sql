/*
title: "No IAM user has a policy of its own: policies sit on groups and roles"
controls: [IAM-06]
tables: [aws_iam_principal, aws_iam_policy_attachment]
links: {aws_iam_policy_attachment: {parent: key}}
kind: item
severity: low
shows: How many policies each IAM user has attached or inline, beside those of the user's groups.
does_not_show: Whether the groups follow job roles.
remedy:
  console: IAM > Users > the user > Permissions > remove the policy, and add the user to a group that has it.
  cli: aws iam detach-user-policy --user-name USER --policy-arn ARN; aws iam delete-user-policy --user-name USER --policy-name NAME; aws iam add-user-to-group --user-name USER --group-name GROUP
  terraform: Replace aws_iam_user_policy_attachment and aws_iam_user_policy by aws_iam_group_policy_attachment and aws_iam_user_group_membership.
cases:
  - name: a user whose rights come from a group
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben, groups: [staff]}, {arn: staff-arn, kind: group, name: staff}, {arn: deploy-arn, kind: role, name: deploy}]
    aws_iam_policy_attachment:
      - {key: one, principal_arn: staff-arn, policy_name: ReadOnlyAccess, how: attached}
      - {key: two, principal_arn: deploy-arn, policy_name: deploy, how: inline}
    expect:
      - {item: ben-arn, conclusion: CONFORMS, reason: no policy of its own, saw_attached: 0, saw_inline: 0}
      - {item: staff-arn, conclusion: NOT_APPLICABLE, reason: not a user}
      - {item: deploy-arn, conclusion: NOT_APPLICABLE}
  - name: an attached and an inline policy
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben, groups: []}]
    aws_iam_policy_attachment:
      - {key: one, principal_arn: ben-arn, policy_name: ReadOnlyAccess, how: attached}
      - {key: two, principal_arn: ben-arn, policy_name: mine, how: inline}
    expect: [{item: ben-arn, conclusion: DEVIATES, reason: has policies of its own, saw_attached: 1, saw_inline: 1}]
  - name: a boundary is no grant
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben}]
    aws_iam_policy_attachment: [{key: one, principal_arn: ben-arn, policy_name: limit, how: boundary}]
    expect: [{item: ben-arn, conclusion: CONFORMS}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: denied}, {table: aws_iam_policy_attachment, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: attachments could not be read
    like: a boundary is no grant
    gaps: [{table: aws_iam_policy_attachment, reason: malformed}]
    expect: [{item: ben-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: the groups of a user are not needed
    like: a boundary is no grant
    gaps: [{table: aws_iam_principal, key: ben-arn, columns: [groups], reason: malformed}]
    expect: [{item: ben-arn, conclusion: CONFORMS}]
  - name: one attachment could not be read, and it is another's
    like: a boundary is no grant
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: staff-arn, reason: malformed}]
    expect: [{item: ben-arn, conclusion: CONFORMS}]
  - name: one attachment of its own could not be read
    like: a boundary is no grant
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: ben-arn, reason: malformed}]
    expect: [{item: ben-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 7}
*/
with own as (
  select
    held.principal_arn as principal_arn,
    held.account as account,
    count(*) filter (where held.how = 'attached') as attached,
    count(*) filter (where held.how = 'inline') as inlined
  from aws_iam_policy_attachment as held
  group by held.principal_arn, held.account
)
select
  principal.key as item,
  case
    when principal.kind <> 'user' then 'NOT_APPLICABLE'
    when coalesce(own.attached, 0) + coalesce(own.inlined, 0) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when principal.kind <> 'user' then 'not a user'
    when coalesce(own.attached, 0) + coalesce(own.inlined, 0) = 0 then 'no policy of its own'
    else 'has policies of its own'
  end as reason,
  principal.name as saw_name,
  coalesce(own.attached, 0) as saw_attached,
  coalesce(own.inlined, 0) as saw_inline
from aws_iam_principal as principal
left join own on own.principal_arn = principal.key and own.account = principal.account
