/*
title: Deletion protection is on for every RDS instance and cluster
controls: [AVL-02]
tables: [aws_rds_instance, aws_rds_cluster]
items: [aws_rds_instance, aws_rds_cluster]
kind: item
severity: medium
shows: Whether RDS refuses to delete each database until somebody switches the protection off.
does_not_show: Who may switch it off, and deletion of what is inside the database.
remedy:
  console: RDS > Databases > the instance or cluster > Modify > Deletion protection > Enable.
  cli: aws rds modify-db-instance --db-instance-identifier NAME --deletion-protection; for a cluster aws rds modify-db-cluster --db-cluster-identifier NAME --deletion-protection
  terraform: aws_db_instance or aws_rds_cluster, argument deletion_protection = true.
cases:
  - name: protected
    aws_rds_instance: [{key: main, name: main, deletion_protection: true}]
    aws_rds_cluster: [{key: orders, name: orders, deletion_protection: true}]
    expect: [{item: main, conclusion: CONFORMS, reason: deletion is refused}, {item: orders, conclusion: CONFORMS}]
  - name: not protected
    aws_rds_instance: [{key: main, name: main, deletion_protection: false}]
    aws_rds_cluster: [{key: orders, name: orders, deletion_protection: false}]
    expect: [{item: main, conclusion: DEVIATES, reason: can be deleted at once}, {item: orders, conclusion: DEVIATES}]
  - name: a member of a cluster holds no data of its own
    like: not protected
    change: {aws_rds_instance: [{cluster: orders}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: its data is the cluster's}, {item: orders, conclusion: DEVIATES}]
  - name: clusters could not be listed
    aws_rds_instance: [{key: main, name: main, deletion_protection: true}]
    gaps: [{table: aws_rds_cluster, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: denied}]
  - name: the answer on one instance cannot be read
    like: protected
    gaps: [{table: aws_rds_instance, key: main, reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}, {item: orders, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 2, DEVIATES: 4, NOT_APPLICABLE: 2}
*/
select
  db.key as item,
  case
    when db.cluster is not null then 'NOT_APPLICABLE'
    when db.deletion_protection then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when db.cluster is not null then 'its data is the cluster''s'
    when db.deletion_protection then 'deletion is refused'
    else 'can be deleted at once'
  end as reason,
  db.name as saw_name,
  db.engine as saw_engine
from aws_rds_instance as db
union all
select
  cluster.key as item,
  case when cluster.deletion_protection then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when cluster.deletion_protection then 'deletion is refused' else 'can be deleted at once' end as reason,
  cluster.name as saw_name,
  cluster.engine as saw_engine
from aws_rds_cluster as cluster
