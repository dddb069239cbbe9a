/*
title: Database clusters tagged production have members in several zones
controls: [AVL-07]
tables: [aws_rds_cluster]
parameters: [production_tag]
kind: item
severity: medium
shows: Whether each cluster that carries the production tag has instances in more than one zone.
does_not_show: "That failover works, and clusters that nobody tagged."
remedy:
  console: RDS > Databases > the cluster > Actions > Add reader > another availability zone.
  cli: aws rds create-db-instance --db-instance-identifier READER --db-cluster-identifier CLUSTER --engine ENGINE --db-instance-class CLASS --availability-zone ZONE
  terraform: a second aws_rds_cluster_instance with another availability_zone.
cases:
  - name: members in two zones
    parameters: {production_tag: "environment:production"}
    aws_rds_cluster: [{key: orders, name: orders, engine: aurora-mysql, multi_az: true, tags: ["environment:production"]}]
    expect: [{item: orders, conclusion: CONFORMS, reason: members in several zones}]
  - name: members in one zone
    like: members in two zones
    change: {aws_rds_cluster: [{multi_az: false}]}
    expect: [{item: orders, conclusion: DEVIATES, reason: members in one zone only}]
  - name: not production
    like: members in one zone
    change: {aws_rds_cluster: [{tags: ["environment:productions"]}]}
    expect: [{item: orders, conclusion: NOT_APPLICABLE, reason: not tagged production}]
  - name: clusters could not be listed
    like: members in two zones
    gaps: [{table: aws_rds_cluster, reason: denied}]
    expect: [{item: orders, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  cluster.key as item,
  case
    when not tagged(cluster.tags, $production_tag) then 'NOT_APPLICABLE'
    when cluster.multi_az then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(cluster.tags, $production_tag) then 'not tagged production'
    when cluster.multi_az then 'members in several zones'
    else 'members in one zone only'
  end as reason,
  cluster.name as saw_name,
  cluster.engine as saw_engine
from aws_rds_cluster as cluster
