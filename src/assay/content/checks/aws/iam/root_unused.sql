/*
title: The root user has not been used for as long as the company wants it unused
controls: [IAM-05, IAM-06]
tables: [aws_iam_credential_report]
parameters: [root_unused_days]
kind: item
severity: high
shows: How long ago the password or an access key of each account's root user was last used, at the as-of instant.
does_not_show: "Why root was used, nor each single use: the report holds the latest only, and may be up to four hours old."
remedy:
  console: Ask who signed in as root and why, and keep the answer as evidence; do the work with a role in future. IAM > Credential report shows the last use.
  cli: aws iam generate-credential-report, then aws iam get-credential-report --query Content --output text | base64 -d
  terraform: "None: a sign-in is no resource; the task that root was used for may have one, so that a role can do it."
cases:
  - name: root was never used
    as_of: 2026-03-01T00:00:00Z
    parameters: {root_unused_days: 90}
    aws_iam_credential_report: [{key: root, user: <root_account>, is_root: true}]
    expect: [{item: root, conclusion: CONFORMS, reason: no use is known, changes_at: null}]
  - name: root was used within the limit, which time alone mends
    like: root was never used
    change: {aws_iam_credential_report: [{password_last_used: 2026-02-01T10:00:00Z}]}
    expect: [{item: root, conclusion: DEVIATES, reason: used within the limit, changes_at: 2026-05-02T10:00:00Z}]
  - name: the last instant within the limit
    like: root was used within the limit, which time alone mends
    as_of: 2026-05-02T09:59:59Z
    expect: [{item: root, conclusion: DEVIATES, saw_last_used: "2026-02-01T10:00:00Z"}]
  - name: the first instant past the limit
    like: root was used within the limit, which time alone mends
    as_of: 2026-05-02T10:00:00Z
    expect: [{item: root, conclusion: CONFORMS, reason: last used before the limit, changes_at: null}]
  - name: an old sign-in, and a key used later
    like: root was never used
    change: {aws_iam_credential_report: [{password_last_used: 2020-01-01T00:00:00Z, key_1_last_used: 2020-01-02T00:00:00Z, key_2_last_used: 2026-02-28T00:00:00Z}]}
    expect: [{item: root, conclusion: DEVIATES, saw_last_used: "2026-02-28T00:00:00Z"}]
  - name: a user is not root
    like: root was used within the limit, which time alone mends
    change: {aws_iam_credential_report: [{user: ben, is_root: false}]}
    expect: [{item: root, conclusion: NOT_APPLICABLE, reason: not the root user, changes_at: null}]
  - name: the report could not be made
    parameters: {root_unused_days: 90}
    gaps: [{table: aws_iam_credential_report, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, reason: timeout, account: "111122223333"}]
  - name: the line of root cannot be read
    like: root was never used
    gaps: [{table: aws_iam_credential_report, key: root, columns: [password_last_used], reason: malformed}]
    expect: [{item: root, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    as_of: 2026-03-01T00:00:00Z
    expect: {CONFORMS: 1, NOT_APPLICABLE: 3}
*/
with used as (
  select
    report.key as key,
    report.user as name,
    report.is_root as is_root,
    greatest(report.password_last_used, report.key_1_last_used, report.key_2_last_used) as last_used
  from aws_iam_credential_report as report
)
select
  used.key as item,
  case
    when not used.is_root then 'NOT_APPLICABLE'
    when coalesce(used.last_used + to_days($root_unused_days) > $as_of, false) then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when not used.is_root then 'not the root user'
    when used.last_used is null then 'no use is known'
    when used.last_used + to_days($root_unused_days) > $as_of then 'used within the limit'
    else 'last used before the limit'
  end as reason,
  case
    when used.is_root and used.last_used + to_days($root_unused_days) > $as_of then used.last_used + to_days($root_unused_days)
  end as changes_at,
  used.name as saw_user,
  used.last_used as saw_last_used
from used
