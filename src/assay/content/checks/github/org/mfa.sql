/*
title: The GitHub organization requires two-factor authentication
controls: [IAM-04]
tables: [github_org]
kind: item
severity: high
shows: Whether the organization refuses members and outside collaborators who have no second factor.
does_not_show: How strong the factor is, and MFA at a single sign-on provider.
remedy:
  console: Organization > Settings > Authentication security > Require two-factor authentication for everyone. GitHub removes outside collaborators who have no second factor at that moment, so tell them before.
  cli: "None that sets it: GitHub's API reads the setting and cannot change it. gh api 'orgs/ORG/members?filter=2fa_disabled' lists the members without a second factor, whom to tell before."
  terraform: "None: no resource of the GitHub provider has this setting."
cases:
  - name: a second factor is required
    github_org: [{login: acme, two_factor_required: true}]
    expect: [{item: acme, conclusion: CONFORMS, saw_required: true}]
  - name: it is not required
    like: a second factor is required
    change: {github_org: [{two_factor_required: false}]}
    expect: [{item: acme, conclusion: DEVIATES}]
  - name: nothing says that it is required
    like: a second factor is required
    change: {github_org: [{two_factor_required: null}]}
    expect: [{item: acme, conclusion: DEVIATES}]
  - name: GitHub tells only owners
    like: a second factor is required
    gaps: [{table: github_org, key: acme, columns: [two_factor_required], reason: denied}]
    expect: [{item: acme, conclusion: UNKNOWN, reason: denied}]
  - name: the organization could not be read
    gaps: [{table: github_org, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: github/small-company
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 1}
*/
select
  org.key as item,
  case when coalesce(org.two_factor_required, false) then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when coalesce(org.two_factor_required, false) then 'required of everyone' else 'not required' end as reason,
  org.two_factor_required as saw_required
from github_org as org
