/*
title: The storage of every database cluster is encrypted
controls: [DAT-01]
tables: [aws_rds_cluster]
kind: item
severity: high
shows: "Whether the storage of each cluster is encrypted: Aurora, Multi-AZ clusters, DocumentDB and Neptune."
does_not_show: Encryption of fields inside the database, and of exports.
remedy:
  console: RDS > Snapshots > restore a snapshot of the cluster with encryption enabled > move the application > delete the old cluster. It cannot be switched on in place.
  cli: aws rds restore-db-cluster-from-snapshot --db-cluster-identifier NEW --snapshot-identifier SNAPSHOT --engine ENGINE --kms-key-id KEY
  terraform: aws_rds_cluster, arguments storage_encrypted = true and kms_key_id; changing them replaces the cluster.
cases:
  - name: encrypted storage
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-postgresql, encrypted: true}]
    expect: [{item: orders, conclusion: CONFORMS, reason: encrypted}]
  - name: plain storage
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-postgresql, encrypted: false}]
    expect: [{item: orders, conclusion: DEVIATES, reason: not encrypted}]
  - name: clusters could not be listed
    like: encrypted storage
    gaps: [{table: aws_rds_cluster, reason: denied}]
    expect: [{item: orders, conclusion: UNKNOWN, reason: denied}]
  - name: the answer did not say
    like: encrypted storage
    gaps: [{table: aws_rds_cluster, key: orders, columns: [encrypted], reason: malformed}]
    expect: [{item: orders, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  cluster.key as item,
  case when cluster.encrypted then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when cluster.encrypted then 'encrypted' else 'not encrypted' end as reason,
  cluster.name as saw_name,
  cluster.engine as saw_engine,
  cluster.kms_key as saw_kms_key
from aws_rds_cluster as cluster
