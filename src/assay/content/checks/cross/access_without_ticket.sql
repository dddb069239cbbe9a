/*
title: Every account opened in the period has an access ticket that someone else had approved before
controls: [IAM-01]
tables: [account, ticket]
parameters: [access_ticket_type]
links: {ticket: everywhere}
kind: population
occurs: {account: created}
severity: high
shows: Whether a ticket of the access type names the system and the account or its address, and was approved before the opening by neither who asked nor who got it.
does_not_show: Rights added later to the account, and accounts opened and closed between two collections.
remedy:
  console: Have the system owner decide on the account now; record the decision in a ticket, and enter the missed approval in the deficiency log.
  cli: "None: closing an account is a command of its own in each system, and whether to close this one is for the system's owner to decide."
  terraform: "None: a ticket and its approval are acts of people, which no resource stands for."
cases:
  - name: approved before by someone else
    period: {start: 2026-01-01T00:00:00Z, end: 2026-03-01T00:00:00Z}
    parameters: {access_ticket_type: access}
    account: [{key: crm/ben, system: CRM, user: Ben, email: ben@acme.example, created: 2026-02-01T12:00:00Z}]
    ticket: [{ticket: ACC-1, kind: access, system: crm, for_email: ben@acme.example, requested_by: dev@acme.example, approved_by: ada@acme.example, approved: 2026-02-01T12:00:00Z, state: done}]
    expect: [{item: crm/ben, conclusion: CONFORMS}]
  - name: approved an instant after the opening
    like: approved before by someone else
    change: {ticket: [{approved: 2026-02-01T12:00:01Z}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its ticket was approved only after the opening}]
  - name: the ticket names the account, not the address
    like: approved before by someone else
    change: {ticket: [{for_email: null, for_account: ben}], account: [{email: null, kind: service}]}
    expect: [{item: crm/ben, conclusion: CONFORMS}]
  - name: the ticket is for another system
    like: approved before by someone else
    change: {ticket: [{system: mail}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: no access ticket names it}]
  - name: the ticket is of another type
    like: approved before by someone else
    change: {ticket: [{kind: question}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: no access ticket names it}]
  - name: the ticket was never approved
    like: approved before by someone else
    change: {ticket: [{approved: null, approved_by: null, state: open}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its ticket is not approved}]
  - name: the ticket was rejected
    like: approved before by someone else
    change: {ticket: [{state: rejected}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its ticket is not approved}]
  - name: who asked approved it
    like: approved before by someone else
    change: {ticket: [{approved_by: dev@acme.example}]}
    expect: [{item: crm/ben, conclusion: DEVIATES, reason: its ticket was approved by who asked or who got it}]
  - name: who got the account approved it
    like: approved before by someone else
    change: {ticket: [{approved_by: ben@acme.example}]}
    expect: [{item: crm/ben, conclusion: DEVIATES}]
  - name: opened before the period, or at an unknown time
    like: approved before by someone else
    change: {account: [{created: 2025-12-31T23:59:59Z}, {key: crm/dev, system: crm, user: dev}]}
    expect: []
  - name: tickets are not known
    like: approved before by someone else
    gaps: [{table: ticket, account: tracker, reason: not_connected}]
    expect: [{item: crm/ben, conclusion: UNKNOWN, reason: not_connected}]
  - name: accounts of one system could not be read
    like: approved before by someone else
    gaps: [{table: account, account: mail, reason: malformed}]
    expect: [{item: crm/ben, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, account: mail}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    period: {start: 2026-08-18T07:00:00Z, end: 2026-11-16T07:00:00Z}
    parameters: {access_ticket_type: access}
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
with asked as (
  select
    ticket.key,
    lower(ticket.system) as system,
    lower(ticket.for_email) as for_email,
    lower(ticket.for_account) as for_account,
    lower(ticket.approved_by) as approved_by,
    lower(ticket.requested_by) as requested_by,
    case
      when coalesce(ticket.state, 'open') in ('approved', 'done') and coalesce(ticket.approved_by, '') <> '' then ticket.approved
    end as approved
  from ticket
  where lower(ticket.kind) = lower($access_ticket_type)
),
named as (
  select
    opened.key,
    count(asked.key) as tickets,
    count(asked.approved) as approvals,
    count(case when asked.approved <= opened.created then asked.key end) as before,
    count(
      case
        when asked.approved <= opened.created
          and asked.approved_by is distinct from asked.requested_by
          and asked.approved_by is distinct from asked.for_email
          and asked.approved_by is distinct from lower(opened.email)
          then asked.key
      end
    ) as by_another
  from account as opened
  left join asked
    on asked.system = lower(opened.system)
    and (asked.for_email = lower(opened.email) or asked.for_account = lower(opened.user))
  where opened.created >= $period_start and opened.created < $period_end
  group by opened.key
)
select
  named.key as item,
  case when named.by_another > 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when named.by_another > 0 then 'an approved access ticket names it'
    when named.before > 0 then 'its ticket was approved by who asked or who got it'
    when named.approvals > 0 then 'its ticket was approved only after the opening'
    when named.tickets > 0 then 'its ticket is not approved'
    else 'no access ticket names it'
  end as reason
from named
