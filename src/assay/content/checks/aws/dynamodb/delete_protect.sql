/*
title: Deletion protection is on for every DynamoDB table
controls: [AVL-02]
tables: [aws_dynamodb_table]
kind: item
severity: medium
shows: Whether DynamoDB refuses to delete each table until somebody switches the protection off.
does_not_show: Who may switch it off, and deletion of items.
remedy:
  console: DynamoDB > Tables > the table > Additional settings > Deletion protection > Turn on.
  cli: aws dynamodb update-table --table-name NAME --deletion-protection-enabled
  terraform: aws_dynamodb_table, argument deletion_protection_enabled = true.
cases:
  - name: protected
    aws_dynamodb_table: [{name: sessions, status: ACTIVE, deletion_protection: true}]
    expect: [{item: sessions, conclusion: CONFORMS, reason: deletion is refused}]
  - name: not protected
    aws_dynamodb_table: [{name: sessions, status: ACTIVE, deletion_protection: false}]
    expect: [{item: sessions, conclusion: DEVIATES, reason: can be deleted at once}]
  - name: a table that is being deleted
    like: not protected
    change: {aws_dynamodb_table: [{status: DELETING}]}
    expect: [{item: sessions, conclusion: NOT_APPLICABLE, reason: the table is being deleted}]
  - name: one table could not be described
    like: protected
    gaps: [{table: aws_dynamodb_table, key: sessions, columns: [status, deletion_protection], reason: denied}]
    expect: [{item: sessions, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/dynamodb/tables
    expect: {CONFORMS: 2, DEVIATES: 1}
*/
select
  stored.key as item,
  case
    when stored.status = 'DELETING' then 'NOT_APPLICABLE'
    when stored.deletion_protection then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when stored.status = 'DELETING' then 'the table is being deleted'
    when stored.deletion_protection then 'deletion is refused'
    else 'can be deleted at once'
  end as reason,
  stored.name as saw_name
from aws_dynamodb_table as stored
