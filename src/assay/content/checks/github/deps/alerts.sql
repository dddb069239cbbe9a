/*
title: Dependabot alerts are on in every repository
controls: [CHG-10, VUL-01]
tables: [github_repo]
kind: item
severity: medium
shows: Whether GitHub raises an alert when a dependency of the repository has a known vulnerability.
does_not_show: Package ecosystems that Dependabot does not read, and what other scanners find.
remedy:
  console: Organization > Settings > Advanced Security > Configurations > apply one with Dependabot alerts enabled.
  cli: gh api -X PUT repos/OWNER/REPO/vulnerability-alerts
  terraform: github_repository, argument vulnerability_alerts = true.
cases:
  - name: alerts are on
    github_repo: [{key: acme/api, dependabot_alerts: true}]
    expect: [{item: acme/api, conclusion: CONFORMS}]
  - name: alerts are off
    like: alerts are on
    change: {github_repo: [{dependabot_alerts: false}]}
    expect: [{item: acme/api, conclusion: DEVIATES}]
  - name: an archived repository is not asked
    like: alerts are on
    change: {github_repo: [{archived: true, dependabot_alerts: null}]}
    expect: [{item: acme/api, conclusion: NOT_APPLICABLE, reason: archived}]
  - name: GitHub did not tell for one repository
    like: alerts are on
    change: {github_repo: [{}, {key: acme/web, dependabot_alerts: false}]}
    gaps: [{table: github_repo, key: acme/api, columns: [dependabot_alerts], reason: denied}]
    expect: [{item: acme/api, conclusion: UNKNOWN, reason: denied}, {item: acme/web, conclusion: DEVIATES}]
  - name: what is not read changes nothing
    like: alerts are on
    gaps: [{table: github_repo, key: acme/api, columns: [secret_scanning], reason: denied}]
    expect: [{item: acme/api, conclusion: CONFORMS}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 7, DEVIATES: 2, NOT_APPLICABLE: 1}
*/
select
  repo.key as item,
  case
    when repo.archived then 'NOT_APPLICABLE'
    when coalesce(repo.dependabot_alerts, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when repo.archived then 'archived'
    when coalesce(repo.dependabot_alerts, false) then 'on'
    else 'off'
  end as reason
from github_repo as repo
