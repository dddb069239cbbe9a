/*
title: No IAM user's console password has gone unused for longer than the company allows
controls: [IAM-07]
tables: [aws_iam_credential_report]
parameters: [unused_credential_days]
kind: item
severity: medium
shows: How long ago each IAM user's console password was last used or set, at the as-of instant.
does_not_show: Sign-ins through federation, and use in the up to four hours since the report was made.
remedy:
  console: IAM > Users > the user > Security credentials > Manage console access > Disable.
  cli: aws iam delete-login-profile --user-name USER
  terraform: Remove aws_iam_user_login_profile of the user.
cases:
  - name: used not long ago
    as_of: 2026-03-01T00:00:00Z
    parameters: {unused_credential_days: 45}
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true, created: 2024-01-01T00:00:00Z, password_last_changed: 2025-01-01T00:00:00Z, password_last_used: 2026-02-01T00:00:00Z}]
    expect: [{item: ben, conclusion: CONFORMS, reason: used within the limit, changes_at: 2026-03-18T00:00:00Z}]
  - name: the first instant past the limit
    like: used not long ago
    as_of: 2026-03-18T00:00:00Z
    expect: [{item: ben, conclusion: DEVIATES, reason: last used before the limit, changes_at: null}]
  - name: never used, and set long ago
    like: used not long ago
    change: {aws_iam_credential_report: [{password_last_used: null}]}
    expect: [{item: ben, conclusion: DEVIATES, reason: never used since it was set}]
  - name: never used, and set not long ago
    like: never used, and set long ago
    change: {aws_iam_credential_report: [{password_last_changed: 2026-02-25T00:00:00Z}]}
    expect: [{item: ben, conclusion: CONFORMS, reason: set within the limit, changes_at: 2026-04-11T00:00:00Z}]
  - name: an old user who got a new password not long ago
    like: used not long ago
    change: {aws_iam_credential_report: [{password_last_used: 2025-06-01T00:00:00Z, password_last_changed: 2026-02-25T00:00:00Z}]}
    expect: [{item: ben, conclusion: CONFORMS, reason: set within the limit, changes_at: 2026-04-11T00:00:00Z}]
  - name: neither use nor change is known
    like: used not long ago
    change: {aws_iam_credential_report: [{password_last_used: null, password_last_changed: null}]}
    expect: [{item: ben, conclusion: DEVIATES, reason: never used since it was set}]
  - name: no password
    like: never used, and set long ago
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: has no console password}]
  - name: root is left to aws.iam.root_unused
    like: never used, and set long ago
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: "the root user, see aws.iam.root_unused"}]
  - name: the report could not be made
    gaps: [{table: aws_iam_credential_report, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the line of one user cannot be read
    like: used not long ago
    gaps: [{table: aws_iam_credential_report, key: ben, columns: [password_last_used], reason: malformed}]
    expect: [{item: ben, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
with known as (
  select
    report.key as key,
    report.user as name,
    report.is_root as is_root,
    coalesce(report.has_password, false) as has_password,
    report.password_last_used as last_used,
    coalesce(report.password_last_changed, report.created) as last_set,
    greatest(report.password_last_used, coalesce(report.password_last_changed, report.created)) + to_days($unused_credential_days) as due
  from aws_iam_credential_report as report
)
select
  known.key as item,
  case
    when known.is_root or not known.has_password then 'NOT_APPLICABLE'
    when coalesce(known.due > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when known.is_root then 'the root user, see aws.iam.root_unused'
    when not known.has_password then 'has no console password'
    when known.last_used + to_days($unused_credential_days) > $as_of then 'used within the limit'
    when known.due > $as_of then 'set within the limit'
    when known.last_used is null then 'never used since it was set'
    else 'last used before the limit'
  end as reason,
  case when not known.is_root and known.has_password and known.due > $as_of then known.due end as changes_at,
  known.name as saw_user,
  known.last_used as saw_last_used,
  known.last_set as saw_last_set
from known
