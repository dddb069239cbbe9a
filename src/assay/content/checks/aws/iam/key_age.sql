/*
title: No active access key is older than the company allows
controls: [IAM-12]
tables: [aws_iam_access_key, aws_iam_principal]
parameters: [access_key_max_age_days]
links: {aws_iam_principal: user_arn}
kind: item
severity: medium
shows: The age of every active access key of every IAM user, at the as-of instant.
does_not_show: Where copies of the key are kept, nor keys issued outside IAM.
remedy:
  console: IAM > Users > the user > Security credentials > create a new key, move its workload, deactivate the old one, then delete it.
  cli: aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
  terraform: Prefer a role. Where a key must stay, replace aws_iam_access_key and rotate it by schedule.
cases:
  - name: a young key conforms, until it grows old
    as_of: 2026-03-01T00:00:00Z
    parameters: {access_key_max_age_days: 90}
    aws_iam_access_key: [{key_id: AKIAEXAMPLE1, parent: "arn:aws:iam::111122223333:user/ben", user_arn: "arn:aws:iam::111122223333:user/ben", active: true, created: 2026-01-10T00:00:00Z}]
    aws_iam_principal: [{arn: "arn:aws:iam::111122223333:user/ben", kind: user}]
    expect: [{item: AKIAEXAMPLE1, conclusion: CONFORMS, changes_at: 2026-04-10T00:00:00Z, saw_user_gone: false}]
  - name: the first instant past the limit deviates
    as_of: 2026-04-10T00:00:00Z
    like: a young key conforms, until it grows old
    expect: [{item: AKIAEXAMPLE1, conclusion: DEVIATES, changes_at: null}]
  - name: an inactive key cannot be used
    as_of: 2026-12-01T00:00:00Z
    like: a young key conforms, until it grows old
    change: {aws_iam_access_key: [{active: false}]}
    expect: [{item: AKIAEXAMPLE1, conclusion: NOT_APPLICABLE}]
  - name: a key whose user is gone is judged all the same
    as_of: 2026-12-01T00:00:00Z
    like: a young key conforms, until it grows old
    aws_iam_principal: []
    expect: [{item: AKIAEXAMPLE1, conclusion: DEVIATES, saw_user_gone: true}]
  - name: keys could not be listed for one user, of whom none is known
    gaps: [{table: aws_iam_access_key, parent: "arn:aws:iam::111122223333:user/ben", reason: denied}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben", conclusion: UNKNOWN, reason: denied}]
  - name: keys could not be listed for one user, of whom one is known
    like: a young key conforms, until it grows old
    gaps: [{table: aws_iam_access_key, parent: "arn:aws:iam::111122223333:user/ben", reason: throttled}]
    expect: [{item: AKIAEXAMPLE1, conclusion: UNKNOWN, reason: throttled}]
  - name: the last use could not be read, which the age does not need
    like: a young key conforms, until it grows old
    gaps: [{table: aws_iam_access_key, key: AKIAEXAMPLE1, columns: [last_used, last_used_service], reason: denied}]
    expect: [{item: AKIAEXAMPLE1, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/iam/two-users-three-keys
    as_of: 2026-03-01T00:00:00Z
    parameters: {access_key_max_age_days: 90}
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  held.key as item,
  case
    when not held.active then 'NOT_APPLICABLE'
    when held.created + to_days($access_key_max_age_days) > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not held.active then 'inactive'
    when held.created + to_days($access_key_max_age_days) > $as_of then 'within the limit'
    else 'older than the limit'
  end as reason,
  case
    when held.active and held.created + to_days($access_key_max_age_days) > $as_of
      then held.created + to_days($access_key_max_age_days)
  end as changes_at,
  held.user_arn as saw_user,
  owner.arn is null as saw_user_gone,
  held.created as saw_created
from aws_iam_access_key as held
left join aws_iam_principal as owner on owner.key = held.user_arn
