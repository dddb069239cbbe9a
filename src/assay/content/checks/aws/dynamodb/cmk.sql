/*
title: DynamoDB tables tagged confidential use a key that the company manages
controls: [DAT-01, DAT-03]
tables: [aws_dynamodb_table, aws_kms_key]
parameters: [confidential_tag]
links: {aws_kms_key: kms_key}
kind: item
severity: low
shows: Whether each table that carries the confidential tag is encrypted by a customer-managed KMS key.
does_not_show: "Tables nobody tagged, and who may use the key."
remedy:
  console: DynamoDB > Tables > the table > Additional settings > Encryption > Manage encryption > Stored in your account, and owned and managed by you.
  cli: aws dynamodb update-table --table-name NAME --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=KEY
  terraform: aws_dynamodb_table, block server_side_encryption with enabled = true and kms_key_arn.
cases:
  - name: a key of the company
    parameters: {confidential_tag: "data-class:confidential"}
    aws_dynamodb_table: [{name: people, encryption: KMS, kms_key: "arn:aws:kms:eu-west-1:111122223333:key/1", tags: ["data-class:confidential"]}]
    aws_kms_key: [{key: "arn:aws:kms:eu-west-1:111122223333:key/1", key_id: "1", manager: CUSTOMER, state: Enabled}]
    expect: [{item: people, conclusion: CONFORMS, reason: encrypted by a key that the company manages}]
  - name: the key that AWS manages in the account
    like: a key of the company
    change: {aws_kms_key: [{manager: AWS}]}
    expect: [{item: people, conclusion: DEVIATES, reason: encrypted by the key that AWS manages in the account}]
  - name: the key that AWS owns
    like: a key of the company
    change: {aws_dynamodb_table: [{encryption: null, kms_key: null}]}
    expect: [{item: people, conclusion: DEVIATES, reason: encrypted by a key that AWS owns}]
  - name: a key of another account is the company's own choice
    like: a key of the company
    change: {aws_dynamodb_table: [{kms_key: "arn:aws:kms:eu-west-1:444455556666:key/9"}]}
    expect: [{item: people, conclusion: CONFORMS, reason: encrypted by a key of another account}]
  - name: a key that is no longer there
    like: a key of the company
    aws_kms_key: []
    expect: [{item: people, conclusion: DEVIATES, reason: its key is not among the keys of the account}]
  - name: a table nobody tagged confidential
    like: the key that AWS owns
    change: {aws_dynamodb_table: [{tags: ["data-class:public"]}]}
    expect: [{item: people, conclusion: NOT_APPLICABLE, reason: not tagged confidential}]
  - name: the key's manager could not be read
    like: a key of the company
    gaps: [{table: aws_kms_key, key: "arn:aws:kms:eu-west-1:111122223333:key/1", columns: [manager], reason: denied}]
    expect: [{item: people, conclusion: UNKNOWN, reason: denied}]
  - name: another key that could not be read makes nothing unknown here
    like: a key of the company
    gaps: [{table: aws_kms_key, key: "arn:aws:kms:eu-west-1:111122223333:key/2", columns: [manager], reason: denied}]
    expect: [{item: people, conclusion: CONFORMS}]
  - name: keys could not be listed
    like: a key of the company
    aws_kms_key: []
    gaps: [{table: aws_kms_key, reason: denied}]
    expect: [{item: people, conclusion: UNKNOWN, reason: denied}]
  - name: tags could not be read
    like: a key of the company
    gaps: [{table: aws_dynamodb_table, key: people, columns: [tags], reason: denied}]
    expect: [{item: people, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/dynamodb/tables
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with keyed as (
  select
    stored.key as table_key,
    stored.name as table_name,
    stored.kms_key as kms_key,
    tagged(stored.tags, $confidential_tag) as confidential,
    stored.kms_key is not null and split_part(stored.kms_key, ':', 5) <> stored.account as elsewhere,
    kms.manager as manager
  from aws_dynamodb_table as stored
  left join aws_kms_key as kms on kms.key = stored.kms_key
)
select
  keyed.table_key as item,
  case
    when not keyed.confidential then 'NOT_APPLICABLE'
    when keyed.elsewhere or coalesce(keyed.manager = 'CUSTOMER', false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not keyed.confidential then 'not tagged confidential'
    when keyed.kms_key is null then 'encrypted by a key that AWS owns'
    when keyed.elsewhere then 'encrypted by a key of another account'
    when keyed.manager = 'CUSTOMER' then 'encrypted by a key that the company manages'
    when keyed.manager is null then 'its key is not among the keys of the account'
    else 'encrypted by the key that AWS manages in the account'
  end as reason,
  keyed.table_name as saw_name,
  keyed.kms_key as saw_kms_key
from keyed
