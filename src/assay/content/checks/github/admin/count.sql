/*
title: The GitHub organization has as many owners as the company allows, no fewer and no more
controls: [IAM-06]
tables: [github_org, github_org_member]
parameters: [admin_min_people, admin_max_people]
kind: item
severity: medium
shows: How many people are owners of the organization.
does_not_show: Whether each owner needs the role, which is for the access review.
remedy:
  console: Organization > People > the person > Change role.
  cli: gh api -X PUT orgs/ORG/memberships/LOGIN -f role=member
  terraform: github_membership, argument role.
cases:
  - name: as few as allowed
    parameters: {admin_min_people: 2, admin_max_people: 3}
    github_org: [{login: acme}]
    github_org_member: [{login: ada, role: admin, kind: User}, {login: ben, role: admin, kind: User}, {login: dev, role: member, kind: User}]
    expect: [{item: acme, conclusion: CONFORMS, saw_owners: 2}]
  - name: as many as allowed
    like: as few as allowed
    change: {github_org_member: [{}, {}, {role: admin}]}
    expect: [{item: acme, conclusion: CONFORMS, saw_owners: 3}]
  - name: one too many
    like: as many as allowed
    parameters: {admin_max_people: 2}
    expect: [{item: acme, conclusion: DEVIATES, reason: more owners than allowed}]
  - name: one too few
    like: as few as allowed
    change: {github_org_member: [{}, {role: member}]}
    expect: [{item: acme, conclusion: DEVIATES, reason: fewer owners than allowed, saw_owners: 1}]
  - name: an app is not a person
    like: as few as allowed
    change: {github_org_member: [{}, {kind: Bot}]}
    expect: [{item: acme, conclusion: DEVIATES, saw_owners: 1}]
  - name: owners of another organization do not count
    like: as few as allowed
    change: {github_org_member: [{}, {account: other}]}
    expect: [{item: acme, conclusion: DEVIATES, saw_owners: 1}]
  - name: members could not be listed
    like: as few as allowed
    gaps: [{table: github_org_member, reason: denied}]
    expect: [{item: acme, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    parameters: {admin_min_people: 2, admin_max_people: 4}
    expect: {CONFORMS: 1}
*/
with owners as (
  select
    member.account,
    count(*) as people
  from github_org_member as member
  where member.role = 'admin' and coalesce(member.kind, 'User') <> 'Bot'
  group by member.account
)
select
  org.key as item,
  case
    when coalesce(owners.people, 0) between $admin_min_people and $admin_max_people then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(owners.people, 0) < $admin_min_people then 'fewer owners than allowed'
    when coalesce(owners.people, 0) > $admin_max_people then 'more owners than allowed'
    else 'as many owners as allowed'
  end as reason,
  coalesce(owners.people, 0) as saw_owners
from github_org as org
left join owners on owners.account = org.account
