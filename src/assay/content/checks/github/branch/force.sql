/*
title: Every default branch refuses force pushes and its own deletion
controls: [CHG-03]
tables: [github_repo, github_branch_protection, github_ruleset]
links: {github_branch_protection: {parent: key}, github_ruleset: {parent: key}}
kind: item
severity: high
needs: "plan: GitHub Pro, Team or Enterprise for private repositories"
shows: Whether history of the default branch can be rewritten or the branch deleted, by classic protection and active rulesets together.
does_not_show: A force push that was made while the rule was off.
remedy:
  console: Repository > Settings > Rules > the ruleset > Restrict deletions and Block force pushes.
  cli: gh api -X POST repos/OWNER/REPO/rulesets --input ruleset.json
  terraform: github_repository_ruleset, rules > deletion and non_fast_forward; or github_branch_protection, allows_force_pushes and allows_deletions = false.
cases:
  - name: classic protection refuses both
    github_repo: [{key: acme/api}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, force_pushes: false, deletions: false}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_force_pushes: false, saw_deletion: false}]
  - name: force pushes are allowed
    like: classic protection refuses both
    change: {github_branch_protection: [{force_pushes: true}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: history can be rewritten}]
  - name: deletion is allowed
    like: classic protection refuses both
    change: {github_branch_protection: [{deletions: true}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: the branch can be deleted}]
  - name: a ruleset refuses what classic protection allows
    like: force pushes are allowed
    github_ruleset: [{key: acme/api/7/non_fast_forward, parent: acme/api, type: non_fast_forward}]
    expect: [{item: acme/api, conclusion: CONFORMS}]
  - name: a ruleset refuses both
    github_repo: [{key: acme/web}]
    github_ruleset: [{key: acme/web/7/non_fast_forward, parent: acme/web, type: non_fast_forward}, {key: acme/web/7/deletion, parent: acme/web, type: deletion}]
    expect: [{item: acme/web, conclusion: CONFORMS}]
  - name: a ruleset refuses deletion only
    like: a ruleset refuses both
    change: {github_ruleset: [{key: acme/web/7/pull_request, type: pull_request}]}
    expect: [{item: acme/web, conclusion: DEVIATES, reason: history can be rewritten}]
  - name: no rule at all
    github_repo: [{key: acme/web}]
    expect: [{item: acme/web, conclusion: DEVIATES, reason: history can be rewritten and the branch deleted}]
  - name: an archived repository takes no change
    github_repo: [{key: acme/old, archived: true}]
    expect: [{item: acme/old, conclusion: NOT_APPLICABLE}]
  - name: protection could not be read
    like: a ruleset refuses both
    gaps: [{table: github_branch_protection, reason: denied}]
    expect: [{item: acme/web, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 5, DEVIATES: 4, NOT_APPLICABLE: 1}
*/
with classic as (
  select
    protection.parent as repo,
    logical_and(not coalesce(protection.force_pushes, false)) as keeps_history,
    logical_and(not coalesce(protection.deletions, false)) as keeps_branch
  from github_branch_protection as protection
  group by protection.parent
),
ruled as (
  select
    rule.parent as repo,
    logical_or(rule.type = 'non_fast_forward') as keeps_history,
    logical_or(rule.type = 'deletion') as keeps_branch
  from github_ruleset as rule
  group by rule.parent
),
found as (
  select
    repo.key,
    coalesce(repo.archived, false) as archived,
    coalesce(classic.keeps_history, false) or coalesce(ruled.keeps_history, false) as keeps_history,
    coalesce(classic.keeps_branch, false) or coalesce(ruled.keeps_branch, false) as keeps_branch
  from github_repo as repo
  left join classic on classic.repo = repo.key
  left join ruled on ruled.repo = repo.key
)
select
  found.key as item,
  case
    when found.archived then 'NOT_APPLICABLE'
    when found.keeps_history and found.keeps_branch then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when found.archived then 'archived'
    when found.keeps_history and found.keeps_branch then 'refuses both'
    when found.keeps_history then 'the branch can be deleted'
    when found.keeps_branch then 'history can be rewritten'
    else 'history can be rewritten and the branch deleted'
  end as reason,
  not found.keeps_history as saw_force_pushes,
  not found.keeps_branch as saw_deletion
from found
