/*
title: Every outside collaborator is named in an approved access ticket
controls: [IAM-01, CHG-09]
tables: [github_outside_collaborator, ticket]
parameters: [access_ticket_type]
links: {ticket: everywhere}
kind: item
severity: medium
shows: Whether an access ticket for GitHub names the collaborator's log-in and was approved by someone other than who asked and who gets it.
does_not_show: That the work still needs the access, and which repositories the ticket allowed.
remedy:
  console: Organization > People > Outside collaborators > remove the person, or have the system owner approve a ticket that names the log-in.
  cli: gh api -X DELETE orgs/ORG/outside_collaborators/LOGIN
  terraform: Remove the person's github_repository_collaborator, or keep the ticket's number beside it.
cases:
  - name: an approved ticket names the log-in
    parameters: {access_ticket_type: access}
    github_outside_collaborator: [{login: Marcus-B, kind: User}]
    ticket: [{ticket: ACC-1, kind: access, system: GitHub, for_account: marcus-b, for_email: marcus@firm.example, requested_by: ada@acme.example, approved_by: ben@acme.example, approved: 2026-01-29T14:00:00Z, state: done}]
    expect: [{item: Marcus-B, conclusion: CONFORMS}]
  - name: the ticket is for another system
    like: an approved ticket names the log-in
    change: {ticket: [{system: crm}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES, reason: no access ticket names this log-in}]
  - name: the ticket asks for something else
    like: an approved ticket names the log-in
    change: {ticket: [{kind: offboarding}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES}]
  - name: the ticket is not approved
    like: an approved ticket names the log-in
    change: {ticket: [{approved: null, approved_by: null, state: open}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES, reason: its access ticket is not approved}]
  - name: the ticket was rejected
    like: an approved ticket names the log-in
    change: {ticket: [{state: rejected}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES, reason: its access ticket is not approved}]
  - name: who asked approved it
    like: an approved ticket names the log-in
    change: {ticket: [{approved_by: ada@acme.example}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES, reason: its access ticket was approved by who asked or who gets it}]
  - name: who gets the access approved it
    like: an approved ticket names the log-in
    change: {ticket: [{approved_by: marcus@firm.example}]}
    expect: [{item: Marcus-B, conclusion: DEVIATES}]
  - name: approved after the as-of instant
    like: an approved ticket names the log-in
    as_of: 2026-01-29T13:59:59Z
    expect: [{item: Marcus-B, conclusion: DEVIATES}]
  - name: a second ticket was approved by someone else
    like: who asked approved it
    change: {ticket: [{}, {ticket: ACC-2, kind: access, system: github, for_account: marcus-b, requested_by: ada@acme.example, approved_by: ben@acme.example, approved: 2026-02-01T00:00:00Z, state: approved}]}
    expect: [{item: Marcus-B, conclusion: CONFORMS}]
  - name: the account of an app
    github_outside_collaborator: [{login: helper, kind: Bot}]
    expect: [{item: helper, conclusion: NOT_APPLICABLE}]
  - name: tickets are not known
    like: an approved ticket names the log-in
    gaps: [{table: ticket, account: tracker, reason: not_connected}]
    expect: [{item: Marcus-B, conclusion: UNKNOWN, reason: not_connected}]
  - name: collaborators could not be listed
    gaps: [{table: github_outside_collaborator, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN}]
  - name: through the collectors
    recording: [github/small-company, file/exports]
    as_of: 2026-11-16T07:00:00Z
    parameters: {access_ticket_type: access}
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
with asked as (
  select
    lower(ticket.for_account) as login,
    logical_or(coalesce(ticket.state, 'open') in ('approved', 'done') and coalesce(ticket.approved <= $as_of, false)) as approved,
    logical_or(
      coalesce(ticket.state, 'open') in ('approved', 'done')
      and coalesce(ticket.approved <= $as_of, false)
      and coalesce(ticket.approved_by, '') <> ''
      and ticket.approved_by is distinct from ticket.requested_by
      and ticket.approved_by is distinct from ticket.for_email
    ) as approved_by_another
  from ticket
  where lower(ticket.kind) = lower($access_ticket_type) and contains(lower(ticket.system), 'github') and ticket.for_account is not null
  group by lower(ticket.for_account)
)
select
  outsider.key as item,
  case
    when outsider.kind = 'Bot' then 'NOT_APPLICABLE'
    when coalesce(asked.approved_by_another, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when outsider.kind = 'Bot' then 'an app''s account'
    when coalesce(asked.approved_by_another, false) then 'an approved access ticket names this log-in'
    when asked.login is null then 'no access ticket names this log-in'
    when asked.approved then 'its access ticket was approved by who asked or who gets it'
    else 'its access ticket is not approved'
  end as reason
from github_outside_collaborator as outsider
left join asked on asked.login = lower(outsider.login)
