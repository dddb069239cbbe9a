/*
title: Point-in-time recovery is on for every DynamoDB table
controls: [AVL-02]
tables: [aws_dynamodb_table]
kind: item
severity: high
shows: Whether each table can be brought back to any second of its recovery period, which is 1 to 35 days.
does_not_show: "How long the recovery period is, that a restore was tried, and tables that are rebuilt from elsewhere and need no recovery."
remedy:
  console: DynamoDB > Tables > the table > Backups > Point-in-time recovery > Edit > Turn on.
  cli: aws dynamodb update-continuous-backups --table-name NAME --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true
  terraform: aws_dynamodb_table, block point_in_time_recovery with enabled = true.
cases:
  - name: recovery is on
    aws_dynamodb_table: [{name: sessions, status: ACTIVE, pitr: true, pitr_days: 35}]
    expect: [{item: sessions, conclusion: CONFORMS, saw_days: 35}]
  - name: recovery is off
    aws_dynamodb_table: [{name: sessions, status: ACTIVE, pitr: false}]
    expect: [{item: sessions, conclusion: DEVIATES, reason: point-in-time recovery is off}]
  - name: a table that is being deleted
    like: recovery is off
    change: {aws_dynamodb_table: [{status: DELETING}]}
    expect: [{item: sessions, conclusion: NOT_APPLICABLE, reason: the table is being deleted or archived}]
  - name: a table that AWS archived after its key was lost
    like: recovery is off
    change: {aws_dynamodb_table: [{status: ARCHIVED}]}
    expect: [{item: sessions, conclusion: NOT_APPLICABLE}]
  - name: recovery of one table could not be read
    like: recovery is on
    gaps: [{table: aws_dynamodb_table, key: sessions, columns: [pitr, pitr_days], reason: denied}]
    expect: [{item: sessions, conclusion: UNKNOWN, reason: denied}]
  - name: tables could not be listed
    aws_dynamodb_table: []
    gaps: [{table: aws_dynamodb_table, reason: throttled}]
    expect: [{item: null, conclusion: UNKNOWN, reason: throttled}]
  - name: tags could not be read and matter nothing here
    like: recovery is on
    gaps: [{table: aws_dynamodb_table, key: sessions, columns: [tags], reason: denied}]
    expect: [{item: sessions, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/dynamodb/tables
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  stored.key as item,
  case
    when stored.status in ('DELETING', 'ARCHIVING', 'ARCHIVED') then 'NOT_APPLICABLE'
    when stored.pitr then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when stored.status in ('DELETING', 'ARCHIVING', 'ARCHIVED') then 'the table is being deleted or archived'
    when stored.pitr then 'point-in-time recovery is on'
    else 'point-in-time recovery is off'
  end as reason,
  stored.name as saw_name,
  stored.pitr_days as saw_days
from aws_dynamodb_table as stored
