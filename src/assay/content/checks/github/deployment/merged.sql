/*
title: Every production deployment of the period deploys a merged pull request
controls: [CHG-05, CHG-08]
tables: [github_deployment, github_commit_on_default, github_pull_request]
parameters: [production_environments]
links: {github_commit_on_default: {parent: repo}, github_pull_request: {parent: repo}}
kind: population
occurs: {github_deployment: created}
severity: medium
shows: Whether the commit of each production deployment is the merge of a pull request or was brought by one.
does_not_show: Deployments that no pipeline recorded; where changes are kept outside GitHub, cross.deployment_without_change judges them too.
remedy:
  console: Repository > Settings > Environments > the environment > Deployment branches and tags > Protected branches only.
  cli: gh api repos/OWNER/REPO/commits/SHA/pulls
  terraform: github_repository_environment, block deployment_branch_policy.
cases:
  - name: the merge of a pull request was deployed
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {production_environments: [production]}
    github_deployment: [{key: acme/api/deployments/1, repo: acme/api, id: 1, sha: c1, environment: production, created: 2026-02-01T12:00:00Z}]
    github_pull_request: [{key: "acme/api#1", repo: acme/api, number: 1, merged: true, merge_sha: c1}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS, saw_commit: c1}]
  - name: a commit that a pull request brought
    like: the merge of a pull request was deployed
    github_pull_request: []
    github_commit_on_default: [{key: "acme/api@c1", repo: acme/api, sha: c1, pull_requests: ["7"]}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS}]
  - name: a commit that was pushed directly
    like: a commit that a pull request brought
    change: {github_commit_on_default: [{pull_requests: []}]}
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES, reason: no merged pull request brought it}]
  - name: a commit of no default branch
    like: the merge of a pull request was deployed
    github_pull_request: []
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: staging
    like: a commit that was pushed directly
    change: {github_deployment: [{environment: staging}]}
    expect: [{item: acme/api/deployments/1, conclusion: NOT_APPLICABLE}]
  - name: pull requests of the repository could not be read
    like: the merge of a pull request was deployed
    gaps: [{table: github_pull_request, parent: acme/api, reason: denied}]
    expect: [{item: acme/api/deployments/1, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    parameters: {production_environments: [production]}
    expect: {CONFORMS: 7, DEVIATES: 1, NOT_APPLICABLE: 7}
*/
with traced as (
  select
    deployed.key,
    coalesce(deployed.production, false) or matches_any(deployed.environment, $production_environments) as to_production,
    exists (
      select pr.key
      from github_pull_request as pr
      where pr.repo = deployed.repo and pr.merged and pr.merge_sha = deployed.sha
    )
    or exists (
      select pushed.key
      from github_commit_on_default as pushed
      where pushed.repo = deployed.repo and pushed.sha = deployed.sha and len(coalesce(pushed.pull_requests, [])) > 0
    ) as merged,
    deployed.environment,
    deployed.sha,
    deployed.creator
  from github_deployment as deployed
  where deployed.created >= $period_start and deployed.created < $period_end
)
select
  traced.key as item,
  case
    when not traced.to_production then 'NOT_APPLICABLE'
    when traced.merged then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not traced.to_production then 'not a production environment'
    when traced.merged then 'deploys a merged pull request'
    else 'no merged pull request brought it'
  end as reason,
  traced.environment as saw_environment,
  traced.sha as saw_commit,
  traced.creator as saw_deployed_by
from traced
