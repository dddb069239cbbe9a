/*
title: Every outside account that may take on a role with ReadOnlyAccess is approved
controls: [IAM-06]
tables: [aws_iam_principal, aws_iam_policy_attachment, aws_account]
parameters: [approved_account_ids]
links: {aws_iam_policy_attachment: {parent: key}}
kind: item
severity: medium
shows: Which accounts that are neither connected here nor in approved_account_ids each role with the AWS-managed policy ReadOnlyAccess trusts.
does_not_show: "What the outside party does with what it reads, nor equal access by other policies."
remedy:
  console: IAM > Roles > the role > Trust relationships > Edit trust policy > take the account out; or approve its number in approved_account_ids.
  cli: aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json
  terraform: aws_iam_role with an assume_role_policy that names approved accounts only.
cases:
  - name: an approved outside account
    parameters: {approved_account_ids: ["444455556666"]}
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_principal: [{arn: reader-arn, kind: role, name: reader, service_linked: false, open_trust: false, trusted_accounts: ["444455556666"]}]
    aws_iam_policy_attachment: [{key: one, principal_arn: reader-arn, policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess", how: attached}]
    expect: [{item: reader-arn, conclusion: CONFORMS, reason: trusts approved accounts only, saw_not_approved: []}]
  - name: one of two accounts is not approved
    like: an approved outside account
    change: {aws_iam_principal: [{trusted_accounts: ["444455556666", "777788889999"]}]}
    expect: [{item: reader-arn, conclusion: DEVIATES, reason: trusts an outside account that is not approved, saw_not_approved: ["777788889999"]}]
  - name: an account of the company that is connected as well
    like: an approved outside account
    parameters: {approved_account_ids: []}
    aws_account: [{key: account, id: "111122223333"}, {key: other, account: "444455556666", id: "444455556666"}]
    expect: [{item: reader-arn, conclusion: CONFORMS}]
  - name: nobody is approved
    like: an approved outside account
    parameters: {approved_account_ids: []}
    expect: [{item: reader-arn, conclusion: DEVIATES, saw_not_approved: ["444455556666"]}]
  - name: any principal is any account
    like: an approved outside account
    change: {aws_iam_principal: [{open_trust: true, trusted_accounts: []}]}
    expect: [{item: reader-arn, conclusion: DEVIATES, reason: any principal may take the role on}]
  - name: only principals of the account itself
    like: an approved outside account
    change: {aws_iam_principal: [{trusted_accounts: []}]}
    expect: [{item: reader-arn, conclusion: NOT_APPLICABLE, reason: trusts no other account}]
  - name: a role with another policy
    like: nobody is approved
    change: {aws_iam_policy_attachment: [{policy_arn: "arn:aws:iam::aws:policy/SecurityAudit"}]}
    expect: [{item: reader-arn, conclusion: NOT_APPLICABLE, reason: does not hold ReadOnlyAccess}]
  - name: a user cannot be taken on
    like: nobody is approved
    change: {aws_iam_principal: [{kind: user}]}
    expect: [{item: reader-arn, conclusion: NOT_APPLICABLE, reason: not a role}]
  - name: the trust policy cannot be read
    like: an approved outside account
    gaps: [{table: aws_iam_principal, key: reader-arn, columns: [open_trust, trusted_accounts, trusted_services], reason: malformed}]
    expect: [{item: reader-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: attachments could not be read
    like: an approved outside account
    gaps: [{table: aws_iam_policy_attachment, reason: denied}]
    expect: [{item: reader-arn, conclusion: UNKNOWN, reason: denied}]
  - name: the organization of the account is not needed
    like: an approved outside account
    gaps: [{table: aws_account, key: account, columns: [organization_id], reason: denied}]
    expect: [{item: reader-arn, conclusion: CONFORMS}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_principal, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: one attachment could not be read, and it is another's
    like: an approved outside account
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: ben-arn, reason: malformed}]
    expect: [{item: reader-arn, conclusion: CONFORMS}]
  - name: one attachment of its own could not be read
    like: an approved outside account
    gaps: [{table: aws_iam_policy_attachment, key: 'nine', parent: reader-arn, reason: malformed}]
    expect: [{item: reader-arn, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {approved_account_ids: []}
    expect: {DEVIATES: 1, NOT_APPLICABLE: 9}
*/
with ours as (
  select array_agg(connected.id) as ids
  from aws_account as connected
),
readers as (
  select held.account as account, held.principal_arn as principal_arn
  from aws_iam_policy_attachment as held
  where held.how = 'attached' and held.policy_arn like 'arn:aws%:iam::aws:policy/ReadOnlyAccess'
  group by held.account, held.principal_arn
),
judged as (
  select
    principal.key as key,
    principal.kind as kind,
    principal.name as name,
    readers.principal_arn is not null as reads_all,
    coalesce(principal.open_trust, false) as open_trust,
    coalesce(len(principal.trusted_accounts), 0) as trusted,
    without(without(principal.trusted_accounts, ours.ids), $approved_account_ids) as not_approved
  from aws_iam_principal as principal
  cross join ours
  left join readers on readers.principal_arn = principal.key and readers.account = principal.account
)
select
  judged.key as item,
  case
    when judged.kind <> 'role' or not judged.reads_all then 'NOT_APPLICABLE'
    when judged.open_trust or coalesce(len(judged.not_approved), 0) > 0 then 'DEVIATES'
    when judged.trusted = 0 then 'NOT_APPLICABLE'
    else 'CONFORMS'
  end as conclusion,
  case
    when judged.kind <> 'role' then 'not a role'
    when not judged.reads_all then 'does not hold ReadOnlyAccess'
    when judged.open_trust then 'any principal may take the role on'
    when coalesce(len(judged.not_approved), 0) > 0 then 'trusts an outside account that is not approved'
    when judged.trusted = 0 then 'trusts no other account'
    else 'trusts approved accounts only'
  end as reason,
  judged.name as saw_name,
  judged.not_approved as saw_not_approved
from judged
