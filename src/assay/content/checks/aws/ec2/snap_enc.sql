/*
title: Own snapshots are encrypted
controls: [DAT-01]
tables: [aws_ebs_snapshot]
kind: item
severity: medium
shows: Whether each snapshot that the account owns is encrypted at rest.
does_not_show: Who may use the key.
remedy:
  console: EC2 > Snapshots > the snapshot > Actions > Copy snapshot > Encrypt this snapshot; then delete the old one.
  cli: aws ec2 copy-snapshot --source-region REGION --source-snapshot-id SNAPSHOT --encrypted
  terraform: In aws_ebs_snapshot_copy, encrypted = true; a snapshot of an encrypted aws_ebs_volume is encrypted by itself.
cases:
  - name: encrypted
    aws_ebs_snapshot: [{key: night, snapshot_id: snap-1, volume_id: vol-1, state: completed, encrypted: true, started: 2026-02-01T03:00:00Z}]
    expect: [{item: night, conclusion: CONFORMS, reason: encrypted, saw_volume: vol-1, saw_started: "2026-02-01T03:00:00Z"}]
  - name: not encrypted
    like: encrypted
    change: {aws_ebs_snapshot: [{encrypted: false}]}
    expect: [{item: night, conclusion: DEVIATES, reason: not encrypted}]
  - name: not encrypted and still being made
    like: not encrypted
    change: {aws_ebs_snapshot: [{state: pending}]}
    expect: [{item: night, conclusion: DEVIATES}]
  - name: it failed and holds nothing
    like: not encrypted
    change: {aws_ebs_snapshot: [{state: error}]}
    expect: [{item: night, conclusion: NOT_APPLICABLE, reason: it failed and holds nothing}]
  - name: one snapshot could not be read
    like: encrypted
    gaps: [{table: aws_ebs_snapshot, key: night, columns: [encrypted], reason: malformed}]
    expect: [{item: night, conclusion: UNKNOWN, reason: malformed}]
  - name: who can restore it has nothing to do with it
    like: encrypted
    gaps: [{table: aws_ebs_snapshot, key: night, columns: [public, shared_with], reason: denied}]
    expect: [{item: night, conclusion: CONFORMS}]
  - name: the snapshots of a region could not be listed
    gaps: [{table: aws_ebs_snapshot, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 2}
*/
select
  snapshot.key as item,
  case
    when snapshot.state = 'error' then 'NOT_APPLICABLE'
    when snapshot.encrypted then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when snapshot.state = 'error' then 'it failed and holds nothing'
    when snapshot.encrypted then 'encrypted'
    else 'not encrypted'
  end as reason,
  snapshot.volume_id as saw_volume,
  snapshot.started as saw_started
from aws_ebs_snapshot as snapshot
