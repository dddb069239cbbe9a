/*
title: Automated backups of a database instance are kept as long as the company says
controls: [AVL-02]
tables: [aws_rds_instance]
parameters: [database_backup_days]
kind: item
severity: high
shows: For how many days RDS keeps the automated backups of each database instance.
does_not_show: That a backup restores, nor the backups of Aurora, which belong to the cluster.
remedy:
  console: RDS > Databases > the instance > Modify > Backup retention period.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --backup-retention-period DAYS --apply-immediately
  terraform: aws_db_instance, argument backup_retention_period.
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
  - name: a member of an Aurora cluster
    like: no backups at all
    change: {aws_rds_instance: [{cluster: orders, engine: aurora-postgresql}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE}]
  - name: instances of a region could not be listed
    like: kept long enough
    gaps: [{table: aws_rds_instance, region: us-east-1, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1, reason: denied}]
*/
select
  db.key as item,
  case
    when db.cluster is not null then 'NOT_APPLICABLE'
    when db.backup_days >= $database_backup_days then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'backed up with its cluster'
    when db.backup_days >= $database_backup_days then 'kept long enough'
    when db.backup_days = 0 then 'no automated backups'
    else 'kept for fewer days than the company says'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine,
  db.backup_days as saw_backup_days
from aws_rds_instance as db
