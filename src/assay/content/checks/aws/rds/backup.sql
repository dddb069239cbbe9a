/*
title: Automated backups of every database are kept as long as the company says
controls: [AVL-02]
tables: [aws_rds_instance, aws_rds_cluster]
items: [aws_rds_instance, aws_rds_cluster]
parameters: [database_backup_days]
kind: item
severity: high
shows: For how many days RDS keeps the automated backups of each database instance and each cluster.
does_not_show: That a backup restores.
remedy:
  console: RDS > Databases > the instance or cluster > Modify > Backup retention period.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --backup-retention-period DAYS --apply-immediately; for a cluster aws rds modify-db-cluster --db-cluster-identifier NAME --backup-retention-period DAYS
  terraform: aws_db_instance or aws_rds_cluster, argument backup_retention_period.
cases:
  - name: kept long enough
    parameters: {database_backup_days: 7}
    aws_rds_instance: [{key: main, name: main, engine: postgres, backup_days: 7}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: kept too short
    like: kept long enough
    change: {aws_rds_instance: [{backup_days: 6}]}
    expect: [{item: main, conclusion: DEVIATES, reason: kept for fewer days than the company says, saw_backup_days: 6}]
  - name: no backups at all
    like: kept long enough
    change: {aws_rds_instance: [{backup_days: 0}]}
    expect: [{item: main, conclusion: DEVIATES, reason: no automated backups}]
  - name: a read replica holds nothing that its source does not
    like: no backups at all
    change: {aws_rds_instance: [{replica_of: primary}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: a read replica whose source is backed up, saw_replica_of: primary}]
  - name: a member of a cluster
    like: no backups at all
    change: {aws_rds_instance: [{cluster: orders, engine: aurora-postgresql}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: backed up with its cluster}]
  - name: clusters are judged by their own setting
    aws_rds_cluster:
      - {key: long, name: long, engine: aurora-mysql, backup_days: 7}
      - {key: short, name: short, engine: aurora-mysql, backup_days: 1}
    expect:
      - {item: long, table: aws_rds_cluster, conclusion: CONFORMS}
      - {item: short, table: aws_rds_cluster, conclusion: DEVIATES, reason: kept for fewer days than the company says}
  - name: instances of a region could not be listed
    like: kept long enough
    gaps: [{table: aws_rds_instance, region: us-east-1, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1, reason: denied}]
  - name: clusters could not be listed
    like: kept long enough
    gaps: [{table: aws_rds_cluster, reason: throttled}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, table: aws_rds_cluster, reason: throttled}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 3, DEVIATES: 2, NOT_APPLICABLE: 3}
*/
select
  db.key as item,
  case
    when db.cluster is not null then 'NOT_APPLICABLE'
    when db.replica_of is not null and coalesce(db.backup_days, 0) = 0 then 'NOT_APPLICABLE'
    when db.backup_days >= $database_backup_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'backed up with its cluster'
    when db.replica_of is not null and coalesce(db.backup_days, 0) = 0 then 'a read replica whose source is backed up'
    when db.backup_days >= $database_backup_days then 'kept long enough'
    when coalesce(db.backup_days, 0) = 0 then 'no automated backups'
    else 'kept for fewer days than the company says'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine,
  db.backup_days as saw_backup_days,
  db.replica_of as saw_replica_of
from aws_rds_instance as db
union all
select
  cluster.key as item,
  case when cluster.backup_days >= $database_backup_days then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when cluster.backup_days >= $database_backup_days then 'kept long enough'
    else 'kept for fewer days than the company says'
  end as reason,
  cluster.name as saw_name,
  cluster.engine as saw_engine,
  cluster.backup_days as saw_backup_days,
  cast(null as text) as saw_replica_of
from aws_rds_cluster as cluster
