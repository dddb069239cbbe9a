/*
title: Every IAM user with a console password has MFA
controls: [IAM-04]
tables: [aws_iam_credential_report]
kind: item
severity: high
shows: Whether each IAM user who can sign in to the console with a password also has MFA.
does_not_show: MFA at the identity provider of federated users, nor whether API calls need MFA.
remedy:
  console: IAM > Users > the user > Security credentials > Assign MFA device. Where the person signs in through the identity provider, remove the console password instead.
  cli: aws iam enable-mfa-device --user-name USER --serial-number SERIAL --authentication-code1 CODE --authentication-code2 CODE
  terraform: Remove aws_iam_user_login_profile and let people sign in through the identity provider.
cases:
  - name: a user with MFA
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true, mfa: true}]
    expect: [{item: ben, conclusion: CONFORMS}]
  - name: a user without MFA
    like: a user with MFA
    change: {aws_iam_credential_report: [{mfa: false}]}
    expect: [{item: ben, conclusion: DEVIATES, reason: has a console password and no MFA}]
  - name: a user without a password
    like: a user without MFA
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: has no console password}]
  - name: root is left to aws.iam.root_mfa
    like: a user without MFA
    change: {aws_iam_credential_report: [{is_root: true, user: <root_account>, has_password: null}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: "the root user, see aws.iam.root_mfa"}]
  - name: the report could not be made, and the user is known from before
    like: a user with MFA
    gaps: [{table: aws_iam_credential_report, reason: denied}]
    expect: [{item: ben, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
select
  report.key as item,
  case
    when report.is_root or not coalesce(report.has_password, false) then 'NOT_APPLICABLE'
    when report.mfa then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when report.is_root then 'the root user, see aws.iam.root_mfa'
    when not coalesce(report.has_password, false) then 'has no console password'
    when report.mfa then 'has MFA'
    else 'has a console password and no MFA'
  end as reason,
  report.user as saw_user,
  report.mfa as saw_mfa
from aws_iam_credential_report as report
