/*
title: Every commit that reached the default branch in the period came by a merged pull request
controls: [CHG-02, CHG-03]
tables: [github_commit_on_default, github_pull_request]
links: {github_pull_request: {parent: repo}}
kind: population
occurs: {github_commit_on_default: committed}
severity: high
shows: Whether each commit on a default branch is the merge of a pull request into it, or was brought by one.
does_not_show: History that was rewritten before it was collected; the committer's own machine says when a commit was made.
remedy:
  console: Repository > Settings > Rules > the ruleset > Require a pull request before merging; have the pushed commit reviewed now and record the outcome.
  cli: gh api repos/OWNER/REPO/commits/SHA/pulls
  terraform: github_repository_ruleset, rules > pull_request.
cases:
  - name: the merge of a pull request
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    github_commit_on_default: [{key: "acme/api@c1", repo: acme/api, sha: c1, author: ben, committed: 2026-02-01T12:00:00Z, parents: [c0], pull_requests: []}]
    github_pull_request: [{key: "acme/api#1", repo: acme/api, number: 1, merged: true, merge_sha: c1, to_default_branch: true}]
    expect: [{item: "acme/api@c1", conclusion: CONFORMS, reason: the merge of a pull request}]
  - name: brought by a pull request
    like: the merge of a pull request
    change: {github_commit_on_default: [{pull_requests: ["1"]}], github_pull_request: [{merge_sha: c9}]}
    expect: [{item: "acme/api@c1", conclusion: CONFORMS, reason: brought by a merged pull request}]
  - name: brought by a pull request from before events are collected
    like: brought by a pull request
    github_pull_request: []
    expect: [{item: "acme/api@c1", conclusion: CONFORMS}]
  - name: pushed directly
    like: the merge of a pull request
    change: {github_pull_request: [{merge_sha: c9}]}
    expect: [{item: "acme/api@c1", conclusion: DEVIATES, reason: pushed without a pull request, saw_author: ben}]
  - name: the same commit id in another repository
    like: the merge of a pull request
    change: {github_pull_request: [{repo: acme/web}]}
    expect: [{item: "acme/api@c1", conclusion: DEVIATES}]
  - name: its pull request was closed without a merge
    like: the merge of a pull request
    change: {github_pull_request: [{merged: false}]}
    expect: [{item: "acme/api@c1", conclusion: DEVIATES}]
  - name: its pull request was for another branch only
    like: brought by a pull request
    change: {github_pull_request: [{to_default_branch: false}]}
    expect: [{item: "acme/api@c1", conclusion: DEVIATES, reason: its pull request was merged into another branch}]
  - name: the first commit of a repository
    like: pushed directly
    change: {github_commit_on_default: [{parents: []}]}
    expect: [{item: "acme/api@c1", conclusion: NOT_APPLICABLE}]
  - name: a commit without a parent, in a repository where changes were merged before
    like: the first commit of a repository
    change: {github_pull_request: [{merged_at: 2026-02-01T11:59:59Z}]}
    expect: [{item: "acme/api@c1", conclusion: DEVIATES, reason: pushed without a pull request}]
  - name: the first instant counts, the last does not
    like: the merge of a pull request
    change: {github_commit_on_default: [{committed: 2026-01-01T00:00:00Z}, {key: "acme/api@c2", committed: 2026-03-01T00:00:00Z}]}
    expect: [{item: "acme/api@c1", conclusion: CONFORMS}]
  - name: GitHub was not asked which pull request brought it
    like: pushed directly
    gaps: [{table: github_commit_on_default, key: "acme/api@c1", columns: [pull_requests], reason: throttled}]
    expect: [{item: "acme/api@c1", conclusion: UNKNOWN, reason: throttled}]
  - name: pull requests of another repository could not be read
    like: the merge of a pull request
    gaps: [{table: github_pull_request, parent: acme/web, reason: denied}]
    expect: [{item: "acme/api@c1", conclusion: CONFORMS}]
  - name: pull requests of the repository could not be read
    like: pushed directly
    gaps: [{table: github_pull_request, parent: acme/api, reason: denied}]
    expect: [{item: "acme/api@c1", conclusion: UNKNOWN}]
  - name: time before events are collected stands beside
    like: the merge of a pull request
    gaps: [{table: github_commit_on_default, parent: "time before 2026-01-15T00:00:00Z", reason: not_covered}]
    expect: [{item: "acme/api@c1", conclusion: CONFORMS}, {item: "time before 2026-01-15T00:00:00Z", conclusion: UNKNOWN, reason: not_covered}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    expect: {CONFORMS: 7, DEVIATES: 2}
*/
with known as (
  select
    pr.repo,
    min(pr.merged_at) as first_merge,
    array_agg(case when not coalesce(pr.to_default_branch, false) then cast(pr.number as text) end) as elsewhere
  from github_pull_request as pr
  group by pr.repo
),
traced as (
  select
    pushed.key,
    len(coalesce(pushed.parents, [])) = 0 and coalesce(known.first_merge >= pushed.committed, true) as is_first,
    exists (
      select pr.key
      from github_pull_request as pr
      where pr.repo = pushed.repo and pr.merged and pr.to_default_branch and pr.merge_sha = pushed.sha
    ) as is_merge,
    len(coalesce(pushed.pull_requests, [])) as brought_by,
    len(without(coalesce(pushed.pull_requests, []), known.elsewhere)) as brought_here_by,
    pushed.sha,
    pushed.author,
    pushed.committed
  from github_commit_on_default as pushed
  left join known on known.repo = pushed.repo
  where pushed.committed >= $period_start and pushed.committed < $period_end
)
select
  traced.key as item,
  case
    when traced.is_merge or traced.brought_here_by > 0 then 'CONFORMS'
    when traced.is_first then 'NOT_APPLICABLE'
    else 'DEVIATES'
  end as conclusion,
  case
    when traced.is_merge then 'the merge of a pull request'
    when traced.brought_here_by > 0 then 'brought by a merged pull request'
    when traced.is_first then 'the first commit of a repository has nothing to be merged into'
    when traced.brought_by > 0 then 'its pull request was merged into another branch'
    else 'pushed without a pull request'
  end as reason,
  traced.sha as saw_commit,
  traced.author as saw_author,
  traced.committed as saw_committed
from traced
