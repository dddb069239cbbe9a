/*
title: No own snapshot can be restored by everyone
controls: [NET-09]
tables: [aws_ebs_snapshot]
kind: item
severity: high
shows: Whether any AWS account can make a volume of each snapshot that the account owns.
does_not_show: "Copies made while it was public, and whether the region's setting against public access holds it back."
remedy:
  console: EC2 > Snapshots > the snapshot > Actions > Modify permissions > Private; and EC2 > Settings > Data protection and security > Block public access for EBS snapshots.
  cli: aws ec2 reset-snapshot-attribute --snapshot-id SNAPSHOT --attribute createVolumePermission
  terraform: aws_ebs_snapshot_block_public_access with state = "block-all-sharing", one for each region.
cases:
  - name: private
    aws_ebs_snapshot: [{key: night, snapshot_id: snap-1, volume_id: vol-1, encrypted: false, public: false, shared_with: []}]
    expect: [{item: night, conclusion: CONFORMS, reason: not public}]
  - name: public
    like: private
    change: {aws_ebs_snapshot: [{public: true}]}
    expect: [{item: night, conclusion: DEVIATES, reason: everyone can restore it, saw_volume: vol-1}]
  - name: shared with one account
    like: private
    change: {aws_ebs_snapshot: [{shared_with: ["444455556666"]}]}
    expect: [{item: night, conclusion: CONFORMS, saw_shared_with: ["444455556666"]}]
  - name: encrypted, which AWS shares with nobody in general
    like: private
    change: {aws_ebs_snapshot: [{encrypted: true}]}
    expect: [{item: night, conclusion: CONFORMS, reason: "encrypted, so it cannot be public"}]
  - name: who can restore it could not be read
    like: private
    gaps: [{table: aws_ebs_snapshot, key: night, columns: [public, shared_with], reason: denied}]
    expect: [{item: night, conclusion: UNKNOWN, reason: denied}]
  - name: when it was begun has nothing to do with it
    like: private
    gaps: [{table: aws_ebs_snapshot, key: night, columns: [started], reason: malformed}]
    expect: [{item: night, conclusion: CONFORMS}]
  - name: the snapshots of a region could not be listed
    gaps: [{table: aws_ebs_snapshot, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  snapshot.key as item,
  case when snapshot.public then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case
    when snapshot.public then 'everyone can restore it'
    when snapshot.encrypted then 'encrypted, so it cannot be public'
    else 'not public'
  end as reason,
  snapshot.volume_id as saw_volume,
  snapshot.shared_with as saw_shared_with
from aws_ebs_snapshot as snapshot
