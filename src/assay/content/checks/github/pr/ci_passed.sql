/*
title: Every change merged in the period had successful workflow runs on its last commit
controls: [CHG-04]
tables: [github_pull_request, github_workflow_run]
links: {github_workflow_run: {parent: repo}}
kind: population
occurs: {github_pull_request: merged_at}
severity: medium
shows: Whether the latest run of each workflow on the change's last commit, started before the merge, ended well, and that there was one.
does_not_show: Checks by other CI systems, what the tests cover, and whether a run had already ended at the merge.
remedy:
  console: Repository > Settings > Rules > the ruleset > Require status checks to pass.
  cli: gh run list --repo OWNER/REPO --commit SHA
  terraform: github_repository_ruleset, rules > required_status_checks.
cases:
  - name: one workflow succeeded
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    github_pull_request: [{key: "acme/api#1", repo: acme/api, number: 1, merged_at: 2026-02-01T12:00:00Z, head_sha: h1, to_default_branch: true}]
    github_workflow_run: [{key: acme/api/runs/1, repo: acme/api, workflow: .github/workflows/test.yml, head_sha: h1, conclusion: success, created: 2026-02-01T11:00:00Z}]
    expect: [{item: "acme/api#1", conclusion: CONFORMS, saw_head: h1}]
  - name: it failed
    like: one workflow succeeded
    change: {github_workflow_run: [{conclusion: failure}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: a workflow did not succeed}]
  - name: it failed, and a later run succeeded
    like: it failed
    change: {github_workflow_run: [{}, {key: acme/api/runs/2, repo: acme/api, workflow: .github/workflows/test.yml, head_sha: h1, conclusion: success, created: 2026-02-01T11:30:00Z}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: one succeeded and another was cancelled
    like: one workflow succeeded
    change: {github_workflow_run: [{}, {key: acme/api/runs/2, repo: acme/api, workflow: .github/workflows/scan.yml, head_sha: h1, conclusion: cancelled, created: 2026-02-01T11:00:00Z}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES}]
  - name: one succeeded and another had nothing to do
    like: one succeeded and another was cancelled
    change: {github_workflow_run: [{}, {conclusion: skipped}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: skipped runs alone show nothing
    like: one workflow succeeded
    change: {github_workflow_run: [{conclusion: skipped}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no workflow succeeded on its last commit}]
  - name: the run was on an earlier commit
    like: one workflow succeeded
    change: {github_workflow_run: [{head_sha: h0}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no workflow ran on its last commit before the merge}]
  - name: the run began after the merge
    like: one workflow succeeded
    change: {github_workflow_run: [{created: 2026-02-01T12:00:01Z}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no workflow ran on its last commit before the merge}]
  - name: the run has not ended
    like: one workflow succeeded
    change: {github_workflow_run: [{conclusion: null}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: a workflow did not succeed}]
  - name: the same commit in another repository
    like: one workflow succeeded
    change: {github_workflow_run: [{repo: acme/web}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES}]
  - name: merged into another branch
    like: it failed
    change: {github_pull_request: [{to_default_branch: false}]}
    expect: [{item: "acme/api#1", conclusion: NOT_APPLICABLE}]
  - name: runs of the repository could not be read
    like: one workflow succeeded
    gaps: [{table: github_workflow_run, parent: acme/api, reason: denied}]
    expect: [{item: "acme/api#1", conclusion: UNKNOWN, reason: denied}]
  - name: pull requests could not be read anywhere
    like: one workflow succeeded
    gaps: [{table: github_pull_request, reason: timeout}]
    expect: [{item: "acme/api#1", conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    expect: {CONFORMS: 6, DEVIATES: 1}
*/
with judged as (
  select
    pr.key,
    coalesce(pr.to_default_branch, false) as to_default_branch,
    exists (
      select run.key
      from github_workflow_run as run
      where run.repo = pr.repo and run.head_sha = pr.head_sha and run.created <= pr.merged_at
    ) as ran,
    exists (
      select run.key
      from github_workflow_run as run
      where run.repo = pr.repo and run.head_sha = pr.head_sha and run.created <= pr.merged_at and run.conclusion = 'success'
    ) as succeeded,
    exists (
      select run.key
      from github_workflow_run as run
      where run.repo = pr.repo and run.head_sha = pr.head_sha and run.created <= pr.merged_at
        and coalesce(run.conclusion, 'none') not in ('success', 'skipped', 'neutral')
        and not exists (
          select later.key
          from github_workflow_run as later
          where later.repo = run.repo and later.head_sha = run.head_sha and later.workflow is not distinct from run.workflow
            and later.created > run.created and later.created <= pr.merged_at
        )
    ) as failed,
    pr.head_sha,
    pr.merged_at
  from github_pull_request as pr
  where pr.merged_at >= $period_start and pr.merged_at < $period_end
)
select
  judged.key as item,
  case
    when not judged.to_default_branch then 'NOT_APPLICABLE'
    when judged.succeeded and not judged.failed then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not judged.to_default_branch then 'merged into another branch'
    when not judged.ran then 'no workflow ran on its last commit before the merge'
    when judged.failed then 'a workflow did not succeed'
    when judged.succeeded then 'every workflow succeeded'
    else 'no workflow succeeded on its last commit'
  end as reason,
  judged.head_sha as saw_head,
  judged.merged_at as saw_merged
from judged
