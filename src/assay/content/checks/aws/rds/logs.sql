/*
title: RDS sends to CloudWatch the log types that the company wants and the engine offers
controls: [LOG-02]
tables: [aws_rds_instance, aws_rds_cluster, aws_rds_engine]
items: [aws_rds_instance, aws_rds_cluster]
parameters: [rds_log_types]
links: {aws_rds_engine: {parent: engine, within: place}}
kind: item
severity: medium
shows: Whether every wanted kind of log that each database's engine can export goes to CloudWatch.
does_not_show: What the database's own audit settings have it record, and kinds of log that only an older version of the engine offers.
remedy:
  console: RDS > Databases > the instance or cluster > Modify > Additional configuration > Log exports.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --cloudwatch-logs-export-configuration EnableLogTypes=TYPES; for a cluster aws rds modify-db-cluster with the same option
  terraform: aws_db_instance or aws_rds_cluster, argument enabled_cloudwatch_logs_exports.
cases:
  - name: every wanted type that the engine offers
    parameters: {rds_log_types: [audit, error, postgresql, upgrade]}
    aws_rds_instance: [{key: main, name: main, engine: postgres, log_exports: [postgresql, upgrade]}]
    aws_rds_engine: [{key: "postgres:17.4", engine: postgres, log_types: [iam-db-auth-error, postgresql, upgrade]}]
    expect: [{item: main, conclusion: CONFORMS, reason: every wanted log is exported}]
  - name: one is missing
    like: every wanted type that the engine offers
    change: {aws_rds_instance: [{log_exports: [upgrade]}]}
    expect: [{item: main, conclusion: DEVIATES, saw_missing: [postgresql]}]
  - name: none is exported
    like: every wanted type that the engine offers
    change: {aws_rds_instance: [{log_exports: null}]}
    expect: [{item: main, conclusion: DEVIATES, reason: a wanted log is not exported}]
  - name: an engine that offers no wanted type
    like: every wanted type that the engine offers
    aws_rds_instance: [{key: main, name: main, engine: db2-se, log_exports: []}]
    aws_rds_engine: [{key: "db2-se:11.5", engine: db2-se, log_types: [diag.log, notify.log]}]
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: the engine offers none of the wanted logs}]
  - name: a member of a cluster exports through it
    like: every wanted type that the engine offers
    aws_rds_instance: [{key: main, name: main, engine: aurora-mysql, cluster: orders, log_exports: []}]
    aws_rds_cluster:
      - {key: orders, name: orders, engine: aurora-mysql, log_exports: [audit, error, slowquery]}
      - {key: carts, name: carts, engine: aurora-mysql, log_exports: [error]}
      - {key: graph, name: graph, engine: neptune, log_exports: []}
    aws_rds_engine: [{key: "aurora-mysql:8.0", engine: aurora-mysql, log_types: [audit, error, general, slowquery]}]
    expect:
      - {item: main, conclusion: NOT_APPLICABLE, reason: exported by its cluster}
      - {item: orders, conclusion: CONFORMS}
      - {item: carts, conclusion: DEVIATES, saw_missing: [audit]}
      - {item: graph, conclusion: NOT_APPLICABLE}
  - name: what engines offer could not be read
    like: one is missing
    gaps: [{table: aws_rds_engine, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}]
  - name: clusters could not be listed
    like: every wanted type that the engine offers
    gaps: [{table: aws_rds_cluster, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: denied}]
  - name: one engine could not be read, and it is another's
    like: every wanted type that the engine offers
    gaps: [{table: aws_rds_engine, key: 'db2-se:12', parent: db2-se, reason: malformed}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: one engine of its own could not be read
    like: every wanted type that the engine offers
    gaps: [{table: aws_rds_engine, key: 'db2-se:12', parent: postgres, reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 2, DEVIATES: 4, NOT_APPLICABLE: 2}
*/
with instances as (
  select
    db.key as db_key,
    db.cluster as db_cluster,
    db.name as db_name,
    db.engine as db_engine,
    db.log_exports as exports,
    without($rds_log_types, without($rds_log_types, coalesce(engine.log_types, []))) as wanted
  from aws_rds_instance as db
  left join aws_rds_engine as engine on engine.engine = db.engine and engine.account = db.account
),
clusters as (
  select
    cluster.key as cluster_key,
    cluster.name as cluster_name,
    cluster.engine as cluster_engine,
    cluster.log_exports as exports,
    without($rds_log_types, without($rds_log_types, coalesce(engine.log_types, []))) as wanted
  from aws_rds_cluster as cluster
  left join aws_rds_engine as engine on engine.engine = cluster.engine and engine.account = cluster.account
)
select
  instances.db_key as item,
  case
    when instances.db_cluster is not null or len(instances.wanted) = 0 then 'NOT_APPLICABLE'
    when len(without(instances.wanted, coalesce(instances.exports, []))) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instances.db_cluster is not null then 'exported by its cluster'
    when len(instances.wanted) = 0 then 'the engine offers none of the wanted logs'
    when len(without(instances.wanted, coalesce(instances.exports, []))) = 0 then 'every wanted log is exported'
    else 'a wanted log is not exported'
  end as reason,
  instances.db_name as saw_name,
  instances.db_engine as saw_engine,
  without(instances.wanted, coalesce(instances.exports, [])) as saw_missing,
  instances.exports as saw_exported
from instances
union all
select
  clusters.cluster_key as item,
  case
    when len(clusters.wanted) = 0 then 'NOT_APPLICABLE'
    when len(without(clusters.wanted, coalesce(clusters.exports, []))) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when len(clusters.wanted) = 0 then 'the engine offers none of the wanted logs'
    when len(without(clusters.wanted, coalesce(clusters.exports, []))) = 0 then 'every wanted log is exported'
    else 'a wanted log is not exported'
  end as reason,
  clusters.cluster_name as saw_name,
  clusters.cluster_engine as saw_engine,
  without(clusters.wanted, coalesce(clusters.exports, [])) as saw_missing,
  clusters.exports as saw_exported
from clusters
