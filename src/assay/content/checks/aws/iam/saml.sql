/*
title: A SAML provider for workforce sign-in is set up in the account, and its metadata has not run out
controls: [IAM-03]
tables: [aws_account, aws_iam_identity_provider]
kind: item
severity: medium
shows: Whether each account trusts at least one SAML provider, IAM Identity Center's own included, whose metadata is valid at the as-of instant.
does_not_show: That people use it, nor that the provider asks for MFA.
remedy:
  console: IAM Identity Center > AWS accounts > assign people to the account; or IAM > Identity providers > Add provider > SAML.
  cli: aws iam create-saml-provider --name NAME --saml-metadata-document file://metadata.xml; for new metadata aws iam update-saml-provider
  terraform: aws_ssoadmin_account_assignment, or aws_iam_saml_provider.
cases:
  - name: a provider without an end
    as_of: 2026-03-01T00:00:00Z
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_identity_provider: [{arn: "arn:aws:iam::111122223333:saml-provider/AWSSSO_1234_DO_NOT_DELETE", valid_until: null}]
    expect: [{item: account, conclusion: CONFORMS, reason: a SAML provider is set up, changes_at: null, saw_providers: 1}]
  - name: a provider whose metadata runs out
    like: a provider without an end
    change: {aws_iam_identity_provider: [{valid_until: 2026-03-01T00:00:01Z}]}
    expect: [{item: account, conclusion: CONFORMS, changes_at: 2026-03-01T00:00:01Z}]
  - name: the instant at which it has run out
    like: a provider whose metadata runs out
    as_of: 2026-03-01T00:00:01Z
    expect: [{item: account, conclusion: DEVIATES, reason: the metadata of every SAML provider has run out, changes_at: null}]
  - name: one has run out and another holds
    like: a provider without an end
    aws_iam_identity_provider: [{arn: one, valid_until: 2025-01-01T00:00:00Z}, {arn: two, valid_until: 2027-01-01T00:00:00Z}]
    expect: [{item: account, conclusion: CONFORMS, changes_at: 2027-01-01T00:00:00Z, saw_providers: 2}]
  - name: one runs out and another has no end
    like: a provider without an end
    aws_iam_identity_provider: [{arn: one, valid_until: 2027-01-01T00:00:00Z}, {arn: two}]
    expect: [{item: account, conclusion: CONFORMS, changes_at: null}]
  - name: no provider
    like: a provider without an end
    aws_iam_identity_provider: []
    expect: [{item: account, conclusion: DEVIATES, reason: no SAML provider is set up, saw_providers: 0}]
  - name: another account's provider
    like: a provider without an end
    change: {aws_iam_identity_provider: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: providers could not be listed
    like: a provider without an end
    gaps: [{table: aws_iam_identity_provider, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 1}
*/
with known as (
  select
    provider.account as account,
    count(*) as providers,
    bool_or(provider.valid_until is null) as without_end,
    max(provider.valid_until) as last_end
  from aws_iam_identity_provider as provider
  group by provider.account
)
select
  account.key as item,
  case when coalesce(known.without_end or known.last_end > $as_of, false) then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when known.providers is null then 'no SAML provider is set up'
    when known.without_end or known.last_end > $as_of then 'a SAML provider is set up'
    else 'the metadata of every SAML provider has run out'
  end as reason,
  case when not known.without_end and known.last_end > $as_of then known.last_end end as changes_at,
  account.id as saw_account,
  coalesce(known.providers, 0) as saw_providers
from aws_account as account
left join known on known.account = account.account
