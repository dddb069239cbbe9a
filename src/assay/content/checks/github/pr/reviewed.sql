/*
title: Every change merged in the period was approved before the merge by someone other than its author
controls: [CHG-02]
tables: [github_pull_request, github_pull_request_review]
links: {github_pull_request_review: {parent: key}}
kind: population
occurs: {github_pull_request: merged_at}
severity: high
shows: Whether each pull request that was merged into a default branch had, at that moment, the standing approval of a person who had not opened it.
does_not_show: How carefully it was read, and commits pushed after the approval unless stale approvals are dismissed.
remedy:
  console: Repository > Settings > Rules > the ruleset > Require a pull request before merging; review the merged change now and record the outcome.
  cli: gh pr list --repo OWNER/REPO --state merged --search 'review:none'
  terraform: github_repository_ruleset, rules > pull_request > required_approving_review_count.
cases:
  - name: approved by somebody else before the merge
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    github_pull_request: [{key: "acme/api#1", repo: acme/api, number: 1, author: ben, merged_at: 2026-02-01T12:00:00Z, to_default_branch: true}]
    github_pull_request_review: [{key: "acme/api#1/1", parent: "acme/api#1", reviewer: dev, reviewer_kind: User, state: APPROVED, submitted: 2026-02-01T12:00:00Z}]
    expect: [{item: "acme/api#1", conclusion: CONFORMS, saw_author: ben, saw_merged: 2026-02-01T12:00:00Z}]
  - name: approved only after the merge
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{submitted: 2026-02-01T12:00:01Z}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: approved only after the merge}]
  - name: the author approved it
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{reviewer: ben}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no approval by another person}]
  - name: an app approved it
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{reviewer: "helper[bot]", reviewer_kind: Bot}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no approval by another person}]
  - name: a comment is no approval
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{state: COMMENTED}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES}]
  - name: no review at all
    like: approved by somebody else before the merge
    github_pull_request_review: []
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: no approval by another person}]
  - name: the approval was dismissed
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{state: DISMISSED}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: the approval was withdrawn}]
  - name: the same person asked for changes afterwards
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{submitted: 2026-02-01T10:00:00Z}, {key: "acme/api#1/2", parent: "acme/api#1", reviewer: dev, state: CHANGES_REQUESTED, submitted: 2026-02-01T11:00:00Z}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES, reason: the approval was withdrawn}]
  - name: and then approved after all
    like: the same person asked for changes afterwards
    change: {github_pull_request_review: [{}, {}, {key: "acme/api#1/3", parent: "acme/api#1", reviewer: dev, state: APPROVED, submitted: 2026-02-01T11:30:00Z}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: a comment after the approval takes nothing away
    like: the same person asked for changes afterwards
    change: {github_pull_request_review: [{}, {state: COMMENTED}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: the reviewer's account is gone, the author's is not
    like: approved by somebody else before the merge
    change: {github_pull_request_review: [{reviewer: null}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: neither account is there any more
    like: approved by somebody else before the merge
    change: {github_pull_request: [{author: null}], github_pull_request_review: [{reviewer: null}]}
    expect: [{item: "acme/api#1", conclusion: DEVIATES}]
  - name: merged into another branch
    like: no review at all
    change: {github_pull_request: [{to_default_branch: false, base_branch: next}]}
    expect: [{item: "acme/api#1", conclusion: NOT_APPLICABLE, reason: merged into another branch}]
  - name: the first instant counts, the last does not, and what was not merged is no item
    like: approved by somebody else before the merge
    change: {github_pull_request: [{merged_at: 2026-01-01T00:00:00Z}, {key: "acme/api#2", merged_at: 2026-03-01T00:00:00Z, to_default_branch: true}, {key: "acme/api#3", merged_at: null}], github_pull_request_review: [{submitted: 2025-12-31T12:00:00Z}]}
    expect: [{item: "acme/api#1", conclusion: CONFORMS}]
  - name: reviews of one change could not be read
    like: approved by somebody else before the merge
    change: {github_pull_request: [{}, {key: "acme/api#2", author: ben, merged_at: 2026-02-02T00:00:00Z, to_default_branch: true}]}
    gaps: [{table: github_pull_request_review, parent: "acme/api#1", reason: denied}]
    expect: [{item: "acme/api#1", conclusion: UNKNOWN, reason: denied}, {item: "acme/api#2", conclusion: DEVIATES}]
  - name: pull requests of one repository could not be read
    like: approved by somebody else before the merge
    gaps: [{table: github_pull_request, parent: acme/web, reason: timeout}]
    expect: [{item: "acme/api#1", conclusion: CONFORMS}, {item: acme/web, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    expect: {CONFORMS: 4, DEVIATES: 3}
*/
with reviewed as (
  select
    pr.key,
    coalesce(pr.to_default_branch, false) as to_default_branch,
    exists (
      select given.key
      from github_pull_request_review as given
      where given.parent = pr.key and given.state = 'APPROVED' and given.submitted <= pr.merged_at
        and given.reviewer is distinct from pr.author and coalesce(given.reviewer_kind, 'User') <> 'Bot'
        and not exists (
          select later.key
          from github_pull_request_review as later
          where later.parent = given.parent and later.reviewer is not distinct from given.reviewer
            and later.state in ('CHANGES_REQUESTED', 'DISMISSED')
            and later.submitted > given.submitted and later.submitted <= pr.merged_at
        )
    ) as approved,
    exists (
      select given.key
      from github_pull_request_review as given
      where given.parent = pr.key and given.state in ('APPROVED', 'DISMISSED') and given.submitted <= pr.merged_at
        and given.reviewer is distinct from pr.author and coalesce(given.reviewer_kind, 'User') <> 'Bot'
    ) as approved_once,
    exists (
      select given.key
      from github_pull_request_review as given
      where given.parent = pr.key and given.state = 'APPROVED'
        and given.reviewer is distinct from pr.author and coalesce(given.reviewer_kind, 'User') <> 'Bot'
    ) as approved_ever,
    pr.author,
    pr.merged_at
  from github_pull_request as pr
  where pr.merged_at >= $period_start and pr.merged_at < $period_end
)
select
  reviewed.key as item,
  case
    when not reviewed.to_default_branch then 'NOT_APPLICABLE'
    when reviewed.approved then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not reviewed.to_default_branch then 'merged into another branch'
    when reviewed.approved then 'approved by another person before the merge'
    when reviewed.approved_once then 'the approval was withdrawn'
    when reviewed.approved_ever then 'approved only after the merge'
    else 'no approval by another person'
  end as reason,
  reviewed.author as saw_author,
  reviewed.merged_at as saw_merged
from reviewed
