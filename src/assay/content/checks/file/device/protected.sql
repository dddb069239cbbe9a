/*
title: Every device in use or lost is managed, encrypted and locks its screen
controls: [END-01]
tables: [device]
kind: item
severity: high
shows: What the device manager says of each device in use, and of each that is lost, whose content its encryption alone protects.
does_not_show: Devices that the device manager does not know, and whether the recovery key is safe.
remedy:
  console: In the device manager, assign the device the profile that turns on disk encryption and the screen lock, and have the user restart it.
  cli: "None in general: a profile is assigned in the device manager; on the device itself each operating system has its own command."
  terraform: "None: profiles belong to the device manager; where a provider for it exists, assign the profile there."
cases:
  - name: all three hold
    device: [{device: LT-1, state: in_use, managed: true, encrypted: true, screen_lock: true}]
    expect: [{item: LT-1, conclusion: CONFORMS}]
  - name: the disk is not encrypted
    like: all three hold
    change: {device: [{encrypted: false}]}
    expect: [{item: LT-1, conclusion: DEVIATES, reason: the disk is not encrypted}]
  - name: the screen does not lock
    like: all three hold
    change: {device: [{screen_lock: false}]}
    expect: [{item: LT-1, conclusion: DEVIATES, reason: the screen does not lock by itself}]
  - name: nothing controls it
    like: all three hold
    change: {device: [{managed: false}]}
    expect: [{item: LT-1, conclusion: DEVIATES, reason: not managed}]
  - name: the export is silent on one of them
    like: all three hold
    change: {device: [{screen_lock: null}]}
    expect: [{item: LT-1, conclusion: UNKNOWN, reason: the export does not say whether all three hold}]
  - name: silence does not hide what is wrong
    like: the disk is not encrypted
    change: {device: [{screen_lock: null}]}
    expect: [{item: LT-1, conclusion: DEVIATES}]
  - name: in stock
    like: the disk is not encrypted
    change: {device: [{state: in_stock}]}
    expect: [{item: LT-1, conclusion: NOT_APPLICABLE, reason: not in use}]
  - name: a lost device is judged, for its data is out there
    like: the disk is not encrypted
    change: {device: [{state: lost}]}
    expect: [{item: LT-1, conclusion: DEVIATES}]
  - name: devices could not be read
    gaps: [{table: device, account: mdm, reason: malformed}]
    expect: [{item: null, conclusion: UNKNOWN, account: mdm}]
  - name: through the collector
    recording: file/exports
    as_of: 2026-11-16T07:00:00Z
    expect: {CONFORMS: 3, DEVIATES: 2, NOT_APPLICABLE: 2, UNKNOWN: 1}
*/
select
  held.key as item,
  case
    when coalesce(held.state, 'in_use') in ('in_stock', 'retired') then 'NOT_APPLICABLE'
    when not held.encrypted or not held.screen_lock or not held.managed then 'DEVIATES'
    when held.encrypted and held.screen_lock and held.managed then 'CONFORMS'
    else 'UNKNOWN'
  end as conclusion,
  case
    when coalesce(held.state, 'in_use') in ('in_stock', 'retired') then 'not in use'
    when not held.encrypted then 'the disk is not encrypted'
    when not held.screen_lock then 'the screen does not lock by itself'
    when not held.managed then 'not managed'
    when held.encrypted and held.screen_lock and held.managed then 'managed, encrypted and locking'
    else 'the export does not say whether all three hold'
  end as reason
from device as held
