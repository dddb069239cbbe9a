/*
title: No IAM role can be taken on by any principal without a condition that limits who asks
controls: [IAM-06]
tables: [aws_iam_principal]
kind: item
severity: high
shows: Whether the trust policy of each role lets every principal in, with no condition on account, organization, source or external id.
does_not_show: Whether a condition that is there is tight enough.
remedy:
  console: IAM > Roles > the role > Trust relationships > Edit trust policy > name the principals, or add a condition on aws:PrincipalOrgID.
  cli: aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json
  terraform: aws_iam_role with an assume_role_policy that names its principals.
cases:
  - name: a role for named principals
    aws_iam_principal: [{arn: deploy-arn, kind: role, name: deploy, service_linked: false, open_trust: false, trusted_accounts: ["444455556666"]}]
    expect: [{item: deploy-arn, conclusion: CONFORMS, reason: trusts named principals only}]
  - name: a role for anybody
    like: a role for named principals
    change: {aws_iam_principal: [{open_trust: true}]}
    expect: [{item: deploy-arn, conclusion: DEVIATES, reason: any principal may take the role on, saw_name: deploy}]
  - name: a role that AWS made for a service of its own
    like: a role for named principals
    change: {aws_iam_principal: [{service_linked: true}]}
    expect: [{item: deploy-arn, conclusion: NOT_APPLICABLE, reason: AWS manages this role for a service}]
  - name: users and groups are not taken on
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben}, {arn: admins-arn, kind: group, name: admins}]
    expect: [{item: ben-arn, conclusion: NOT_APPLICABLE, reason: not a role}, {item: admins-arn, conclusion: NOT_APPLICABLE}]
  - name: the trust policy of one role cannot be read
    aws_iam_principal: [{arn: deploy-arn, kind: role, name: deploy}, {arn: build-arn, kind: role, name: build, open_trust: false}]
    gaps: [{table: aws_iam_principal, key: deploy-arn, columns: [open_trust, trusted_accounts, trusted_services], reason: malformed}]
    expect: [{item: deploy-arn, conclusion: UNKNOWN, reason: malformed}, {item: build-arn, conclusion: CONFORMS}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 3, DEVIATES: 1, NOT_APPLICABLE: 6}
*/
select
  principal.key as item,
  case
    when principal.kind <> 'role' or coalesce(principal.service_linked, false) then 'NOT_APPLICABLE'
    when principal.open_trust then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when principal.kind <> 'role' then 'not a role'
    when coalesce(principal.service_linked, false) then 'AWS manages this role for a service'
    when principal.open_trust then 'any principal may take the role on'
    else 'trusts named principals only'
  end as reason,
  principal.name as saw_name,
  principal.trusted_accounts as saw_trusted_accounts,
  principal.trusted_services as saw_trusted_services
from aws_iam_principal as principal
