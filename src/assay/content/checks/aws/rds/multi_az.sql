/*
title: RDS instances tagged production run in several zones
controls: [AVL-07]
tables: [aws_rds_instance]
parameters: [production_tag]
kind: item
severity: medium
shows: Whether each instance that carries the production tag has a standby in another zone.
does_not_show: "That failover works, and instances that nobody tagged."
remedy:
  console: RDS > Databases > the instance > Modify > Availability and durability > Create a standby instance.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --multi-az --apply-immediately
  terraform: aws_db_instance, argument multi_az = true.
cases:
  - name: a production instance with a standby
    parameters: {production_tag: "environment:production"}
    aws_rds_instance: [{key: main, name: main, engine: postgres, multi_az: true, tags: ["environment:production"]}]
    expect: [{item: main, conclusion: CONFORMS, reason: a standby runs in another zone}]
  - name: a production instance in one zone
    like: a production instance with a standby
    change: {aws_rds_instance: [{multi_az: false}]}
    expect: [{item: main, conclusion: DEVIATES, reason: runs in one zone}]
  - name: another value of the same tag
    like: a production instance in one zone
    change: {aws_rds_instance: [{tags: ["environment:staging"]}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: not tagged production}]
  - name: no tags at all
    like: a production instance in one zone
    change: {aws_rds_instance: [{tags: null}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE}]
  - name: a member of a cluster
    like: a production instance in one zone
    change: {aws_rds_instance: [{cluster: orders}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: the cluster as a whole is judged}]
  - name: instances could not be listed
    aws_rds_instance: []
    gaps: [{table: aws_rds_instance, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 4}
*/
select
  db.key as item,
  case
    when db.cluster is not null or not tagged(db.tags, $production_tag) then 'NOT_APPLICABLE'
    when db.multi_az then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'the cluster as a whole is judged'
    when not tagged(db.tags, $production_tag) then 'not tagged production'
    when db.multi_az then 'a standby runs in another zone'
    else 'runs in one zone'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine,
  db.multi_az as saw_standby
from aws_rds_instance as db
