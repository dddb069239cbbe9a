/*
title: No IAM user has more active access keys than the company allows
controls: [IAM-12]
tables: [aws_iam_principal, aws_iam_access_key]
links: {aws_iam_access_key: {parent: arn}}
parameters: [access_keys_per_user_max]
kind: item
severity: low
shows: How many active access keys each IAM user has.
does_not_show: Whether a second key is there for a rotation under way.
remedy:
  console: IAM > Users > the user > Security credentials > Access keys > move the workload to one key, then deactivate and delete the other.
  cli: aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive
  terraform: Keep one aws_iam_access_key for the user, or none and a role instead.
cases:
  - name: one active key
    parameters: {access_keys_per_user_max: 1}
    aws_iam_principal:
      - {arn: ben-arn, kind: user, name: ben}
      - {arn: admins-arn, kind: group, name: admins}
      - {arn: deploy-arn, kind: role, name: deploy}
    aws_iam_access_key:
      - {key_id: AKIAEXAMPLE1, parent: ben-arn, user_arn: ben-arn, active: true}
      - {key_id: AKIAEXAMPLE2, parent: ben-arn, user_arn: ben-arn, active: false}
    expect:
      - {item: ben-arn, conclusion: CONFORMS, reason: within the limit, saw_active_keys: 1}
      - {item: admins-arn, conclusion: NOT_APPLICABLE, reason: not a user}
      - {item: deploy-arn, conclusion: NOT_APPLICABLE, reason: not a user}
  - name: two active keys
    parameters: {access_keys_per_user_max: 1}
    aws_iam_principal: [{arn: ben-arn, kind: user, name: ben}, {arn: ada-arn, kind: user, name: ada}]
    aws_iam_access_key:
      - {key_id: AKIAEXAMPLE1, parent: ben-arn, user_arn: ben-arn, active: true}
      - {key_id: AKIAEXAMPLE2, parent: ben-arn, user_arn: ben-arn, active: true}
    expect:
      - {item: ben-arn, conclusion: DEVIATES, reason: more active keys than allowed, saw_active_keys: 2}
      - {item: ada-arn, conclusion: CONFORMS, reason: no active key, saw_active_keys: 0}
  - name: a company that allows two
    like: two active keys
    parameters: {access_keys_per_user_max: 2}
    expect: [{item: ben-arn, conclusion: CONFORMS}, {item: ada-arn, conclusion: CONFORMS}]
  - name: the keys of one user could not be listed
    like: two active keys
    gaps: [{table: aws_iam_access_key, parent: ada-arn, reason: denied}]
    expect: [{item: ben-arn, conclusion: DEVIATES}, {item: ada-arn, conclusion: UNKNOWN, reason: denied}]
  - name: no key could be listed
    like: two active keys
    gaps: [{table: aws_iam_access_key, reason: denied}]
    expect: [{item: ben-arn, conclusion: UNKNOWN}, {item: ada-arn, conclusion: UNKNOWN}]
  - name: the last use could not be read, which the count does not need
    like: two active keys
    gaps: [{table: aws_iam_access_key, key: AKIAEXAMPLE1, parent: ben-arn, columns: [last_used, last_used_service], reason: denied}]
    expect: [{item: ben-arn, conclusion: DEVIATES}, {item: ada-arn, conclusion: CONFORMS}]
  - name: IAM could not be read
    parameters: {access_keys_per_user_max: 1}
    gaps: [{table: aws_iam_principal, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/two-users-three-keys
    expect: {CONFORMS: 2}
*/
with active as (
  select held.user_arn as user_arn, held.account as account, count(*) as active_keys
  from aws_iam_access_key as held
  where held.active
  group by held.user_arn, held.account
)
select
  principal.key as item,
  case
    when principal.kind <> 'user' then 'NOT_APPLICABLE'
    when coalesce(active.active_keys, 0) <= $access_keys_per_user_max then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when principal.kind <> 'user' then 'not a user'
    when active.active_keys is null then 'no active key'
    when active.active_keys <= $access_keys_per_user_max then 'within the limit'
    else 'more active keys than allowed'
  end as reason,
  principal.name as saw_name,
  coalesce(active.active_keys, 0) as saw_active_keys
from aws_iam_principal as principal
left join active on active.user_arn = principal.arn and active.account = principal.account
