/*
title: No console user has an active access key that was made together with the user and never used
controls: [IAM-12]
tables: [aws_iam_credential_report]
kind: item
severity: low
shows: Whether an active access key of each user with a console password was made within a minute of the user and never used since.
does_not_show: Who asked for the key.
remedy:
  console: IAM > Users > the user > Security credentials > Access keys > Actions > Deactivate, then Delete.
  cli: aws iam delete-access-key --user-name USER --access-key-id KEY
  terraform: Remove aws_iam_access_key of the user.
cases:
  - name: a key made later
    aws_iam_credential_report: [{key: ben, user: ben, is_root: false, has_password: true, created: 2026-01-01T09:00:00Z, key_1_active: true, key_1_rotated: 2026-01-01T09:01:00Z, key_2_active: false}]
    expect: [{item: ben, conclusion: CONFORMS, reason: no unused key from the user's first minute}]
  - name: a key made with the user and never used
    like: a key made later
    change: {aws_iam_credential_report: [{key_1_rotated: 2026-01-01T09:00:59Z}]}
    expect: [{item: ben, conclusion: DEVIATES, reason: an active key was made with the user and never used, saw_key_1_made: "2026-01-01T09:00:59Z"}]
  - name: the same as second key
    like: a key made later
    change: {aws_iam_credential_report: [{key_2_active: true, key_2_rotated: 2026-01-01T09:00:00Z}]}
    expect: [{item: ben, conclusion: DEVIATES}]
  - name: a key made with the user that is used
    like: a key made with the user and never used
    change: {aws_iam_credential_report: [{key_1_last_used: 2026-01-05T00:00:00Z}]}
    expect: [{item: ben, conclusion: CONFORMS}]
  - name: a key made with the user and since deactivated
    like: a key made with the user and never used
    change: {aws_iam_credential_report: [{key_1_active: false}]}
    expect: [{item: ben, conclusion: CONFORMS}]
  - name: a user for machines, without a password
    like: a key made with the user and never used
    change: {aws_iam_credential_report: [{has_password: false}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: has no console password}]
  - name: root is left to aws.iam.root_no_keys
    like: a key made with the user and never used
    change: {aws_iam_credential_report: [{is_root: true}]}
    expect: [{item: ben, conclusion: NOT_APPLICABLE, reason: "the root user, see aws.iam.root_no_keys"}]
  - name: the report could not be made
    gaps: [{table: aws_iam_credential_report, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the line of one user cannot be read
    like: a key made later
    gaps: [{table: aws_iam_credential_report, key: ben, columns: [key_1_rotated], reason: malformed}]
    expect: [{item: ben, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
with judged as (
  select
    report.key as key,
    report.user as name,
    report.is_root as is_root,
    coalesce(report.has_password, false) as has_password,
    report.created as created,
    report.key_1_rotated as key_1_made,
    report.key_2_rotated as key_2_made,
    coalesce(report.key_1_active and report.key_1_last_used is null and report.key_1_rotated < report.created + to_minutes(1), false)
      or coalesce(report.key_2_active and report.key_2_last_used is null and report.key_2_rotated < report.created + to_minutes(1), false) as from_setup
  from aws_iam_credential_report as report
)
select
  judged.key as item,
  case
    when judged.is_root or not judged.has_password then 'NOT_APPLICABLE'
    when judged.from_setup then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when judged.is_root then 'the root user, see aws.iam.root_no_keys'
    when not judged.has_password then 'has no console password'
    when judged.from_setup then 'an active key was made with the user and never used'
    else 'no unused key from the user''s first minute'
  end as reason,
  judged.name as saw_user,
  judged.created as saw_created,
  judged.key_1_made as saw_key_1_made,
  judged.key_2_made as saw_key_2_made
from judged
