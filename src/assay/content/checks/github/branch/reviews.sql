/*
title: Every default branch asks for as many approvals as the company requires
controls: [CHG-02, CHG-03]
tables: [github_repo, github_branch_protection, github_ruleset]
parameters: [required_approvals]
links: {github_branch_protection: {parent: key}, github_ruleset: {parent: key}}
kind: item
severity: high
needs: "plan: GitHub Pro, Team or Enterprise for private repositories"
shows: How many approvals a change needs before it can be merged, by classic protection or by an active ruleset, whichever asks for more.
does_not_show: Approvals that were given in fact, which github.pr.reviewed shows, and who may bypass the rule, which github.branch.admins shows.
remedy:
  console: Repository > Settings > Rules > the ruleset > Require a pull request before merging > Required approvals.
  cli: gh api -X PATCH repos/OWNER/REPO/branches/BRANCH/protection/required_pull_request_reviews -F required_approving_review_count=1
  terraform: github_repository_ruleset, rules > pull_request > required_approving_review_count; or github_branch_protection, required_pull_request_reviews.
cases:
  - name: as many as required
    parameters: {required_approvals: 1}
    github_repo: [{key: acme/api}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, reviews_required: true, approvals: 1}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_approvals: 1}]
  - name: fewer than required
    like: as many as required
    parameters: {required_approvals: 2}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: fewer approvals than required}]
  - name: a ruleset asks for more than the classic protection
    like: fewer than required
    github_ruleset: [{key: acme/api/7/pull_request, parent: acme/api, type: pull_request, approvals: 2}, {key: acme/api/7/deletion, parent: acme/api, type: deletion, approvals: 0}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_approvals: 2}]
  - name: a pull request without an approval
    like: as many as required
    change: {github_branch_protection: [{approvals: 0}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: no approval is needed}]
  - name: protection without the rule
    like: as many as required
    change: {github_branch_protection: [{reviews_required: false, approvals: null}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: no approval is needed, saw_approvals: 0}]
  - name: no protection at all
    github_repo: [{key: acme/web}]
    expect: [{item: acme/web, conclusion: DEVIATES, reason: no approval is needed}]
  - name: an archived repository takes no change
    github_repo: [{key: acme/old, archived: true}]
    expect: [{item: acme/old, conclusion: NOT_APPLICABLE}]
  - name: protection of one repository could not be read
    like: as many as required
    gaps: [{table: github_branch_protection, parent: acme/api, reason: denied}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: denied}]
  - name: who may bypass is not read here
    like: as many as required
    github_ruleset: [{key: acme/api/7/pull_request, parent: acme/api, type: pull_request, approvals: 1}]
    gaps: [{table: github_ruleset, key: acme/api/7/pull_request, columns: [bypass_actors], reason: denied}]
    expect: [{item: acme/api, conclusion: CONFORMS}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    parameters: {required_approvals: 1}
    expect: {CONFORMS: 5, DEVIATES: 4, NOT_APPLICABLE: 1}
*/
with classic as (
  select
    protection.parent as repo,
    max(protection.approvals) as approvals
  from github_branch_protection as protection
  where protection.reviews_required
  group by protection.parent
),
ruled as (
  select
    rule.parent as repo,
    max(rule.approvals) as approvals
  from github_ruleset as rule
  where rule.type = 'pull_request'
  group by rule.parent
),
needed as (
  select
    repo.key,
    coalesce(repo.archived, false) as archived,
    greatest(coalesce(classic.approvals, 0), coalesce(ruled.approvals, 0)) as approvals
  from github_repo as repo
  left join classic on classic.repo = repo.key
  left join ruled on ruled.repo = repo.key
)
select
  needed.key as item,
  case
    when needed.archived then 'NOT_APPLICABLE'
    when needed.approvals >= $required_approvals then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when needed.archived then 'archived'
    when needed.approvals >= $required_approvals then 'as many approvals as required'
    when needed.approvals = 0 then 'no approval is needed'
    else 'fewer approvals than required'
  end as reason,
  needed.approvals as saw_approvals
from needed
