/*
title: No enabled user of IAM Identity Center belongs to someone who left longer ago than access may last
controls: [IAM-08]
tables: [aws_identity_center_user, aws_identity_center_assignment, aws_identity_center_instance, aws_account, hr_person]
items: [aws_identity_center_user, aws_identity_center_assignment, aws_identity_center_instance]
parameters: [leaver_access_end_hours]
links: {hr_person: everywhere}
kind: item
severity: high
shows: Whether a user who can sign in belongs, by e-mail address or else by user name, to a worker whose work or contract ended longer ago than access may last, and which accounts are reached so, each by which permission set.
does_not_show: "Users nobody has matched to a worker, which stay unknown, applications that are reached without an account, and sessions still open."
remedy:
  console: IAM Identity Center > Users > the user > Disable user access, and delete the active sessions. Where users come from an identity provider, disable the person there.
  cli: "There is no call that disables a user; aws identitystore delete-user --identity-store-id STORE --user-id ID removes one that no identity provider manages."
  terraform: Remove aws_identitystore_user and the aws_ssoadmin_account_assignment of the person.
cases:
  - name: a worker with no end in sight
    parameters: {leaver_access_end_hours: 24}
    aws_account: [{key: account, id: "111122223333"}]
    aws_identity_center_user: [{key: user-1, user_id: user-1, user_name: ben, email: ben@northwind.example, enabled: true}]
    hr_person: [{email: ben@northwind.example, account: hr, state: active}]
    expect: [{item: user-1, conclusion: CONFORMS, reason: belongs to a current worker, changes_at: null}]
  - name: a worker whose last day is known
    like: a worker with no end in sight
    change: {hr_person: [{ended: 2026-03-10T00:00:00Z}]}
    expect: [{item: user-1, conclusion: CONFORMS, changes_at: 2026-03-11T00:00:00Z}]
  - name: a leaver within the limit
    like: a worker with no end in sight
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:01Z}]}
    expect: [{item: user-1, conclusion: CONFORMS, reason: its worker left within the limit, changes_at: 2026-03-01T00:00:01Z}]
  - name: the first instant past the limit
    like: a worker with no end in sight
    change: {hr_person: [{state: left, ended: 2026-02-28T00:00:00Z}]}
    expect: [{item: user-1, conclusion: DEVIATES, reason: its worker left longer ago than the limit, changes_at: null}]
  - name: a contract that ran out, though the HR system still says active
    like: a worker with no end in sight
    change: {hr_person: [{kind: contractor, contract_end: 2026-01-31T00:00:00Z}]}
    expect: [{item: user-1, conclusion: DEVIATES}]
  - name: a leaver without a date
    like: a worker with no end in sight
    change: {hr_person: [{state: left}]}
    expect: [{item: user-1, conclusion: DEVIATES, reason: its worker has left and no end date is given}]
  - name: a disabled user cannot sign in
    like: the first instant past the limit
    change: {aws_identity_center_user: [{enabled: false}]}
    expect: [{item: user-1, conclusion: NOT_APPLICABLE, reason: disabled}]
  - name: what a leaver still reaches, by assignment and through a group, deviates with the user
    like: the first instant past the limit
    aws_identity_center_assignment: [{key: direct, user_id: user-1, reached: "111122223333", permission_set: admin}, {key: through, user_id: user-1, reached: "444455556666", permission_set: reader, group_id: group-1}]
    expect: [{item: user-1, conclusion: DEVIATES}, {item: direct, table: aws_identity_center_assignment, conclusion: DEVIATES, reason: its worker left longer ago than the limit}, {item: through, conclusion: DEVIATES}]
  - name: what a current worker reaches
    like: a worker whose last day is known
    aws_identity_center_assignment: [{key: direct, user_id: user-1, reached: "111122223333", permission_set: admin}]
    expect: [{item: user-1, conclusion: CONFORMS}, {item: direct, conclusion: CONFORMS, reason: belongs to a current worker, changes_at: 2026-03-11T00:00:00Z}]
  - name: nobody reaches anything by an assignment to a disabled user or to one who is gone
    like: a disabled user cannot sign in
    aws_identity_center_assignment: [{key: direct, user_id: user-1}, {key: stale, user_id: user-9}]
    expect: [{item: user-1, conclusion: NOT_APPLICABLE}, {item: direct, conclusion: NOT_APPLICABLE, reason: disabled}, {item: stale, conclusion: NOT_APPLICABLE, reason: its user does not exist any more}]
  - name: assignments could not be listed, which says nothing of the user
    like: the first instant past the limit
    aws_identity_center_instance: [{arn: instance-1, owner: "111122223333", owned_here: true}]
    gaps: [{table: aws_identity_center_assignment, parent: instance-1, reason: denied}]
    expect: [{item: user-1, conclusion: DEVIATES}, {item: instance-1, table: aws_identity_center_assignment, conclusion: UNKNOWN, reason: denied}, {item: instance-1, table: aws_identity_center_instance, conclusion: NOT_APPLICABLE}]
  - name: users could not be listed, so what their assignments mean is not known
    like: what a leaver still reaches, by assignment and through a group, deviates with the user
    aws_identity_center_user: []
    gaps: [{table: aws_identity_center_user, reason: denied}]
    expect: [{item: null, table: aws_identity_center_user, conclusion: UNKNOWN, reason: denied}, {item: direct, conclusion: UNKNOWN, reason: denied}, {item: through, conclusion: UNKNOWN, reason: denied}]
  - name: matched by the user name that the HR system holds
    like: the first instant past the limit
    change: {aws_identity_center_user: [{user_name: Ben, email: null}], hr_person: [{aws_user_name: ben}]}
    expect: [{item: user-1, conclusion: DEVIATES}]
  - name: the e-mail address comes before the user name
    like: the first instant past the limit
    change: {hr_person: [{}, {email: other@northwind.example, account: hr, aws_user_name: ben, state: active}]}
    expect: [{item: user-1, conclusion: DEVIATES}]
  - name: a leaver who came back under another address
    like: matched by the user name that the HR system holds
    change: {hr_person: [{}, {email: ben.two@northwind.example, account: hr, aws_user_name: ben, state: active}]}
    expect: [{item: user-1, conclusion: CONFORMS}]
  - name: a user that no worker has
    like: a worker with no end in sight
    hr_person: []
    expect: [{item: user-1, conclusion: UNKNOWN, reason: no worker is matched to this user}]
  - name: workers are not known
    like: a worker with no end in sight
    gaps: [{table: hr_person, account: hr, reason: not_connected}]
    expect: [{item: user-1, conclusion: UNKNOWN, reason: not_connected}]
  - name: an instance of this account's own
    like: a worker with no end in sight
    aws_identity_center_instance: [{arn: instance-1, owner: "111122223333", owned_here: true}]
    expect: [{item: user-1, conclusion: CONFORMS}, {item: instance-1, conclusion: NOT_APPLICABLE, reason: its users are judged one by one}]
  - name: an instance of another account that is connected
    like: an instance of this account's own
    change: {aws_identity_center_instance: [{owner: "444455556666", owned_here: false}], aws_account: [{}, {key: other, account: "444455556666", id: "444455556666"}]}
    expect: [{item: user-1, conclusion: CONFORMS}, {item: instance-1, conclusion: NOT_APPLICABLE, reason: its users are seen from the account that owns it}]
  - name: an instance of another account that is not connected
    like: an instance of this account's own
    change: {aws_identity_center_instance: [{owner: "444455556666", owned_here: false}]}
    expect: [{item: user-1, conclusion: CONFORMS}, {item: instance-1, conclusion: UNKNOWN, reason: the account that owns it is not connected}]
  - name: the users of an instance could not be listed, and none is known
    parameters: {leaver_access_end_hours: 24}
    aws_account: [{key: account, id: "111122223333"}]
    aws_identity_center_instance: [{arn: instance-1, owner: "111122223333", owned_here: true}]
    gaps: [{table: aws_identity_center_user, parent: instance-1, reason: denied}]
    expect: [{item: instance-1, table: aws_identity_center_user, conclusion: UNKNOWN, reason: denied}, {item: instance-1, table: aws_identity_center_instance, conclusion: UNKNOWN, reason: denied}]
  - name: instances could not be listed
    parameters: {leaver_access_end_hours: 24}
    gaps: [{table: aws_identity_center_instance, reason: denied}, {table: aws_identity_center_user, reason: denied}]
    expect: [{item: null, table: aws_identity_center_instance, conclusion: UNKNOWN, reason: denied}, {item: null, table: aws_identity_center_user, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector, where no list of workers is connected
    recording: aws/iam/center
    as_of: 2026-03-01T00:00:00Z
    expect: {UNKNOWN: 12}
  - name: through the collectors
    recording: [aws/iam/center, file/workers]
    as_of: 2026-03-01T00:00:00Z
    parameters: {leaver_access_end_hours: 24}
    expect: {CONFORMS: 3, DEVIATES: 3, NOT_APPLICABLE: 4, UNKNOWN: 2}
*/
with by_email as (
  select
    lower(person.email) as email,
    bool_or(coalesce(person.state, 'active') <> 'left' and coalesce(person.ended, person.contract_end) is null) as stays,
    max(coalesce(person.ended, person.contract_end)) as last_day
  from hr_person as person
  where person.email is not null
  group by lower(person.email)
),
by_name as (
  select
    lower(person.aws_user_name) as user_name,
    bool_or(coalesce(person.state, 'active') <> 'left' and coalesce(person.ended, person.contract_end) is null) as stays,
    max(coalesce(person.ended, person.contract_end)) as last_day
  from hr_person as person
  where person.aws_user_name is not null
  group by lower(person.aws_user_name)
),
matched as (
  select
    member.key as key,
    member.user_id as user_id,
    coalesce(member.enabled, true) as enabled,
    coalesce(by_email.stays, by_name.stays) as stays,
    case when by_email.email is not null then by_email.last_day else by_name.last_day end as last_day
  from aws_identity_center_user as member
  left join by_email on by_email.email = member.email
  left join by_name on by_name.user_name = lower(member.user_name)
),
judged as (
  select
    matched.key as key,
    matched.user_id as user_id,
    case
      when not matched.enabled then 'NOT_APPLICABLE'
      when matched.stays is null then 'UNKNOWN'
      when matched.stays or coalesce(matched.last_day + to_hours($leaver_access_end_hours) > $as_of, false) then 'CONFORMS'
      else 'DEVIATES'
    end as conclusion,
    case
      when not matched.enabled then 'disabled'
      when matched.stays is null then 'no worker is matched to this user'
      when matched.stays or matched.last_day > $as_of then 'belongs to a current worker'
      when matched.last_day is null then 'its worker has left and no end date is given'
      when matched.last_day + to_hours($leaver_access_end_hours) > $as_of then 'its worker left within the limit'
      else 'its worker left longer ago than the limit'
    end as reason,
    case
      when matched.enabled and not matched.stays and matched.last_day + to_hours($leaver_access_end_hours) > $as_of
        then matched.last_day + to_hours($leaver_access_end_hours)
    end as changes_at
  from matched
)
select
  judged.key as item,
  judged.conclusion as conclusion,
  judged.reason as reason,
  judged.changes_at as changes_at
from judged
union all
select
  assignment.key as item,
  coalesce(judged.conclusion, 'NOT_APPLICABLE') as conclusion,
  coalesce(judged.reason, 'its user does not exist any more') as reason,
  judged.changes_at as changes_at
from aws_identity_center_assignment as assignment
left join judged on judged.user_id = assignment.user_id
union all
select
  instance.key as item,
  case
    when instance.owned_here or owner.id is not null then 'NOT_APPLICABLE'
    else 'UNKNOWN'
  end as conclusion,
  case
    when instance.owned_here then 'its users are judged one by one'
    when owner.id is not null then 'its users are seen from the account that owns it'
    else 'the account that owns it is not connected'
  end as reason,
  null as changes_at
from aws_identity_center_instance as instance
left join aws_account as owner on owner.id = instance.owner
