/*
title: RDS instances take minor engine versions by themselves
controls: [VUL-03]
tables: [aws_rds_instance]
kind: item
severity: low
shows: Whether each instance takes new minor versions of its engine in its maintenance window.
does_not_show: When an upgrade ran, and whether AWS has chosen the newest version for it.
remedy:
  console: RDS > Databases > the instance > Modify > Maintenance > Enable auto minor version upgrade.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --auto-minor-version-upgrade
  terraform: aws_db_instance or aws_rds_cluster_instance, argument auto_minor_version_upgrade = true.
cases:
  - name: upgrades come by themselves
    aws_rds_instance: [{key: main, name: main, engine: postgres, minor_upgrades: true, engine_version: "16.8"}]
    expect: [{item: main, conclusion: CONFORMS, saw_engine_version: "16.8"}]
  - name: upgrades wait for somebody
    aws_rds_instance: [{key: main, name: main, engine: postgres, minor_upgrades: false}]
    expect: [{item: main, conclusion: DEVIATES, reason: minor versions wait for somebody}]
  - name: an engine that the company patches itself
    aws_rds_instance: [{key: main, name: main, engine: custom-sqlserver-se, minor_upgrades: false}]
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: RDS Custom leaves upgrades to the company}]
  - name: instances could not be listed
    like: upgrades come by themselves
    gaps: [{table: aws_rds_instance, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
select
  db.key as item,
  case
    when starts_with(db.engine, 'custom-') then 'NOT_APPLICABLE'
    when db.minor_upgrades then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when starts_with(db.engine, 'custom-') then 'RDS Custom leaves upgrades to the company'
    when db.minor_upgrades then 'minor versions are taken by themselves'
    else 'minor versions wait for somebody'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine,
  db.engine_version as saw_engine_version
from aws_rds_instance as db
