/*
title: No RDS or cluster snapshot can be restored by everyone
controls: [NET-09]
tables: [aws_rds_snapshot, aws_rds_cluster_snapshot]
items: [aws_rds_snapshot, aws_rds_cluster_snapshot]
kind: item
severity: high
shows: Whether each manual snapshot is shared with every AWS account.
does_not_show: Copies that were made while it was public, and sharing with named accounts.
remedy:
  console: RDS > Snapshots > the snapshot > Actions > Share snapshot > Private.
  cli: aws rds modify-db-snapshot-attribute --db-snapshot-identifier NAME --attribute-name restore --values-to-remove all; for a cluster aws rds modify-db-cluster-snapshot-attribute --db-cluster-snapshot-identifier NAME with the same options
  terraform: aws_db_snapshot or aws_db_cluster_snapshot, argument shared_accounts without "all".
cases:
  - name: a snapshot that is not shared
    aws_rds_snapshot: [{key: daily, name: daily, snapshot_type: manual, restorable_by: []}]
    aws_rds_cluster_snapshot: [{key: orders, name: orders, snapshot_type: manual, restorable_by: []}]
    expect: [{item: daily, conclusion: CONFORMS, reason: not shared}, {item: orders, conclusion: CONFORMS}]
  - name: shared with one account
    like: a snapshot that is not shared
    change: {aws_rds_snapshot: [{restorable_by: ["444455556666"]}], aws_rds_cluster_snapshot: [{restorable_by: ["444455556666"]}]}
    expect:
      - {item: daily, conclusion: CONFORMS, reason: shared with named accounts only, saw_shared_with: ["444455556666"]}
      - {item: orders, conclusion: CONFORMS, reason: shared with named accounts only}
  - name: shared with everyone
    like: a snapshot that is not shared
    change: {aws_rds_snapshot: [{restorable_by: ["444455556666", all]}], aws_rds_cluster_snapshot: [{restorable_by: [all]}]}
    expect: [{item: daily, conclusion: DEVIATES, reason: everyone can restore it}, {item: orders, conclusion: DEVIATES}]
  - name: automated snapshots cannot be shared
    like: a snapshot that is not shared
    change: {aws_rds_snapshot: [{snapshot_type: automated}], aws_rds_cluster_snapshot: [{snapshot_type: awsbackup}]}
    expect: [{item: daily, conclusion: NOT_APPLICABLE, reason: only manual snapshots can be shared}, {item: orders, conclusion: NOT_APPLICABLE}]
  - name: who can restore one could not be read
    like: a snapshot that is not shared
    gaps: [{table: aws_rds_snapshot, key: daily, columns: [restorable_by], reason: denied}]
    expect: [{item: daily, conclusion: UNKNOWN, reason: denied}, {item: orders, conclusion: CONFORMS}]
  - name: snapshots of clusters could not be listed
    aws_rds_snapshot: [{key: daily, name: daily, snapshot_type: manual, restorable_by: []}]
    gaps: [{table: aws_rds_cluster_snapshot, reason: denied}]
    expect: [{item: daily, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/rds/databases
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  snapshot.key as item,
  case
    when snapshot.snapshot_type <> 'manual' then 'NOT_APPLICABLE'
    when list_contains(coalesce(snapshot.restorable_by, []), 'all') then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when snapshot.snapshot_type <> 'manual' then 'only manual snapshots can be shared'
    when list_contains(coalesce(snapshot.restorable_by, []), 'all') then 'everyone can restore it'
    when len(coalesce(snapshot.restorable_by, [])) > 0 then 'shared with named accounts only'
    else 'not shared'
  end as reason,
  snapshot.name as saw_name,
  snapshot.database as saw_database,
  snapshot.restorable_by as saw_shared_with
from aws_rds_snapshot as snapshot
union all
select
  snapshot.key as item,
  case
    when snapshot.snapshot_type <> 'manual' then 'NOT_APPLICABLE'
    when list_contains(coalesce(snapshot.restorable_by, []), 'all') then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when snapshot.snapshot_type <> 'manual' then 'only manual snapshots can be shared'
    when list_contains(coalesce(snapshot.restorable_by, []), 'all') then 'everyone can restore it'
    when len(coalesce(snapshot.restorable_by, [])) > 0 then 'shared with named accounts only'
    else 'not shared'
  end as reason,
  snapshot.name as saw_name,
  snapshot.database as saw_database,
  snapshot.restorable_by as saw_shared_with
from aws_rds_cluster_snapshot as snapshot
