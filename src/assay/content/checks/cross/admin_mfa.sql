/*
title: Every administrator account has a second factor, in any system and on the code host
controls: [IAM-03, IAM-04]
tables: [account, github_org_member]
items: [account, github_org_member]
kind: item
severity: high
shows: What each system's own list says of its active administrators, and GitHub of the organization's owners.
does_not_show: How strong the factor is; systems that do not report it stay unknown, and aws.iam.admin_mfa shows AWS.
remedy:
  console: Have the administrator set up a second factor, then require it for all in the system's settings.
  cli: gh api 'orgs/ORG/members?filter=2fa_disabled'
  terraform: "None: a second factor is set up by the person who holds it. For AWS see aws.iam.admin_mfa; GitHub's requirement is a setting that no resource has."
cases:
  - name: administrators with a second factor
    account: [{key: crm/ben, system: crm, user: ben, admin: true, mfa: true, state: active}]
    github_org_member: [{login: ada, role: admin, two_factor_disabled: false}]
    expect: [{item: crm/ben, conclusion: CONFORMS, table: account}, {item: ada, conclusion: CONFORMS, table: github_org_member}]
  - name: administrators without one
    like: administrators with a second factor
    change: {account: [{mfa: false}], github_org_member: [{two_factor_disabled: true}]}
    expect: [{item: crm/ben, conclusion: DEVIATES}, {item: ada, conclusion: DEVIATES}]
  - name: the rule concerns administrators
    like: administrators without one
    change: {account: [{admin: false}], github_org_member: [{role: member}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: no administrator}, {item: ada, conclusion: NOT_APPLICABLE, reason: no owner}]
  - name: a disabled administrator cannot sign in
    like: administrators without one
    change: {account: [{state: disabled}]}
    expect: [{item: crm/ben, conclusion: NOT_APPLICABLE, reason: disabled}, {item: ada, conclusion: DEVIATES}]
  - name: a system that does not report the factor
    like: administrators with a second factor
    change: {account: [{mfa: null}]}
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: the system does not report a second factor}, {item: ada, conclusion: CONFORMS}]
  - name: a system that does not say who administers it
    like: administrators without one
    change: {account: [{admin: null}]}
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: the system does not report who administers it}, {item: ada, conclusion: DEVIATES}]
  - name: somebody with a factor needs no further question
    like: a system that does not say who administers it
    change: {account: [{mfa: true}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: ada, conclusion: DEVIATES}]
  - name: GitHub tells only owners who has a factor
    like: administrators with a second factor
    gaps: [{table: github_org_member, key: ada, columns: [two_factor_disabled], reason: denied}]
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: ada, conclusion: UNKNOWN, reason: denied}]
  - name: no list of accounts was given
    like: administrators with a second factor
    account: []
    gaps: [{table: account, account: null, reason: not_connected}]
    expect: [{item: ada, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: not_connected}]
  - name: through the collectors
    recording: [file/exports, github/small-company]
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 15, UNKNOWN: 2}
*/
select
  held.key as item,
  case
    when held.state = 'disabled' or not held.admin then 'NOT_APPLICABLE'
    when held.mfa then 'CONFORMS'
    when held.mfa is null or held.admin is null then 'UNKNOWN'
    else 'DEVIATES'
  end as conclusion,
  case
    when held.state = 'disabled' then 'disabled'
    when not held.admin then 'no administrator'
    when held.mfa then 'has a second factor'
    when held.admin is null then 'the system does not report who administers it'
    when held.mfa is null then 'the system does not report a second factor'
    else 'has no second factor'
  end as reason
from account as held
union all
select
  member.key as item,
  case
    when member.role <> 'admin' then 'NOT_APPLICABLE'
    when not coalesce(member.two_factor_disabled, true) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when member.role <> 'admin' then 'no owner'
    when not coalesce(member.two_factor_disabled, true) then 'has a second factor'
    else 'has no second factor'
  end as reason
from github_org_member as member
