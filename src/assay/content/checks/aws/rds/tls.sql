/*
title: RDS databases refuse connections without TLS
controls: [DAT-02]
tables: [aws_rds_instance, aws_rds_cluster, aws_rds_parameter_group, aws_rds_cluster_parameter_group]
items: [aws_rds_instance, aws_rds_cluster]
links: {aws_rds_parameter_group: {key: parameter_groups, within: place, of: aws_rds_instance}, aws_rds_cluster_parameter_group: {key: parameter_group, within: place, of: aws_rds_cluster}}
kind: item
severity: high
shows: "Whether the parameter group of each database sets rds.force_ssl (PostgreSQL, SQL Server) or require_secure_transport (MySQL, MariaDB), by the group of the cluster for Aurora."
does_not_show: "Oracle and Db2, which set this elsewhere; whether a changed value waits for a restart; and whether clients verify the certificate."
remedy:
  console: RDS > Parameter groups > the group of the database > Edit > rds.force_ssl = 1, or require_secure_transport = ON. A default group cannot be changed; make one of your own and choose it in the database.
  cli: aws rds modify-db-parameter-group --db-parameter-group-name GROUP --parameters ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate; for a cluster aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name GROUP with the same parameters
  terraform: aws_db_parameter_group or aws_rds_cluster_parameter_group, block parameter with name = "rds.force_ssl" and value = "1".
cases:
  - name: PostgreSQL that forces TLS
    aws_rds_instance: [{key: main, name: main, engine: postgres, parameter_groups: [postgres16-tls]}]
    aws_rds_parameter_group: [{key: postgres16-tls, name: postgres16-tls, force_tls: "1"}]
    expect: [{item: main, conclusion: CONFORMS, reason: refuses connections without TLS}]
  - name: PostgreSQL that does not
    like: PostgreSQL that forces TLS
    change: {aws_rds_parameter_group: [{force_tls: "0"}]}
    expect: [{item: main, conclusion: DEVIATES, reason: accepts connections without TLS, saw_value: "0"}]
  - name: a group without a value
    like: PostgreSQL that forces TLS
    change: {aws_rds_parameter_group: [{force_tls: null}]}
    expect: [{item: main, conclusion: DEVIATES, reason: its parameter group sets no value}]
  - name: MySQL writes the value in words
    like: PostgreSQL that forces TLS
    aws_rds_instance: [{key: main, name: main, engine: mysql, parameter_groups: [mysql8]}]
    aws_rds_parameter_group: [{key: mysql8, name: mysql8, force_tls: "ON"}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: the group of the same name in another region is another group
    like: PostgreSQL that forces TLS
    change: {aws_rds_parameter_group: [{region: us-east-1}]}
    expect: [{item: main, conclusion: DEVIATES, reason: its parameter group sets no value}]
  - name: Oracle sets it elsewhere
    aws_rds_instance: [{key: main, name: main, engine: oracle-ee, parameter_groups: [oracle19]}]
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: the engine has no such parameter}]
  - name: Aurora by the group of its cluster
    aws_rds_instance: [{key: main, name: main, engine: aurora-postgresql, cluster: orders, parameter_groups: [default.aurora-postgresql16]}]
    aws_rds_cluster:
      - {key: orders, name: orders, engine: aurora-postgresql, parameter_group: aurora16-tls}
      - {key: carts, name: carts, engine: aurora-mysql, parameter_group: aurora8}
      - {key: archive, name: archive, engine: aurora-postgresql, parameter_group: gone}
      - {key: graph, name: graph, engine: neptune, parameter_group: default.neptune1.4}
    aws_rds_cluster_parameter_group:
      - {key: aurora16-tls, name: aurora16-tls, force_tls: "1"}
      - {key: aurora8, name: aurora8, force_tls: "OFF"}
    expect:
      - {item: main, conclusion: NOT_APPLICABLE, reason: set by the group of its cluster}
      - {item: orders, conclusion: CONFORMS}
      - {item: carts, conclusion: DEVIATES, reason: accepts connections without TLS}
      - {item: archive, conclusion: DEVIATES, reason: its parameter group sets no value}
      - {item: graph, conclusion: NOT_APPLICABLE}
  - name: the parameters of one group could not be read
    like: PostgreSQL that forces TLS
    gaps: [{table: aws_rds_parameter_group, key: postgres16-tls, columns: [force_tls], reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}]
  - name: groups of clusters could not be listed
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-postgresql, parameter_group: aurora16-tls}]
    gaps: [{table: aws_rds_cluster_parameter_group, reason: denied}]
    expect: [{item: orders, conclusion: UNKNOWN, reason: denied}]
  - name: instances could not be listed
    aws_rds_instance: []
    gaps: [{table: aws_rds_instance, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: a group that another database uses could not be read
    like: PostgreSQL that forces TLS
    gaps: [{table: aws_rds_parameter_group, key: default.postgres16, columns: [force_tls], reason: throttled}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: the group of the same name in another region could not be read
    like: PostgreSQL that forces TLS
    gaps: [{table: aws_rds_parameter_group, region: us-east-1, key: postgres16-tls, columns: [force_tls], reason: throttled}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: no group of a region could be read
    like: PostgreSQL that forces TLS
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-postgresql, parameter_group: aurora16-tls}]
    aws_rds_cluster_parameter_group: [{key: aurora16-tls, name: aurora16-tls, force_tls: "1"}]
    gaps: [{table: aws_rds_parameter_group, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}, {item: orders, conclusion: CONFORMS}]
  - name: the parameters of the cluster's group could not be read
    aws_rds_instance: [{key: main, name: main, engine: postgres, parameter_groups: [postgres16-tls]}]
    aws_rds_parameter_group: [{key: postgres16-tls, name: postgres16-tls, force_tls: "1"}]
    aws_rds_cluster:
      - {key: orders, name: orders, engine: aurora-postgresql, parameter_group: aurora16-tls}
      - {key: carts, name: carts, engine: aurora-postgresql, parameter_group: aurora16}
    aws_rds_cluster_parameter_group: [{key: aurora16-tls, name: aurora16-tls, force_tls: "1"}, {key: aurora16, name: aurora16, force_tls: "0"}]
    gaps: [{table: aws_rds_cluster_parameter_group, key: aurora16, columns: [force_tls], reason: throttled}]
    expect: [{item: main, conclusion: CONFORMS}, {item: orders, conclusion: CONFORMS}, {item: carts, conclusion: UNKNOWN, reason: throttled}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 2, DEVIATES: 3, NOT_APPLICABLE: 3}
*/
with instances as (
  select
    db.key as db_key,
    db.name as db_name,
    db.engine as db_engine,
    db.cluster as db_cluster,
    db.parameter_groups as parameter_groups,
    matches_any(db.engine, ['postgres', 'mysql', 'mariadb', 'sqlserver-*']) as judged,
    (
      select max(upper(parameters.force_tls))
      from aws_rds_parameter_group as parameters
      where parameters.account = db.account
        and parameters.region = db.region
        and list_contains(db.parameter_groups, parameters.name)
    ) as force_tls
  from aws_rds_instance as db
),
clusters as (
  select
    cluster.key as cluster_key,
    cluster.name as cluster_name,
    cluster.engine as cluster_engine,
    cluster.parameter_group as parameter_group,
    matches_any(cluster.engine, ['aurora*', 'postgres', 'mysql']) as judged,
    upper(parameters.force_tls) as force_tls
  from aws_rds_cluster as cluster
  left join aws_rds_cluster_parameter_group as parameters
    on parameters.account = cluster.account
    and parameters.region = cluster.region
    and parameters.name = cluster.parameter_group
)
select
  instances.db_key as item,
  case
    when instances.db_cluster is not null or not instances.judged then 'NOT_APPLICABLE'
    when coalesce(instances.force_tls in ('1', 'ON', 'TRUE'), false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instances.db_cluster is not null then 'set by the group of its cluster'
    when not instances.judged then 'the engine has no such parameter'
    when instances.force_tls is null then 'its parameter group sets no value'
    when instances.force_tls in ('1', 'ON', 'TRUE') then 'refuses connections without TLS'
    else 'accepts connections without TLS'
  end as reason,
  instances.db_name as saw_name,
  instances.db_engine as saw_engine,
  array_to_string(instances.parameter_groups, ', ') as saw_parameter_group,
  instances.force_tls as saw_value
from instances
union all
select
  clusters.cluster_key as item,
  case
    when not clusters.judged then 'NOT_APPLICABLE'
    when coalesce(clusters.force_tls in ('1', 'ON', 'TRUE'), false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not clusters.judged then 'the engine has no such parameter'
    when clusters.force_tls is null then 'its parameter group sets no value'
    when clusters.force_tls in ('1', 'ON', 'TRUE') then 'refuses connections without TLS'
    else 'accepts connections without TLS'
  end as reason,
  clusters.cluster_name as saw_name,
  clusters.cluster_engine as saw_engine,
  clusters.parameter_group as saw_parameter_group,
  clusters.force_tls as saw_value
from clusters
