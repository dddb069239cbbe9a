/*
title: Every default branch needs at least one status check before a merge
controls: [CHG-03, CHG-04]
tables: [github_repo, github_branch_protection, github_ruleset]
links: {github_branch_protection: {parent: key}, github_ruleset: {parent: key}}
kind: item
severity: medium
needs: "plan: GitHub Pro, Team or Enterprise for private repositories"
shows: Whether a change must pass a named status check or a required workflow, by classic protection or by an active ruleset.
does_not_show: What the required checks test.
remedy:
  console: Repository > Settings > Rules > the ruleset > Require status checks to pass > Add checks.
  cli: gh api -X PATCH repos/OWNER/REPO/branches/BRANCH/protection/required_status_checks -f 'contexts[]=test'
  terraform: github_repository_ruleset, rules > required_status_checks > required_check; or github_branch_protection, required_status_checks.
cases:
  - name: classic protection names a check
    github_repo: [{key: acme/api}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, status_checks: [test]}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_checks: test}]
  - name: a ruleset names a check
    github_repo: [{key: acme/api}]
    github_ruleset: [{key: acme/api/7/required_status_checks, parent: acme/api, type: required_status_checks, status_checks: [lint, test]}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_checks: "lint, test"}]
  - name: a ruleset requires a workflow
    github_repo: [{key: acme/api}]
    github_ruleset: [{key: acme/api/7/workflows, parent: acme/api, type: workflows, status_checks: []}]
    expect: [{item: acme/api, conclusion: CONFORMS, reason: a workflow must succeed}]
  - name: status checks are required, but none is named
    like: classic protection names a check
    change: {github_branch_protection: [{status_checks: []}]}
    expect: [{item: acme/api, conclusion: DEVIATES}]
  - name: a rule of another kind
    like: a ruleset requires a workflow
    change: {github_ruleset: [{type: deletion}]}
    expect: [{item: acme/api, conclusion: DEVIATES}]
  - name: an archived repository takes no change
    github_repo: [{key: acme/old, archived: true}]
    expect: [{item: acme/old, conclusion: NOT_APPLICABLE}]
  - name: rules of one repository could not be read
    like: classic protection names a check
    gaps: [{table: github_ruleset, parent: acme/api, reason: throttled}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: throttled}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 6, DEVIATES: 3, NOT_APPLICABLE: 1}
*/
with classic as (
  select
    protection.parent as repo,
    max(array_to_string(protection.status_checks, ', ')) as checks
  from github_branch_protection as protection
  where len(coalesce(protection.status_checks, [])) > 0
  group by protection.parent
),
ruled as (
  select
    rule.parent as repo,
    max(case when rule.type = 'required_status_checks' then array_to_string(rule.status_checks, ', ') end) as checks,
    logical_or(rule.type = 'workflows') as workflow
  from github_ruleset as rule
  where rule.type = 'workflows' or (rule.type = 'required_status_checks' and len(coalesce(rule.status_checks, [])) > 0)
  group by rule.parent
),
needed as (
  select
    repo.key,
    coalesce(repo.archived, false) as archived,
    coalesce(ruled.checks, classic.checks) as checks,
    coalesce(ruled.workflow, false) as workflow
  from github_repo as repo
  left join classic on classic.repo = repo.key
  left join ruled on ruled.repo = repo.key
)
select
  needed.key as item,
  case
    when needed.archived then 'NOT_APPLICABLE'
    when needed.checks is not null or needed.workflow then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when needed.archived then 'archived'
    when needed.checks is not null then 'a status check must succeed'
    when needed.workflow then 'a workflow must succeed'
    else 'no status check is needed'
  end as reason,
  needed.checks as saw_checks
from needed
