/*
title: Volumes are encrypted
controls: [DAT-01]
tables: [aws_ebs_volume]
kind: item
severity: high
shows: Whether each volume of EBS is encrypted at rest.
does_not_show: "Who may use the key, and disks of the host itself."
remedy:
  console: EC2 > Volumes > the volume > Create snapshot; then Snapshots > the snapshot > Create volume from snapshot > Encrypt this volume; attach it in place of the old one.
  cli: aws ec2 create-volume --snapshot-id SNAPSHOT --availability-zone ZONE --encrypted
  terraform: In aws_ebs_volume, and in each block device of aws_instance, encrypted = true.
cases:
  - name: encrypted
    aws_ebs_volume: [{key: disk, volume_id: vol-1, encrypted: true, state: in-use, kms_key: key-1, attached_to: [i-1]}]
    expect: [{item: disk, conclusion: CONFORMS, reason: encrypted, saw_kms_key: key-1, saw_attached_to: [i-1]}]
  - name: not encrypted
    like: encrypted
    change: {aws_ebs_volume: [{encrypted: false, kms_key: null}]}
    expect: [{item: disk, conclusion: DEVIATES, reason: not encrypted}]
  - name: attached to nothing, and its content still there
    like: not encrypted
    change: {aws_ebs_volume: [{state: available, attached_to: []}]}
    expect: [{item: disk, conclusion: DEVIATES, saw_state: available}]
  - name: being deleted
    like: not encrypted
    change: {aws_ebs_volume: [{state: deleting}]}
    expect: [{item: disk, conclusion: NOT_APPLICABLE, reason: deleted}]
  - name: gone
    like: not encrypted
    change: {aws_ebs_volume: [{state: deleted}]}
    expect: [{item: disk, conclusion: NOT_APPLICABLE}]
  - name: in a state that AWS does not say
    like: encrypted
    change: {aws_ebs_volume: [{state: null}]}
    expect: [{item: disk, conclusion: CONFORMS}]
  - name: one volume could not be read
    like: encrypted
    gaps: [{table: aws_ebs_volume, key: disk, columns: [encrypted], reason: malformed}]
    expect: [{item: disk, conclusion: UNKNOWN, reason: malformed}]
  - name: the volumes of a region could not be listed
    gaps: [{table: aws_ebs_volume, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  volume.key as item,
  case
    when volume.state in ('deleting', 'deleted') then 'NOT_APPLICABLE'
    when volume.encrypted then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when volume.state in ('deleting', 'deleted') then 'deleted'
    when volume.encrypted then 'encrypted'
    else 'not encrypted'
  end as reason,
  volume.state as saw_state,
  volume.kms_key as saw_kms_key,
  volume.attached_to as saw_attached_to
from aws_ebs_volume as volume
