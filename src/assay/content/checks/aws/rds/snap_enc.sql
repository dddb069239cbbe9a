/*
title: RDS and cluster snapshots are encrypted
controls: [DAT-01]
tables: [aws_rds_snapshot, aws_rds_cluster_snapshot]
items: [aws_rds_snapshot, aws_rds_cluster_snapshot]
kind: item
severity: medium
shows: Whether each snapshot that RDS holds is encrypted, automated ones included.
does_not_show: Who may use the key.
remedy:
  console: RDS > Snapshots > the snapshot > Actions > Copy snapshot > Enable encryption > delete the old one. Snapshots of an encrypted database are always encrypted.
  cli: aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT --target-db-snapshot-identifier COPY --kms-key-id KEY
  terraform: aws_db_snapshot_copy, argument kms_key_id; better, encrypt the database itself.
cases:
  - name: encrypted
    aws_rds_snapshot: [{key: daily, name: daily, database: main, encrypted: true}]
    aws_rds_cluster_snapshot: [{key: orders, name: orders, encrypted: true}]
    expect: [{item: daily, conclusion: CONFORMS, saw_database: main}, {item: orders, conclusion: CONFORMS}]
  - name: plain
    aws_rds_snapshot: [{key: daily, name: daily, encrypted: false, snapshot_type: automated}]
    aws_rds_cluster_snapshot: [{key: orders, name: orders, encrypted: false}]
    expect: [{item: daily, conclusion: DEVIATES, reason: not encrypted, saw_type: automated}, {item: orders, conclusion: DEVIATES}]
  - name: snapshots could not be listed
    aws_rds_snapshot: []
    gaps: [{table: aws_rds_snapshot, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: who can restore it has nothing to do with it
    like: encrypted
    gaps: [{table: aws_rds_snapshot, key: daily, columns: [restorable_by], reason: denied}]
    expect: [{item: daily, conclusion: CONFORMS}, {item: orders, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  snapshot.key as item,
  case when snapshot.encrypted then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when snapshot.encrypted then 'encrypted' else 'not encrypted' end as reason,
  snapshot.name as saw_name,
  snapshot.database as saw_database,
  snapshot.snapshot_type as saw_type
from aws_rds_snapshot as snapshot
union all
select
  snapshot.key as item,
  case when snapshot.encrypted then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when snapshot.encrypted then 'encrypted' else 'not encrypted' end as reason,
  snapshot.name as saw_name,
  snapshot.database as saw_database,
  snapshot.snapshot_type as saw_type
from aws_rds_cluster_snapshot as snapshot
