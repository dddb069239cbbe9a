/*
title: Every volume tagged as needing recovery has a completed snapshot that is young enough
controls: [AVL-02]
tables: [aws_ebs_volume, aws_ebs_snapshot]
parameters: [backup_max_age_hours, recovery_tag]
links: {aws_ebs_snapshot: {parent: volume_id, within: place}}
kind: item
severity: medium
shows: Whether each volume that carries the recovery tag has a completed snapshot, begun within the hours that the company allows.
does_not_show: "That the snapshot restores, and copies in other regions and accounts."
remedy:
  console: EC2 > Lifecycle Manager > Create lifecycle policy > EBS snapshot policy > target the recovery tag > a schedule within the limit.
  cli: aws dlm create-lifecycle-policy --execution-role-arn ROLE --description DESCRIPTION --state ENABLED --policy-details file://policy.json
  terraform: aws_dlm_lifecycle_policy with target_tags of the recovery tag.
cases:
  - name: a snapshot in time
    as_of: 2026-03-01T12:00:00Z
    parameters: {backup_max_age_hours: 26, recovery_tag: "backup:required"}
    aws_ebs_volume: [{key: disk, volume_id: vol-1, state: in-use, tags: ["backup:required"]}]
    aws_ebs_snapshot: [{snapshot_id: snap-1, volume_id: vol-1, state: completed, started: 2026-03-01T03:00:00Z}]
    expect: [{item: disk, conclusion: CONFORMS, reason: a snapshot in time, changes_at: 2026-03-02T05:00:00Z, saw_latest: "2026-03-01T03:00:00Z"}]
  - name: the last second of the limit
    like: a snapshot in time
    as_of: 2026-03-02T04:59:59Z
    expect: [{item: disk, conclusion: CONFORMS}]
  - name: the first instant past the limit
    like: a snapshot in time
    as_of: 2026-03-02T05:00:00Z
    expect: [{item: disk, conclusion: DEVIATES, reason: the latest snapshot is too old, changes_at: null}]
  - name: the latest of several counts
    like: a snapshot in time
    aws_ebs_snapshot:
      - {snapshot_id: snap-1, volume_id: vol-1, state: completed, started: 2026-02-01T03:00:00Z}
      - {snapshot_id: snap-2, volume_id: vol-1, state: completed, started: 2026-03-01T11:00:00Z}
      - {snapshot_id: snap-3, volume_id: vol-2, state: completed, started: 2026-03-01T11:30:00Z}
    expect: [{item: disk, conclusion: CONFORMS, changes_at: 2026-03-02T13:00:00Z}]
  - name: the latest is not complete
    like: a snapshot in time
    aws_ebs_snapshot:
      - {snapshot_id: snap-1, volume_id: vol-1, state: completed, started: 2026-02-01T03:00:00Z}
      - {snapshot_id: snap-2, volume_id: vol-1, state: pending, started: 2026-03-01T11:00:00Z}
    expect: [{item: disk, conclusion: DEVIATES, saw_latest: "2026-02-01T03:00:00Z"}]
  - name: the only one failed
    like: a snapshot in time
    change: {aws_ebs_snapshot: [{state: error}]}
    expect: [{item: disk, conclusion: DEVIATES, reason: no completed snapshot}]
  - name: none
    like: a snapshot in time
    aws_ebs_snapshot: []
    expect: [{item: disk, conclusion: DEVIATES, reason: no completed snapshot, saw_latest: null}]
  - name: of a volume nobody tagged
    like: none
    change: {aws_ebs_volume: [{tags: ["backup:optional"]}]}
    expect: [{item: disk, conclusion: NOT_APPLICABLE, reason: not tagged as needing recovery}]
  - name: of a volume that is deleted
    like: none
    change: {aws_ebs_volume: [{state: deleting}]}
    expect: [{item: disk, conclusion: NOT_APPLICABLE, reason: deleted}]
  - name: the snapshots of the region could not be listed
    like: none
    gaps: [{table: aws_ebs_snapshot, reason: denied}]
    expect: [{item: disk, conclusion: UNKNOWN, reason: denied}]
  - name: the snapshots of another region could not be listed
    like: a snapshot in time
    gaps: [{table: aws_ebs_snapshot, region: us-east-1, reason: denied}]
    expect: [{item: disk, conclusion: CONFORMS}]
  - name: who can restore a snapshot has nothing to do with it
    like: a snapshot in time
    gaps: [{table: aws_ebs_snapshot, key: snap-1, columns: [public, shared_with], reason: denied}]
    expect: [{item: disk, conclusion: CONFORMS}]
  - name: the tags of a volume could not be read
    like: a snapshot in time
    gaps: [{table: aws_ebs_volume, key: disk, columns: [tags], reason: malformed}]
    expect: [{item: disk, conclusion: UNKNOWN, reason: malformed}]
  - name: the volumes of a region could not be listed
    gaps: [{table: aws_ebs_volume, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: one snapshot could not be read, and it is another's
    like: a snapshot in time
    gaps: [{table: aws_ebs_snapshot, key: 'snap-9', parent: vol-2, reason: malformed}]
    expect: [{item: disk, conclusion: CONFORMS}]
  - name: one snapshot of its own could not be read
    like: a snapshot in time
    gaps: [{table: aws_ebs_snapshot, key: 'snap-9', parent: vol-1, reason: malformed}]
    expect: [{item: disk, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with latest as (
  select snapshot.account, snapshot.region, snapshot.volume_id, max(snapshot.started) as started
  from aws_ebs_snapshot as snapshot
  where snapshot.state = 'completed'
  group by snapshot.account, snapshot.region, snapshot.volume_id
),
judged as (
  select
    volume.key as key,
    coalesce(volume.state in ('deleting', 'deleted'), false) as gone,
    tagged(volume.tags, $recovery_tag) as needs_recovery,
    latest.started as started,
    latest.started + to_hours($backup_max_age_hours) as due
  from aws_ebs_volume as volume
  left join latest
    on latest.volume_id = volume.volume_id and latest.account = volume.account and latest.region = volume.region
)
select
  judged.key as item,
  case
    when judged.gone or not judged.needs_recovery then 'NOT_APPLICABLE'
    when judged.due > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when judged.gone then 'deleted'
    when not judged.needs_recovery then 'not tagged as needing recovery'
    when judged.started is null then 'no completed snapshot'
    when judged.due > $as_of then 'a snapshot in time'
    else 'the latest snapshot is too old'
  end as reason,
  case when judged.needs_recovery and not judged.gone and judged.due > $as_of then judged.due end as changes_at,
  judged.started as saw_latest
from judged
