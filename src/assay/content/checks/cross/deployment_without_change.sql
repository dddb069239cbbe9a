/*
title: Every production deployment of the period leads back to a merged pull request or an approved change
controls: [CHG-05, CHG-08]
tables: [github_deployment, github_commit_on_default, github_pull_request, change]
parameters: [production_environments]
links: {github_commit_on_default: {parent: repo}, github_pull_request: {parent: repo}, change: everywhere}
kind: population
occurs: {github_deployment: created}
severity: high
shows: Whether the deployed commit came by a merged pull request, or a change that someone else had approved before names the commit or the deployment.
does_not_show: Deployments that no pipeline recorded, and changes by hand in the console.
remedy:
  console: Find out who deployed what, have it reviewed now, and limit who can deploy under Repository > Settings > Environments > the environment > Deployment branches and tags.
  cli: gh api repos/OWNER/REPO/commits/SHA/pulls
  terraform: github_repository_environment, block deployment_branch_policy and reviewers.
cases:
  - name: the merge of a pull request was deployed
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {production_environments: [production, "prod-*"]}
    github_deployment: [{key: acme/api/deployments/1, repo: acme/api, id: 1, sha: c1, environment: production, production: true, created: 2026-02-01T12:00:00Z}]
    github_pull_request: [{key: "acme/api#1", repo: acme/api, number: 1, merged: true, merge_sha: c1}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS, reason: deploys a merged pull request, saw_commit: c1, saw_environment: production}]
  - name: a commit that a pull request brought
    like: the merge of a pull request was deployed
    github_pull_request: []
    github_commit_on_default: [{key: "acme/api@c1", repo: acme/api, sha: c1, pull_requests: ["7"]}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS}]
  - name: a commit that was pushed directly
    like: a commit that a pull request brought
    change: {github_commit_on_default: [{pull_requests: []}]}
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES, reason: no merged pull request and no approved change}]
  - name: a pull request that was closed without a merge
    like: the merge of a pull request was deployed
    change: {github_pull_request: [{merged: false}]}
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: the same commit id in another repository
    like: the merge of a pull request was deployed
    change: {github_pull_request: [{repo: acme/web}]}
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: an approved change names the commit
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    github_deployment: [{key: acme/api/deployments/1, repo: acme/api, id: 1, sha: c1, environment: prod-eu, created: 2026-02-01T12:00:00Z}]
    change: [{change: CHG-1, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T12:00:00Z, commit: c1}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS, reason: an approved change names it}]
  - name: an approved change names the deployment
    like: an approved change names the commit
    change: [{change: CHG-1, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T12:00:00Z, deployment: acme/api/deployments/1}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS}]
  - name: the change was approved afterwards
    like: an approved change names the commit
    change: [{change: CHG-1, state: done, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T12:00:01Z, commit: c1}]
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: the change was approved by who asked, or rejected
    like: an approved change names the commit
    change: [{change: CHG-1, state: done, requested_by: ben@acme.example, approved_by: ben@acme.example, approved: 2026-02-01T11:00:00Z, commit: c1}, {change: CHG-2, state: rejected, requested_by: ben@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T11:00:00Z, commit: c1}]
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: an environment that is not on the list, though the pipeline calls it production
    like: a commit that was pushed directly
    change: {github_deployment: [{environment: live}]}
    expect: [{item: acme/api/deployments/1, conclusion: DEVIATES}]
  - name: staging
    like: a commit that was pushed directly
    change: {github_deployment: [{environment: staging, production: false}]}
    expect: [{item: acme/api/deployments/1, conclusion: NOT_APPLICABLE, reason: not a production environment}]
  - name: pull requests of another repository could not be read
    like: the merge of a pull request was deployed
    gaps: [{table: github_pull_request, parent: acme/web, reason: denied}]
    expect: [{item: acme/api/deployments/1, conclusion: CONFORMS}]
  - name: commits of the repository could not be read
    like: the merge of a pull request was deployed
    gaps: [{table: github_commit_on_default, parent: acme/api, reason: denied}]
    expect: [{item: acme/api/deployments/1, conclusion: UNKNOWN, reason: denied}]
  - name: changes are not known
    like: the merge of a pull request was deployed
    gaps: [{table: change, account: changes, reason: not_connected}]
    expect: [{item: acme/api/deployments/1, conclusion: UNKNOWN, reason: not_connected}]
  - name: through the collectors
    recording: [github/small-company, file/exports]
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
    exists (
      select asked.key
      from change as asked
      where (asked.commit = deployed.sha or asked.deployment = deployed.key or asked.deployment = cast(deployed.id as text))
        and coalesce(asked.state, 'open') in ('approved', 'done')
        and asked.approved <= deployed.created
        and asked.approved_by <> '' and asked.requested_by <> '' and asked.approved_by <> asked.requested_by
    ) as approved,
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
    when traced.merged or traced.approved then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not traced.to_production then 'not a production environment'
    when traced.merged then 'deploys a merged pull request'
    when traced.approved then 'an approved change names it'
    else 'no merged pull request and no approved change'
  end as reason,
  traced.environment as saw_environment,
  traced.sha as saw_commit,
  traced.creator as saw_deployed_by
from traced
