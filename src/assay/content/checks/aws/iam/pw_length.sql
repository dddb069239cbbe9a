/*
title: IAM passwords are at least as long as the company asks
controls: [IAM-10]
tables: [aws_account, aws_iam_password_policy, aws_iam_credential_report]
parameters: [password_min_characters]
kind: item
severity: medium
shows: The fewest characters that IAM accepts in a password of each account whose users have any; where no policy is set, AWS asks for 8.
does_not_show: Passwords set before the rule, and the rule of the identity provider.
remedy:
  console: IAM > Account settings > Password policy > Edit > Custom > Enforce minimum password length.
  cli: "aws iam update-account-password-policy --minimum-password-length 14; the call sets every rule anew, so name those that stay as well"
  terraform: aws_iam_account_password_policy with minimum_password_length.
cases:
  - name: as long as the standard
    parameters: {password_min_characters: 14}
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_password_policy: [{minimum_length: 14, key: policy}]
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true}]
    expect: [{item: account, conclusion: CONFORMS, reason: "long enough", saw_minimum_length: 14, saw_own_policy: true}]
  - name: one character less
    like: as long as the standard
    change: {aws_iam_password_policy: [{minimum_length: 13}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "shorter ones are accepted", saw_minimum_length: 13}]
  - name: no policy, so AWS's own minimum of 8
    like: as long as the standard
    aws_iam_password_policy: []
    expect: [{item: account, conclusion: DEVIATES, reason: "no policy is set, and AWS itself asks for 8 characters", saw_minimum_length: 8, saw_own_policy: false}]
  - name: no policy, and 8 is enough
    like: as long as the standard
    aws_iam_password_policy: []
    parameters: {password_min_characters: 8}
    expect: [{item: account, conclusion: CONFORMS, reason: "long enough"}]
  - name: another account's policy says nothing of this one
    like: as long as the standard
    change: {aws_iam_password_policy: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: nobody has a console password
    like: as long as the standard
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: no IAM user has a console password, saw_users_with_password: 0}]
  - name: the root user's own password is not under the policy
    like: as long as the standard
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE}]
  - name: the policy could not be read
    like: as long as the standard
    gaps: [{table: aws_iam_password_policy, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the credential report could not be made
    like: as long as the standard
    gaps: [{table: aws_iam_credential_report, reason: timeout}]
    expect: [{item: account, conclusion: UNKNOWN, reason: timeout}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the organization of the account is not needed
    like: as long as the standard
    gaps: [{table: aws_account, key: account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {password_min_characters: 14}
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
    when coalesce(policy.minimum_length, 8) >= $password_min_characters then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(people.users, 0) = 0 then 'no IAM user has a console password'
    when coalesce(policy.minimum_length, 8) >= $password_min_characters then 'long enough'
    when policy.key is null then 'no policy is set, and AWS itself asks for 8 characters'
    else 'shorter ones are accepted'
  end as reason,
  coalesce(policy.minimum_length, 8) as saw_minimum_length,
  policy.key is not null as saw_own_policy,
  coalesce(people.users, 0) as saw_users_with_password
from aws_account as account
left join aws_iam_password_policy as policy on policy.account = account.account
left join people on people.account = account.account
