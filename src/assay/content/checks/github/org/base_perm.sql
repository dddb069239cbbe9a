/*
title: Membership alone gives no wider right in every repository than the company allows
controls: [CHG-09, IAM-06]
tables: [github_org]
parameters: [github_base_permission_max]
kind: item
severity: medium
shows: The base permission that the organization gives each member in all of its repositories.
does_not_show: Rights that are given by team or by repository.
remedy:
  console: Organization > Settings > Member privileges > Base permissions.
  cli: gh api -X PATCH orgs/ORG -f default_repository_permission=read
  terraform: github_organization_settings, argument default_repository_permission.
cases:
  - name: reading is the widest right allowed
    parameters: {github_base_permission_max: read}
    github_org: [{login: acme, base_permission: read}]
    expect: [{item: acme, conclusion: CONFORMS, saw_base_permission: read}]
  - name: no right at all is narrower
    like: reading is the widest right allowed
    change: {github_org: [{base_permission: none}]}
    expect: [{item: acme, conclusion: CONFORMS}]
  - name: writing is wider than reading
    like: reading is the widest right allowed
    change: {github_org: [{base_permission: write}]}
    expect: [{item: acme, conclusion: DEVIATES}]
  - name: writing where the company allows it
    like: writing is wider than reading
    parameters: {github_base_permission_max: write}
    expect: [{item: acme, conclusion: CONFORMS}]
  - name: administrators all
    like: writing where the company allows it
    change: {github_org: [{base_permission: admin}]}
    expect: [{item: acme, conclusion: DEVIATES}]
  - name: a right that is not known counts as wide
    like: reading is the widest right allowed
    change: {github_org: [{base_permission: something new}]}
    expect: [{item: acme, conclusion: DEVIATES}]
  - name: GitHub tells only owners
    like: reading is the widest right allowed
    gaps: [{table: github_org, key: acme, columns: [base_permission], reason: denied}]
    expect: [{item: acme, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    parameters: {github_base_permission_max: read}
    expect: {DEVIATES: 1}
*/
with ranked as (
  select
    org.key,
    org.base_permission,
    case org.base_permission when 'none' then 0 when 'read' then 1 when 'write' then 2 else 3 end as given,
    case $github_base_permission_max when 'none' then 0 when 'read' then 1 when 'write' then 2 else 3 end as allowed,
    coalesce(org.base_permission in ('none', 'read', 'write', 'admin'), false) as named
  from github_org as org
)
select
  ranked.key as item,
  case when ranked.named and ranked.given <= ranked.allowed then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when not ranked.named then 'a right that is not known'
    when ranked.given <= ranked.allowed then 'no wider than allowed'
    else 'wider than allowed'
  end as reason,
  ranked.base_permission as saw_base_permission
from ranked
