/*
title: Every EFS file system is encrypted
controls: [DAT-01]
tables: [aws_efs]
kind: item
severity: high
shows: Whether each file system encrypts what it stores.
does_not_show: "Who may use the key, and encryption on the way to its clients."
remedy:
  console: EFS > Create file system with encryption > copy the files with DataSync > delete the old file system. It cannot be switched on in place.
  cli: aws efs create-file-system --encrypted --kms-key-id KEY
  terraform: aws_efs_file_system, argument encrypted = true; changing it replaces the file system.
cases:
  - name: encrypted
    aws_efs: [{key: files, file_system_id: fs-1, encrypted: true, state: available}]
    expect: [{item: files, conclusion: CONFORMS, reason: encrypted}]
  - name: plain
    aws_efs: [{key: files, file_system_id: fs-1, encrypted: false, state: available}]
    expect: [{item: files, conclusion: DEVIATES, reason: not encrypted}]
  - name: a file system that is being deleted
    like: plain
    change: {aws_efs: [{state: deleting}]}
    expect: [{item: files, conclusion: NOT_APPLICABLE, reason: being deleted}]
  - name: file systems could not be listed
    like: encrypted
    gaps: [{table: aws_efs, reason: denied}]
    expect: [{item: files, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/efs/file-systems
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  files.key as item,
  case
    when files.state in ('deleting', 'deleted') then 'NOT_APPLICABLE'
    when files.encrypted then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when files.state in ('deleting', 'deleted') then 'being deleted'
    when files.encrypted then 'encrypted'
    else 'not encrypted'
  end as reason,
  files.file_system_id as saw_id,
  files.kms_key as saw_kms_key
from aws_efs as files
