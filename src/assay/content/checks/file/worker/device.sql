/*
title: Every current worker has a managed device
controls: [END-01]
tables: [hr_person, device]
parameters: [device_grace_days]
links: {device: everywhere}
kind: item
severity: medium
shows: Whether the device manager lists a managed device in use for each worker who has been with the company longer than delivery may take.
does_not_show: Other machines that the worker uses, and whether the device is set up as it should be.
remedy:
  console: Give the worker a managed device, or enrol the one in use in the device manager under the worker's address.
  cli: "None in general: a device is enrolled in the device manager, by the user or by whoever hands it out."
  terraform: "None: which worker has which device is a record of the device manager, not a resource."
cases:
  - name: a worker with a managed device
    parameters: {device_grace_days: 7}
    hr_person: [{email: ben@acme.example, state: active, started: 2026-01-01T00:00:00Z}]
    device: [{device: LT-1, owner_email: ben@acme.example, state: in_use, managed: true}]
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: has a managed device}]
  - name: a worker without a device
    like: a worker with a managed device
    device: []
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: has no device}]
  - name: the device is not managed
    like: a worker with a managed device
    change: {device: [{managed: false}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES, reason: has no device that is managed and in use}]
  - name: the device was lost
    like: a worker with a managed device
    change: {device: [{state: lost}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES}]
  - name: a second device is managed
    like: the device was lost
    change: {device: [{}, {device: LT-2, owner_email: ben@acme.example, state: in_use, managed: true}]}
    expect: [{item: ben@acme.example, conclusion: CONFORMS}]
  - name: a new worker waits for a device
    like: a worker without a device
    change: {hr_person: [{started: 2026-02-22T00:00:01Z}]}
    expect: [{item: ben@acme.example, conclusion: CONFORMS, reason: began within the time that delivery may take, changes_at: 2026-03-01T00:00:01Z}]
  - name: the first instant past the time for delivery
    like: a worker without a device
    change: {hr_person: [{started: 2026-02-22T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES}]
  - name: a start that nobody wrote down gives no time for delivery
    like: a worker without a device
    change: {hr_person: [{started: null}]}
    expect: [{item: ben@acme.example, conclusion: DEVIATES}]
  - name: a leaver needs none
    like: a worker without a device
    change: {hr_person: [{ended: 2026-02-28T00:00:00Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: no longer works here}]
  - name: a leaver without a date needs none either
    like: a worker without a device
    change: {hr_person: [{state: left}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE}]
  - name: somebody who begins later
    like: a worker without a device
    change: {hr_person: [{started: 2026-03-01T00:00:01Z}]}
    expect: [{item: ben@acme.example, conclusion: NOT_APPLICABLE, reason: has not begun}]
  - name: devices are not known
    like: a worker with a managed device
    gaps: [{table: device, account: mdm, reason: not_connected}]
    expect: [{item: ben@acme.example, conclusion: UNKNOWN, reason: not_connected}]
  - name: workers could not be read
    gaps: [{table: hr_person, account: hr, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {device_grace_days: 7}
    expect: {CONFORMS: 4, DEVIATES: 3, NOT_APPLICABLE: 3}
*/
with owned as (
  select
    lower(device.owner_email) as email,
    logical_or(coalesce(device.state = 'in_use', false) and coalesce(device.managed, false)) as managed
  from device
  where device.owner_email is not null
  group by lower(device.owner_email)
),
equipped as (
  select
    person.key,
    coalesce(person.started > $as_of, false) as ahead,
    coalesce(coalesce(person.ended, person.contract_end) <= $as_of, coalesce(person.state, 'active') = 'left') as gone,
    owned.email is not null as has_one,
    coalesce(owned.managed, false) as managed,
    person.started + to_days($device_grace_days) as limit_at
  from hr_person as person
  left join owned on owned.email = lower(person.email)
)
select
  equipped.key as item,
  case
    when equipped.gone or equipped.ahead then 'NOT_APPLICABLE'
    when equipped.managed or coalesce(equipped.limit_at > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when equipped.gone then 'no longer works here'
    when equipped.ahead then 'has not begun'
    when equipped.managed then 'has a managed device'
    when equipped.limit_at > $as_of then 'began within the time that delivery may take'
    when equipped.has_one then 'has no device that is managed and in use'
    else 'has no device'
  end as reason,
  case
    when not equipped.gone and not equipped.ahead and not equipped.managed and equipped.limit_at > $as_of then equipped.limit_at
  end as changes_at
from equipped
