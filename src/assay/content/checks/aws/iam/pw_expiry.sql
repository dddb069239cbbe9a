/*
title: IAM passwords expire as soon as the company's password standard asks, where it asks for expiry
controls: [IAM-10]
tables: [aws_account, aws_iam_password_policy, aws_iam_credential_report]
parameters: [password_max_age_days]
kind: item
severity: low
shows: After how many days IAM passwords expire in each account whose users have any, where the standard is not 0, which means never.
does_not_show: Whether a password known to be leaked was changed.
remedy:
  console: IAM > Account settings > Password policy > Edit > Custom > Enable password expiration.
  cli: "aws iam update-account-password-policy --max-password-age 90; the call sets every rule anew, so name those that stay as well"
  terraform: aws_iam_account_password_policy with max_password_age.
cases:
  - name: as often as the standard
    parameters: {password_max_age_days: 90}
    aws_account: [{key: account, id: "111122223333"}]
    aws_iam_password_policy: [{maximum_age_days: 90, key: policy}]
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true}]
    expect: [{item: account, conclusion: CONFORMS, reason: "passwords expire in time", saw_expire_after_days: 90}]
  - name: a day later
    like: as often as the standard
    change: {aws_iam_password_policy: [{maximum_age_days: 91}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "passwords expire later"}]
  - name: passwords never expire
    like: as often as the standard
    change: {aws_iam_password_policy: [{maximum_age_days: 0}]}
    expect: [{item: account, conclusion: DEVIATES, reason: "passwords never expire", saw_expire_after_days: 0}]
  - name: no policy
    like: as often as the standard
    aws_iam_password_policy: []
    expect: [{item: account, conclusion: DEVIATES, reason: "no policy is set, so passwords never expire", saw_own_policy: false}]
  - name: the standard asks for no expiry
    like: as often as the standard
    change: {aws_iam_password_policy: [{maximum_age_days: 90}]}
    parameters: {password_max_age_days: 0}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: "the password standard asks for no expiry"}]
  - name: another account's policy says nothing of this one
    like: as often as the standard
    change: {aws_iam_password_policy: [{account: "444455556666"}]}
    expect: [{item: account, conclusion: DEVIATES}]
  - name: nobody has a console password
    like: as often as the standard
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE, reason: no IAM user has a console password, saw_users_with_password: 0}]
  - name: the root user's own password is not under the policy
    like: as often as the standard
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: account, conclusion: NOT_APPLICABLE}]
  - name: the policy could not be read
    like: as often as the standard
    gaps: [{table: aws_iam_password_policy, reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the credential report could not be made
    like: as often as the standard
    gaps: [{table: aws_iam_credential_report, reason: timeout}]
    expect: [{item: account, conclusion: UNKNOWN, reason: timeout}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the organization of the account is not needed
    like: as often as the standard
    gaps: [{table: aws_account, key: account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/iam/identity
    parameters: {password_max_age_days: 90}
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
    when $password_max_age_days = 0 then 'NOT_APPLICABLE'
    when coalesce(people.users, 0) = 0 then 'NOT_APPLICABLE'
    when policy.maximum_age_days > 0 and policy.maximum_age_days <= $password_max_age_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when $password_max_age_days = 0 then 'the password standard asks for no expiry'
    when coalesce(people.users, 0) = 0 then 'no IAM user has a console password'
    when policy.maximum_age_days > 0 and policy.maximum_age_days <= $password_max_age_days then 'passwords expire in time'
    when policy.key is null then 'no policy is set, so passwords never expire'
    when policy.maximum_age_days = 0 then 'passwords never expire'
    else 'passwords expire later'
  end as reason,
  coalesce(policy.maximum_age_days, 0) as saw_expire_after_days,
  policy.key is not null as saw_own_policy,
  coalesce(people.users, 0) as saw_users_with_password
from aws_account as account
left join aws_iam_password_policy as policy on policy.account = account.account
left join people on people.account = account.account
