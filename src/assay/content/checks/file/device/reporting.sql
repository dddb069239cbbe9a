/*
title: Every device in use reported within the days that the company allows
controls: [END-01]
tables: [device]
parameters: [device_report_max_days]
kind: item
severity: medium
shows: Whether the latest report of each device in use is younger than the company allows.
does_not_show: What the device reported, and devices that the device manager does not know.
remedy:
  console: Ask the user to connect the device; where it cannot be found, follow the procedure for a lost device.
  cli: "None: the device has to be found and connected by whoever holds it."
  terraform: "None: whether a device reports is not a setting of any resource."
cases:
  - name: reported lately
    parameters: {device_report_max_days: 30}
    device: [{device: LT-1, state: in_use, last_report: 2026-02-20T00:00:00Z}]
    expect: [{item: LT-1, conclusion: CONFORMS, changes_at: 2026-03-22T00:00:00Z}]
  - name: the first instant past the limit
    like: reported lately
    change: {device: [{last_report: 2026-01-30T00:00:00Z}]}
    expect: [{item: LT-1, conclusion: DEVIATES, reason: silent longer than the limit}]
  - name: enrolled and never heard of
    like: reported lately
    change: {device: [{last_report: null, enrolled: 2025-12-01T00:00:00Z}]}
    expect: [{item: LT-1, conclusion: DEVIATES, reason: silent longer than the limit}]
  - name: enrolled the other day, not heard of yet
    like: reported lately
    change: {device: [{last_report: null, enrolled: 2026-02-27T00:00:00Z}]}
    expect: [{item: LT-1, conclusion: CONFORMS, changes_at: 2026-03-29T00:00:00Z}]
  - name: neither enrolment nor report has a date
    like: reported lately
    change: {device: [{last_report: null}]}
    expect: [{item: LT-1, conclusion: UNKNOWN, reason: the export gives no report and no enrolment}]
  - name: a lost device is known to be silent
    like: the first instant past the limit
    change: {device: [{state: lost}]}
    expect: [{item: LT-1, conclusion: NOT_APPLICABLE, reason: not in use}]
  - name: devices could not be read
    gaps: [{table: device, account: mdm, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: mdm}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    parameters: {device_report_max_days: 30}
    expect: {CONFORMS: 4, DEVIATES: 1, NOT_APPLICABLE: 3}
*/
with heard as (
  select
    held.key,
    coalesce(held.state, 'in_use') <> 'in_use' as unused,
    coalesce(held.last_report, held.enrolled) + to_days($device_report_max_days) as limit_at
  from device as held
)
select
  heard.key as item,
  case
    when heard.unused then 'NOT_APPLICABLE'
    when heard.limit_at is null then 'UNKNOWN'
    when heard.limit_at > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when heard.unused then 'not in use'
    when heard.limit_at is null then 'the export gives no report and no enrolment'
    when heard.limit_at > $as_of then 'heard of within the limit'
    else 'silent longer than the limit'
  end as reason,
  case when not heard.unused and heard.limit_at > $as_of then heard.limit_at end as changes_at
from heard
