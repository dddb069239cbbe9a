/*
title: Every data store tagged as needing recovery has a recovery point that is young enough
controls: [AVL-02]
tables: [aws_rds_instance, aws_rds_cluster, aws_dynamodb_table, aws_ebs_volume, aws_efs, aws_s3_bucket, aws_backup_protected_resource]
items: [aws_rds_instance, aws_rds_cluster, aws_dynamodb_table, aws_ebs_volume, aws_efs, aws_s3_bucket]
parameters: [backup_max_age_hours, recovery_tag]
links: {aws_backup_protected_resource: key}
kind: item
severity: high
shows: Whether AWS Backup backed up each store that carries the recovery tag within the hours that the company allows.
does_not_show: "Stores nobody tagged, backups outside AWS Backup, and whether a restore works."
remedy:
  console: AWS Backup > Backup plans > the plan > Assign resources > by the recovery tag; for S3 also AWS Backup > Settings > Service opt-in.
  cli: aws backup create-backup-selection --backup-plan-id PLAN --backup-selection file://selection.json
  terraform: aws_backup_selection with a block selection_tag of the recovery tag.
cases:
  - name: backed up in time
    as_of: 2026-03-01T12:00:00Z
    parameters: {backup_max_age_hours: 26, recovery_tag: "backup:required"}
    aws_ebs_volume: [{key: volume, volume_id: vol-1, tags: ["backup:required"]}]
    aws_backup_protected_resource: [{arn: volume, last_backup: 2026-03-01T03:00:00Z}]
    expect: [{item: volume, conclusion: CONFORMS, changes_at: 2026-03-02T05:00:00Z, reason: backed up in time, saw_last_backup: "2026-03-01T03:00:00Z"}]
  - name: the last instant of the limit
    like: backed up in time
    as_of: 2026-03-02T04:59:59Z
    expect: [{item: volume, conclusion: CONFORMS}]
  - name: the first instant past the limit
    like: backed up in time
    as_of: 2026-03-02T05:00:00Z
    expect: [{item: volume, conclusion: DEVIATES, reason: the latest recovery point is too old, changes_at: null}]
  - name: never backed up
    like: backed up in time
    aws_backup_protected_resource: []
    expect: [{item: volume, conclusion: DEVIATES, reason: AWS Backup has no recovery point}]
  - name: protected but not yet backed up
    like: backed up in time
    change: {aws_backup_protected_resource: [{last_backup: null}]}
    expect: [{item: volume, conclusion: DEVIATES, reason: AWS Backup has no recovery point}]
  - name: a store nobody tagged
    like: never backed up
    change: {aws_ebs_volume: [{tags: ["backup:optional"]}]}
    expect: [{item: volume, conclusion: NOT_APPLICABLE, reason: not tagged as needing recovery}]
  - name: each kind of store
    like: backed up in time
    aws_rds_instance:
      - {key: db, name: db, tags: ["backup:required"]}
      - {key: member, name: member, cluster: orders, tags: ["backup:required"]}
    aws_rds_cluster: [{key: orders, name: orders, tags: ["backup:required"]}]
    aws_dynamodb_table: [{key: people, name: people, tags: ["backup:required"]}]
    aws_efs: [{key: files, file_system_id: fs-1, tags: ["backup:required"]}]
    aws_s3_bucket: [{key: uploads, name: uploads, tags: ["backup:required"]}, {key: site, name: site, tags: []}]
    aws_backup_protected_resource:
      - {arn: volume, last_backup: 2026-03-01T03:00:00Z}
      - {arn: orders, last_backup: 2026-03-01T03:00:00Z}
      - {arn: uploads, last_backup: 2026-02-01T03:00:00Z}
      - {arn: people, last_backup: 2026-03-01T11:00:00Z}
    expect:
      - {item: volume, conclusion: CONFORMS}
      - {item: db, conclusion: DEVIATES}
      - {item: member, conclusion: NOT_APPLICABLE, reason: backed up with its cluster}
      - {item: orders, conclusion: CONFORMS}
      - {item: people, conclusion: CONFORMS}
      - {item: files, conclusion: DEVIATES}
      - {item: uploads, conclusion: DEVIATES, reason: the latest recovery point is too old}
      - {item: site, conclusion: NOT_APPLICABLE}
  - name: recovery points of another region have nothing to do with it
    like: backed up in time
    gaps: [{table: aws_backup_protected_resource, region: us-east-1, reason: denied}]
    expect: [{item: volume, conclusion: CONFORMS}]
  - name: recovery points could not be listed
    like: never backed up
    gaps: [{table: aws_backup_protected_resource, reason: denied}]
    expect: [{item: volume, conclusion: UNKNOWN, reason: denied}]
  - name: one answer on a recovery point cannot be read
    like: backed up in time
    gaps: [{table: aws_backup_protected_resource, key: volume, columns: [last_backup], reason: malformed}]
    expect: [{item: volume, conclusion: UNKNOWN, reason: malformed}]
  - name: the tags of a table could not be read
    like: backed up in time
    aws_dynamodb_table: [{key: people, name: people}]
    gaps: [{table: aws_dynamodb_table, key: people, columns: [tags], reason: denied}]
    expect: [{item: volume, conclusion: CONFORMS}, {item: people, conclusion: UNKNOWN, reason: denied}]
  - name: buckets could not be listed
    like: backed up in time
    gaps: [{table: aws_s3_bucket, reason: denied}]
    expect: [{item: volume, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/backup/stores
    as_of: 2026-03-01T12:00:00Z
    expect: {CONFORMS: 2, DEVIATES: 2, NOT_APPLICABLE: 1}
*/
with points as (
  select protected.arn as arn, max(protected.last_backup) as last_backup
  from aws_backup_protected_resource as protected
  group by protected.arn
)
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) or store.cluster is not null then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when store.cluster is not null then 'backed up with its cluster'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and store.cluster is null and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.name as saw_name,
  'database instance' as saw_kind,
  points.last_backup as saw_last_backup
from aws_rds_instance as store
left join points on points.arn = store.key
union all
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.name as saw_name,
  'database cluster' as saw_kind,
  points.last_backup as saw_last_backup
from aws_rds_cluster as store
left join points on points.arn = store.key
union all
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.name as saw_name,
  'DynamoDB table' as saw_kind,
  points.last_backup as saw_last_backup
from aws_dynamodb_table as store
left join points on points.arn = store.key
union all
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.volume_id as saw_name,
  'EBS volume' as saw_kind,
  points.last_backup as saw_last_backup
from aws_ebs_volume as store
left join points on points.arn = store.key
union all
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.file_system_id as saw_name,
  'EFS file system' as saw_kind,
  points.last_backup as saw_last_backup
from aws_efs as store
left join points on points.arn = store.key
union all
select
  store.key as item,
  case
    when not tagged(store.tags, $recovery_tag) then 'NOT_APPLICABLE'
    when coalesce(points.last_backup + to_hours($backup_max_age_hours) > $as_of, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not tagged(store.tags, $recovery_tag) then 'not tagged as needing recovery'
    when points.last_backup is null then 'AWS Backup has no recovery point'
    when points.last_backup + to_hours($backup_max_age_hours) > $as_of then 'backed up in time'
    else 'the latest recovery point is too old'
  end as reason,
  case
    when tagged(store.tags, $recovery_tag) and points.last_backup + to_hours($backup_max_age_hours) > $as_of
      then points.last_backup + to_hours($backup_max_age_hours)
  end as changes_at,
  store.name as saw_name,
  'S3 bucket' as saw_kind,
  points.last_backup as saw_last_backup
from aws_s3_bucket as store
left join points on points.arn = store.key
