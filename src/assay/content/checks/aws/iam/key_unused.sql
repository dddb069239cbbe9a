/*
title: No active access key has gone unused for longer than the company allows
controls: [IAM-07]
tables: [aws_iam_access_key]
parameters: [unused_credential_days]
kind: item
severity: medium
shows: How long ago every active access key of every IAM user was last used, or was made where it never was, at the as-of instant.
does_not_show: Whether a key in use is still needed.
remedy:
  console: IAM > Users > the user > Security credentials > Access keys > Actions > Deactivate; delete the key once nothing misses it.
  cli: aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
  terraform: aws_iam_access_key with status = "Inactive", then remove it.
cases:
  - name: used not long ago
    as_of: 2026-03-01T00:00:00Z
    parameters: {unused_credential_days: 45}
    aws_iam_access_key: [{key_id: AKIAEXAMPLE1, user_name: ben, active: true, created: 2025-01-10T00:00:00Z, last_used: 2026-02-01T00:00:00Z, last_used_service: s3}]
    expect: [{item: AKIAEXAMPLE1, conclusion: CONFORMS, reason: used within the limit, changes_at: 2026-03-18T00:00:00Z}]
  - name: the last instant within the limit
    like: used not long ago
    as_of: 2026-03-17T23:59:59Z
    expect: [{item: AKIAEXAMPLE1, conclusion: CONFORMS}]
  - name: the first instant past the limit
    like: used not long ago
    as_of: 2026-03-18T00:00:00Z
    expect: [{item: AKIAEXAMPLE1, conclusion: DEVIATES, reason: last used before the limit, changes_at: null, saw_last_used: "2026-02-01T00:00:00Z"}]
  - name: an old key that was never used
    like: used not long ago
    change: {aws_iam_access_key: [{last_used: null, last_used_service: null}]}
    expect: [{item: AKIAEXAMPLE1, conclusion: DEVIATES, reason: never used since it was made, saw_last_used: null}]
  - name: a young key that was never used
    like: an old key that was never used
    change: {aws_iam_access_key: [{created: 2026-02-20T00:00:00Z}]}
    expect: [{item: AKIAEXAMPLE1, conclusion: CONFORMS, reason: made within the limit, changes_at: 2026-04-06T00:00:00Z}]
  - name: an inactive key cannot be used
    like: an old key that was never used
    change: {aws_iam_access_key: [{active: false}]}
    expect: [{item: AKIAEXAMPLE1, conclusion: NOT_APPLICABLE, reason: inactive, changes_at: null}]
  - name: the last use of one key could not be read
    like: used not long ago
    gaps: [{table: aws_iam_access_key, key: AKIAEXAMPLE1, columns: [last_used, last_used_service], reason: denied}]
    expect: [{item: AKIAEXAMPLE1, conclusion: UNKNOWN, reason: denied}]
  - name: keys could not be listed for one user, of whom none is known
    gaps: [{table: aws_iam_access_key, parent: "arn:aws:iam::111122223333:user/ben", reason: throttled}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben", conclusion: UNKNOWN, reason: throttled}]
  - name: no key could be listed
    like: used not long ago
    gaps: [{table: aws_iam_access_key, reason: denied}]
    expect: [{item: AKIAEXAMPLE1, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/iam/two-users-three-keys
    as_of: 2026-04-20T00:00:00Z
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  held.key as item,
  case
    when not held.active then 'NOT_APPLICABLE'
    when coalesce(held.last_used, held.created) + to_days($unused_credential_days) > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not held.active then 'inactive'
    when held.last_used + to_days($unused_credential_days) > $as_of then 'used within the limit'
    when held.last_used is not null then 'last used before the limit'
    when held.created + to_days($unused_credential_days) > $as_of then 'made within the limit'
    else 'never used since it was made'
  end as reason,
  case
    when held.active and coalesce(held.last_used, held.created) + to_days($unused_credential_days) > $as_of
      then coalesce(held.last_used, held.created) + to_days($unused_credential_days)
  end as changes_at,
  held.user_name as saw_user,
  held.created as saw_created,
  held.last_used as saw_last_used,
  held.last_used_service as saw_last_used_service
from aws_iam_access_key as held
