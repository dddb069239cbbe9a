/*
title: Every default branch is under branch protection or an active ruleset
controls: [CHG-03]
tables: [github_repo, github_branch_protection, github_ruleset]
links: {github_branch_protection: {parent: key}, github_ruleset: {parent: key}}
kind: item
severity: high
needs: "plan: GitHub Pro, Team or Enterprise for private repositories"
shows: Whether any rule is laid on each repository's default branch, by classic protection or by an active ruleset.
does_not_show: Which rules those are, and bypasses that were used.
remedy:
  console: Repository > Settings > Rules > Rulesets > New branch ruleset > target the default branch.
  cli: gh api -X POST repos/OWNER/REPO/rulesets --input ruleset.json
  terraform: github_repository_ruleset or github_organization_ruleset with enforcement = "active" over ~DEFAULT_BRANCH; or github_branch_protection.
cases:
  - name: classic protection
    github_repo: [{key: acme/api, archived: false}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, branch: main}]
    expect: [{item: acme/api, conclusion: CONFORMS, reason: under branch protection}]
  - name: an active ruleset
    github_repo: [{key: acme/api, archived: false}]
    github_ruleset: [{key: acme/api/7/deletion, parent: acme/api, type: deletion}, {key: acme/api/7/non_fast_forward, parent: acme/api, type: non_fast_forward}]
    expect: [{item: acme/api, conclusion: CONFORMS, reason: under a ruleset}]
  - name: both
    like: classic protection
    github_ruleset: [{key: acme/api/7/deletion, parent: acme/api, type: deletion}]
    expect: [{item: acme/api, conclusion: CONFORMS, reason: under branch protection and a ruleset}]
  - name: nothing, and the rules of another repository do not help
    like: classic protection
    change: {github_repo: [{key: acme/web}]}
    expect: [{item: acme/web, conclusion: DEVIATES}]
  - name: an archived repository takes no change
    github_repo: [{key: acme/old, archived: true}]
    expect: [{item: acme/old, conclusion: NOT_APPLICABLE, reason: archived}]
  - name: the vendor's plan lacks protection of private repositories
    github_repo: [{key: acme/api}, {key: acme/web}]
    github_branch_protection: [{key: "acme/web:main", parent: acme/web}]
    gaps: [{table: github_branch_protection, parent: acme/api, reason: unavailable}, {table: github_ruleset, parent: acme/api, reason: unavailable}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: unavailable}, {item: acme/web, conclusion: CONFORMS}]
  - name: rulesets could not be read anywhere
    like: classic protection
    gaps: [{table: github_ruleset, reason: denied}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 6, DEVIATES: 3, NOT_APPLICABLE: 1}
*/
with found as (
  select
    repo.key,
    coalesce(repo.archived, false) as archived,
    exists (select protection.key from github_branch_protection as protection where protection.parent = repo.key) as protected,
    exists (select rule.key from github_ruleset as rule where rule.parent = repo.key) as ruled
  from github_repo as repo
)
select
  found.key as item,
  case
    when found.archived then 'NOT_APPLICABLE'
    when found.protected or found.ruled then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when found.archived then 'archived'
    when found.protected and found.ruled then 'under branch protection and a ruleset'
    when found.protected then 'under branch protection'
    when found.ruled then 'under a ruleset'
    else 'no rule is laid on the default branch'
  end as reason
from found
