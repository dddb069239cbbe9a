/*
title: The storage of every RDS instance is encrypted
controls: [DAT-01]
tables: [aws_rds_instance]
kind: item
severity: high
shows: Whether RDS encrypts the storage of each database instance, and so its logs, automated backups and snapshots.
does_not_show: Encryption of fields inside the database, and of exports.
remedy:
  console: RDS > Snapshots > copy a snapshot of the instance with encryption enabled > restore the copy > move the application > delete the old instance. It cannot be switched on in place.
  cli: aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT --target-db-snapshot-identifier COPY --kms-key-id KEY
  terraform: aws_db_instance, arguments storage_encrypted = true and kms_key_id; changing them replaces the instance.
cases:
  - name: encrypted storage
    aws_rds_instance: [{key: main, name: main, engine: postgres, encrypted: true, kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
    expect: [{item: main, conclusion: CONFORMS, reason: encrypted, saw_kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1"}]
  - name: plain storage
    aws_rds_instance: [{key: main, name: main, engine: postgres, encrypted: false}]
    expect: [{item: main, conclusion: DEVIATES, reason: not encrypted}]
  - name: a member of a cluster shares the storage of its cluster
    like: plain storage
    change: {aws_rds_instance: [{cluster: orders, engine: aurora-postgresql}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: its storage is the cluster's}]
  - name: instances of one region could not be listed
    like: encrypted storage
    gaps: [{table: aws_rds_instance, region: us-east-1, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1, reason: denied}]
  - name: the answer did not say whether it is encrypted
    like: encrypted storage
    gaps: [{table: aws_rds_instance, key: main, columns: [encrypted], reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 3, DEVIATES: 1, NOT_APPLICABLE: 2}
*/
select
  db.key as item,
  case
    when db.cluster is not null then 'NOT_APPLICABLE'
    when db.encrypted then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'its storage is the cluster''s'
    when db.encrypted then 'encrypted'
    else 'not encrypted'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine,
  db.kms_key as saw_kms_key
from aws_rds_instance as db
