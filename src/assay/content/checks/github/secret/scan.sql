/*
title: Secret scanning is on in every repository
controls: [IAM-13]
tables: [github_repo]
kind: item
severity: high
needs: "plan: GitHub Secret Protection for private repositories"
shows: Whether GitHub looks for known kinds of secret in the repository's history.
does_not_show: Secrets of a shape that GitHub does not know, and whether a push that holds one is refused.
remedy:
  console: Repository > Settings > Advanced Security > Secret Protection > Enable.
  cli: gh api -X PATCH repos/OWNER/REPO -f 'security_and_analysis[secret_scanning][status]=enabled'
  terraform: github_repository, security_and_analysis > secret_scanning > status = "enabled".
cases:
  - name: scanning is on
    github_repo: [{key: acme/api, private: false, secret_scanning: enabled, push_protection: enabled}]
    expect: [{item: acme/api, conclusion: CONFORMS, saw_private: false, saw_push_protection: enabled}]
  - name: scanning is off
    like: scanning is on
    change: {github_repo: [{private: true, secret_scanning: disabled}]}
    expect: [{item: acme/api, conclusion: DEVIATES, saw_private: true}]
  - name: GitHub names no state
    like: scanning is on
    change: {github_repo: [{secret_scanning: null}]}
    expect: [{item: acme/api, conclusion: DEVIATES}]
  - name: settings of an archived repository cannot be changed
    like: scanning is off
    change: {github_repo: [{archived: true}]}
    expect: [{item: acme/api, conclusion: NOT_APPLICABLE}]
  - name: an archived repository that is still scanned
    like: scanning is on
    change: {github_repo: [{archived: true}]}
    expect: [{item: acme/api, conclusion: CONFORMS}]
  - name: GitHub tells only administrators
    like: scanning is on
    gaps: [{table: github_repo, key: acme/api, columns: [secret_scanning, push_protection], reason: denied}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 2, DEVIATES: 7, NOT_APPLICABLE: 1}
*/
select
  repo.key as item,
  case
    when coalesce(repo.secret_scanning, 'disabled') = 'enabled' then 'CONFORMS'
    when repo.archived then 'NOT_APPLICABLE'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(repo.secret_scanning, 'disabled') = 'enabled' then 'on'
    when repo.archived then 'archived, and its settings cannot be changed'
    else 'off'
  end as reason,
  repo.private as saw_private,
  repo.push_protection as saw_push_protection
from github_repo as repo
