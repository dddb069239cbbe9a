/*
title: Databases whose engine offers it have IAM authentication on
controls: [IAM-11]
tables: [aws_rds_instance, aws_rds_cluster]
items: [aws_rds_instance, aws_rds_cluster]
kind: item
severity: low
shows: "Whether IAM principals can sign in to each MySQL, MariaDB, PostgreSQL and Aurora database."
does_not_show: Database passwords that still work beside it.
remedy:
  console: RDS > Databases > the instance or cluster > Modify > Database authentication > Password and IAM database authentication.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --enable-iam-database-authentication --apply-immediately; for a cluster aws rds modify-db-cluster with the same option
  terraform: aws_db_instance or aws_rds_cluster, argument iam_database_authentication_enabled = true.
cases:
  - name: "on"
    aws_rds_instance: [{key: main, name: main, engine: postgres, iam_authentication: true}]
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-mysql, iam_authentication: true}]
    expect: [{item: main, conclusion: CONFORMS, reason: IAM principals can sign in}, {item: orders, conclusion: CONFORMS}]
  - name: "off"
    aws_rds_instance: [{key: main, name: main, engine: mariadb, iam_authentication: false}]
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-mysql, iam_authentication: false}]
    expect: [{item: main, conclusion: DEVIATES, reason: IAM principals cannot sign in}, {item: orders, conclusion: DEVIATES}]
  - name: engines that do not offer it
    aws_rds_instance: [{key: main, name: main, engine: sqlserver-se, iam_authentication: false}]
    aws_rds_cluster: [{key: graph, name: graph, engine: docdb, iam_authentication: false}]
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: the engine does not offer it}, {item: graph, conclusion: NOT_APPLICABLE}]
  - name: a member of a cluster
    like: "off"
    change: {aws_rds_instance: [{cluster: orders, engine: aurora-mysql}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: set for its cluster}, {item: orders, conclusion: DEVIATES}]
  - name: instances could not be listed
    like: "on"
    gaps: [{table: aws_rds_instance, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}, {item: orders, conclusion: CONFORMS}]
  - name: clusters could not be listed
    aws_rds_instance: [{key: main, name: main, engine: postgres, iam_authentication: true}]
    gaps: [{table: aws_rds_cluster, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 2, DEVIATES: 3, NOT_APPLICABLE: 3}
*/
select
  db.key as item,
  case
    when db.cluster is not null or not matches_any(db.engine, ['postgres', 'mysql', 'mariadb', 'aurora*']) then 'NOT_APPLICABLE'
    when db.iam_authentication then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'set for its cluster'
    when not matches_any(db.engine, ['postgres', 'mysql', 'mariadb', 'aurora*']) then 'the engine does not offer it'
    when db.iam_authentication then 'IAM principals can sign in'
    else 'IAM principals cannot sign in'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine
from aws_rds_instance as db
union all
select
  cluster.key as item,
  case
    when not matches_any(cluster.engine, ['postgres', 'mysql', 'aurora*']) then 'NOT_APPLICABLE'
    when cluster.iam_authentication then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not matches_any(cluster.engine, ['postgres', 'mysql', 'aurora*']) then 'the engine does not offer it'
    when cluster.iam_authentication then 'IAM principals can sign in'
    else 'IAM principals cannot sign in'
  end as reason,
  cluster.name as saw_name,
  cluster.engine as saw_engine
from aws_rds_cluster as cluster
