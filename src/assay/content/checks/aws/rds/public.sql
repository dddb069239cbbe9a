/*
title: No RDS instance is publicly accessible
controls: [NET-01]
tables: [aws_rds_instance]
kind: item
severity: high
shows: Whether RDS gives each instance, members of clusters included, an address that resolves to a public one.
does_not_show: "Which addresses its security groups let in, and reach through peering, proxies or a bastion."
remedy:
  console: RDS > Databases > the instance > Modify > Connectivity > Additional configuration > Not publicly accessible.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --no-publicly-accessible --apply-immediately
  terraform: aws_db_instance or aws_rds_cluster_instance, argument publicly_accessible = false.
cases:
  - name: a private instance
    aws_rds_instance: [{key: main, name: main, engine: postgres, public: false}]
    expect: [{item: main, conclusion: CONFORMS, reason: not publicly accessible}]
  - name: a public instance
    aws_rds_instance: [{key: main, name: main, engine: postgres, public: true}]
    expect: [{item: main, conclusion: DEVIATES, reason: publicly accessible}]
  - name: a public member of a cluster
    like: a public instance
    change: {aws_rds_instance: [{cluster: orders}]}
    expect: [{item: main, conclusion: DEVIATES, saw_cluster: orders}]
  - name: instances could not be listed
    aws_rds_instance: []
    gaps: [{table: aws_rds_instance, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: the answer did not say
    like: a private instance
    gaps: [{table: aws_rds_instance, key: main, columns: [public], reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 5, DEVIATES: 1}
*/
select
  db.key as item,
  case when coalesce(db.public, true) then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when coalesce(db.public, true) then 'publicly accessible' else 'not publicly accessible' end as reason,
  db.name as saw_name,
  db.cluster as saw_cluster
from aws_rds_instance as db
