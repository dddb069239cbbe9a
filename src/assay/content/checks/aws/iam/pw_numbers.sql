/*
title: IAM passwords need a digit where the password standard asks for one
controls: [IAM-10]
tables: [aws_account, aws_iam_password_policy, aws_iam_credential_report]
parameters: [password_require_digit]
kind: item
severity: low
shows: Whether IAM refuses passwords without a digit in each account whose users have any.
does_not_show: "Whether passwords are strong: composition rules add little beside length."
remedy:
  console: IAM > Account settings > Password policy > Edit > Custom > Require at least one number.
  cli: "aws iam update-account-password-policy --require-numbers; the call sets every rule anew, so name those that stay as well"
  terraform: aws_iam_account_password_policy with require_numbers = true.
cases:
  - name: asked for, and needed
    parameters: {password_require_digit: true}
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_password_policy: [{needs_digit: true, key: policy}]
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true}]
    expect: [{item: account, conclusion: CONFORMS, reason: "a digit is needed", saw_needed: true}]
  - name: asked for, and not needed
    like: asked for, and needed
    change: {aws_iam_password_policy: [{needs_digit: false}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "a digit is not needed"}]
  - name: no policy, so AWS's own rule of any three kinds of character
    like: asked for, and needed
    aws_iam_password_policy: []
    expect: [{item: account, conclusion: DEVIATES, reason: "no policy is set, and AWS itself does not insist on a digit", saw_needed: false, saw_own_policy: false}]
  - name: not asked for
    like: asked for, and needed
    change: {aws_iam_password_policy: [{needs_digit: false}]}
    parameters: {password_require_digit: false}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: "the password standard does not ask for a digit"}]
  - name: another account's policy says nothing of this one
    like: asked for, and needed
    change: {aws_iam_password_policy: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: nobody has a console password
    like: asked for, and needed
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: no IAM user has a console password, saw_users_with_password: 0}]
  - name: the root user's own password is not under the policy
    like: asked for, and needed
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE}]
  - name: the policy could not be read
    like: asked for, and needed
    gaps: [{table: aws_iam_password_policy, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the credential report could not be made
    like: asked for, and needed
    gaps: [{table: aws_iam_credential_report, reason: timeout}]
    expect: [{item: account, conclusion: UNKNOWN, reason: timeout}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the organization of the account is not needed
    like: asked for, and needed
    gaps: [{table: aws_account, key: account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {password_require_digit: true}
    expect: {CONFORMS: 1}
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
    when not $password_require_digit then 'NOT_APPLICABLE'
    when coalesce(people.users, 0) = 0 then 'NOT_APPLICABLE'
    when coalesce(policy.needs_digit, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not $password_require_digit then 'the password standard does not ask for a digit'
    when coalesce(people.users, 0) = 0 then 'no IAM user has a console password'
    when policy.needs_digit then 'a digit is needed'
    when policy.key is null then 'no policy is set, and AWS itself does not insist on a digit'
    else 'a digit is not needed'
  end as reason,
  coalesce(policy.needs_digit, false) as saw_needed,
  policy.key is not null as saw_own_policy,
  coalesce(people.users, 0) as saw_users_with_password
from aws_account as account
left join aws_iam_password_policy as policy on policy.account = account.account
left join people on people.account = account.account
