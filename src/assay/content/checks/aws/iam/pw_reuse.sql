/*
title: IAM refuses as many earlier passwords as the company asks
controls: [IAM-10]
tables: [aws_account, aws_iam_password_policy, aws_iam_credential_report]
parameters: [password_history]
kind: item
severity: low
shows: How many earlier passwords IAM refuses in each account whose users have any; where no policy is set, none.
does_not_show: Reuse across systems.
remedy:
  console: IAM > Account settings > Password policy > Edit > Custom > Prevent password reuse.
  cli: "aws iam update-account-password-policy --password-reuse-prevention 24; the call sets every rule anew, so name those that stay as well"
  terraform: aws_iam_account_password_policy with password_reuse_prevention.
cases:
  - name: as many as the standard
    parameters: {password_history: 24}
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_password_policy: [{remembered: 24, key: policy}]
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true}]
    expect: [{item: account, conclusion: CONFORMS, reason: "enough earlier passwords are refused", saw_remembered: 24}]
  - name: one less
    like: as many as the standard
    change: {aws_iam_password_policy: [{remembered: 23}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "fewer earlier passwords are refused", saw_remembered: 23}]
  - name: a policy without the rule
    like: as many as the standard
    change: {aws_iam_password_policy: [{remembered: 0}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "no earlier password is refused"}]
  - name: no policy
    like: as many as the standard
    aws_iam_password_policy: []
    expect: [{item: account, conclusion: DEVIATES, reason: "no policy is set, so no earlier password is refused", saw_remembered: 0, saw_own_policy: false}]
  - name: another account's policy says nothing of this one
    like: as many as the standard
    change: {aws_iam_password_policy: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: nobody has a console password
    like: as many as the standard
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: no IAM user has a console password, saw_users_with_password: 0}]
  - name: the root user's own password is not under the policy
    like: as many as the standard
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE}]
  - name: the policy could not be read
    like: as many as the standard
    gaps: [{table: aws_iam_password_policy, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the credential report could not be made
    like: as many as the standard
    gaps: [{table: aws_iam_credential_report, reason: timeout}]
    expect: [{item: account, conclusion: UNKNOWN, reason: timeout}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the organization of the account is not needed
    like: as many as the standard
    gaps: [{table: aws_account, key: account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {password_history: 24}
    expect: {DEVIATES: 1}
*/
with people as (
  select report.account as account, count(*) as users
  from aws_iam_credential_report as report
  where not report.is_root and report.has_password
  group by report.account
)
select
  account.key as item,
  case
    when coalesce(people.users, 0) = 0 then 'NOT_APPLICABLE'
    when coalesce(policy.remembered, 0) >= $password_history then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(people.users, 0) = 0 then 'no IAM user has a console password'
    when coalesce(policy.remembered, 0) >= $password_history then 'enough earlier passwords are refused'
    when policy.key is null then 'no policy is set, so no earlier password is refused'
    when policy.remembered = 0 then 'no earlier password is refused'
    else 'fewer earlier passwords are refused'
  end as reason,
  coalesce(policy.remembered, 0) as saw_remembered,
  policy.key is not null as saw_own_policy,
  coalesce(people.users, 0) as saw_users_with_password
from aws_account as account
left join aws_iam_password_policy as policy on policy.account = account.account
left join people on people.account = account.account
