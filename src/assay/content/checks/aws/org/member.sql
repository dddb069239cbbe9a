/*
title: The account belongs to the organization that the scope names
controls: [PHY-03]
tables: [aws_account]
parameters: [organization_id]
kind: item
severity: low
shows: Which AWS organization each connected account belongs to, held to organization_id.
does_not_show: Which service control policies bind it.
remedy:
  console: In the management account, AWS Organizations > Add an AWS account > Invite; accept in the account's own AWS Organizations > Invitations. If the account is rightly elsewhere, take it out of scope.
  cli: aws organizations invite-account-to-organization --target Id=ACCOUNT,Type=ACCOUNT; in the account aws organizations accept-handshake --handshake-id ID
  terraform: aws_organizations_account makes or imports the account in the organization.
cases:
  - name: a member
    parameters: {organization_id: o-exampleorgid}
    aws_account: [{key: account, id: "111122223333", organization_id: o-exampleorgid}]
    expect: [{item: account, conclusion: CONFORMS, reason: belongs to the organization, saw_organization: o-exampleorgid}]
  - name: a member of another organization
    like: a member
    change: {aws_account: [{organization_id: o-someoneelse}]}
    expect: [{item: account, conclusion: DEVIATES, reason: belongs to another organization}]
  - name: an account on its own
    like: a member
    change: {aws_account: [{organization_id: null}]}
    expect: [{item: account, conclusion: DEVIATES, reason: belongs to no organization, saw_organization: null}]
  - name: no organization is named
    like: a member
    parameters: {organization_id: ""}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: the scope names no organization}]
  - name: the organization could not be read
    like: an account on its own
    gaps: [{table: aws_account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the contact is not needed
    like: a member
    gaps: [{table: aws_account, columns: [has_security_contact], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: the account could not be reached
    parameters: {organization_id: o-exampleorgid}
    gaps: [{table: aws_account, account: "444455556666", reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "444455556666"}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {organization_id: o-exampleorgid}
    expect: {CONFORMS: 1}
*/
select
  account.key as item,
  case
    when $organization_id = '' then 'NOT_APPLICABLE'
    when coalesce(account.organization_id = $organization_id, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when $organization_id = '' then 'the scope names no organization'
    when account.organization_id is null then 'belongs to no organization'
    when account.organization_id = $organization_id then 'belongs to the organization'
    else 'belongs to another organization'
  end as reason,
  account.id as saw_account,
  account.organization_id as saw_organization
from aws_account as account
