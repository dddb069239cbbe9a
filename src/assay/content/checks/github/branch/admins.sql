/*
title: The rules of every default branch bind administrators, and only approved actors may bypass them
controls: [CHG-03]
tables: [github_repo, github_branch_protection, github_ruleset]
parameters: [approved_bypass_actors]
links: {github_branch_protection: {parent: key}, github_ruleset: {parent: key}}
kind: item
severity: high
needs: "plan: GitHub Pro, Team or Enterprise for private repositories"
shows: Whether classic protection holds for administrators too, and whether anyone but the approved actors may bypass it or an active ruleset.
does_not_show: Owners who lift a rule for a moment, which the audit log would show.
remedy:
  console: Repository > Settings > Rules > the ruleset > Bypass list; for classic protection, tick Do not allow bypassing the above settings.
  cli: gh api -X POST repos/OWNER/REPO/branches/BRANCH/protection/enforce_admins
  terraform: github_branch_protection, argument enforce_admins; github_repository_ruleset, block bypass_actors.
cases:
  - name: classic protection that binds everyone
    parameters: {approved_bypass_actors: []}
    github_repo: [{key: acme/api}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, binds_admins: true, bypass_actors: []}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_bypass_actors: []}]
  - name: administrators are not bound
    like: classic protection that binds everyone
    change: {github_branch_protection: [{binds_admins: false}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: administrators are not bound}]
  - name: one person need not wait for a review
    like: classic protection that binds everyone
    change: {github_branch_protection: [{bypass_actors: ["User:ben"]}]}
    expect: [{item: acme/api, conclusion: DEVIATES, reason: someone who is not approved may bypass the rules, saw_bypass_actors: ["User:ben"]}]
  - name: that person is approved
    like: one person need not wait for a review
    parameters: {approved_bypass_actors: ["User:ben"]}
    expect: [{item: acme/api, conclusion: CONFORMS, reason: only approved actors may bypass the rules}]
  - name: a ruleset that nobody may bypass
    github_repo: [{key: acme/web}]
    github_ruleset: [{key: acme/web/7/deletion, parent: acme/web, bypass_actors: []}, {key: acme/web/7/pull_request, parent: acme/web, bypass_actors: []}]
    expect: [{item: acme/web, conclusion: CONFORMS}]
  - name: a ruleset that administrators of the repository may bypass
    like: a ruleset that nobody may bypass
    change: {github_ruleset: [{}, {bypass_actors: ["RepositoryRole:5"]}]}
    expect: [{item: acme/web, conclusion: DEVIATES}]
  - name: a weak classic protection beside a strong ruleset is a weakness
    like: administrators are not bound
    github_ruleset: [{key: acme/api/7/deletion, parent: acme/api, bypass_actors: []}]
    expect: [{item: acme/api, conclusion: DEVIATES}]
  - name: no rule that could bind anybody
    github_repo: [{key: acme/web}]
    expect: [{item: acme/web, conclusion: DEVIATES, reason: no rule is laid on the default branch}]
  - name: an archived repository takes no change
    github_repo: [{key: acme/old, archived: true}]
    expect: [{item: acme/old, conclusion: NOT_APPLICABLE}]
  - name: GitHub does not show a reader who may bypass a ruleset
    github_repo: [{key: acme/web}, {key: acme/api}]
    github_branch_protection: [{key: "acme/api:main", parent: acme/api, binds_admins: true, bypass_actors: []}]
    github_ruleset: [{key: acme/web/7/pull_request, parent: acme/web}]
    gaps: [{table: github_ruleset, key: acme/web/7/pull_request, parent: acme/web, columns: [bypass_actors], reason: denied}]
    expect: [{item: acme/web, conclusion: UNKNOWN, reason: denied}, {item: acme/api, conclusion: CONFORMS}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    parameters: {approved_bypass_actors: []}
    expect: {CONFORMS: 3, DEVIATES: 6, NOT_APPLICABLE: 1}
*/
with classic as (
  select
    protection.parent as repo,
    logical_and(coalesce(protection.binds_admins, false)) as binds,
    logical_or(len(unmatched(coalesce(protection.bypass_actors, []), $approved_bypass_actors)) > 0) as bypassed,
    max(protection.bypass_actors) as actors
  from github_branch_protection as protection
  group by protection.parent
),
ruled as (
  select
    rule.parent as repo,
    logical_or(len(unmatched(coalesce(rule.bypass_actors, []), $approved_bypass_actors)) > 0) as bypassed,
    max(rule.bypass_actors) as actors
  from github_ruleset as rule
  group by rule.parent
),
found as (
  select
    repo.key,
    coalesce(repo.archived, false) as archived,
    classic.repo is null and ruled.repo is null as unruled,
    coalesce(classic.binds, true) as binds,
    coalesce(classic.bypassed, false) or coalesce(ruled.bypassed, false) as bypassed,
    list_concat(coalesce(classic.actors, []), coalesce(ruled.actors, [])) as actors
  from github_repo as repo
  left join classic on classic.repo = repo.key
  left join ruled on ruled.repo = repo.key
)
select
  found.key as item,
  case
    when found.archived then 'NOT_APPLICABLE'
    when found.unruled or not found.binds or found.bypassed then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when found.archived then 'archived'
    when found.unruled then 'no rule is laid on the default branch'
    when not found.binds then 'administrators are not bound'
    when found.bypassed then 'someone who is not approved may bypass the rules'
    when len(found.actors) > 0 then 'only approved actors may bypass the rules'
    else 'nobody may bypass the rules'
  end as reason,
  found.actors as saw_bypass_actors
from found
