/*
title: No function has the pattern of a credential in its variables
controls: [IAM-13]
tables: [aws_lambda_function, aws_lambda_variable]
links: {aws_lambda_variable: key}
needs: opt-in
kind: item
severity: high
shows: "Whether a variable of each function looks like a credential of a known issuer; name and pattern are kept, the value is not."
does_not_show: "Secrets of unknown shape, and older published versions."
remedy:
  console: Replace the credential at its issuer first, then put it into Secrets Manager and have the function read it from there; Lambda > the function > Configuration > Environment variables > remove it.
  cli: aws lambda update-function-configuration --function-name NAME --environment file://environment.json
  terraform: aws_lambda_function, block environment without the credential; aws_secretsmanager_secret and a right of the role to read it.
cases:
  - name: nothing found
    aws_lambda_function: [{arn: ingest, name: ingest}]
    aws_lambda_variable: [{arn: ingest, name: ingest, found: []}]
    expect: [{item: ingest, conclusion: CONFORMS, reason: no pattern of a credential}]
  - name: a credential
    like: nothing found
    change: {aws_lambda_variable: [{found: ["STRIPE: stripe-key"]}]}
    expect: [{item: ingest, conclusion: DEVIATES, reason: a variable looks like a credential, saw_found: ["STRIPE: stripe-key"]}]
  - name: the opt-in was not given
    aws_lambda_function: [{arn: ingest, name: ingest}]
    gaps: [{table: aws_lambda_variable, account: null, region: null, reason: not_enabled}]
    expect: [{item: ingest, conclusion: UNKNOWN, reason: not_enabled}]
  - name: AWS could not read the variables of one of two
    aws_lambda_function: [{arn: ingest, name: ingest}, {arn: api, name: api}]
    aws_lambda_variable: [{arn: ingest, name: ingest}, {arn: api, name: api, found: []}]
    gaps: [{table: aws_lambda_variable, key: ingest, columns: [found], reason: malformed}]
    expect: [{item: ingest, conclusion: UNKNOWN, reason: malformed}, {item: api, conclusion: CONFORMS}]
  - name: a function that came between the two lists
    like: nothing found
    aws_lambda_variable: []
    expect: [{item: ingest, conclusion: NOT_APPLICABLE, reason: made after its variables were looked at}]
  - name: functions could not be listed
    aws_lambda_function: []
    gaps: [{table: aws_lambda_function, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/lambda/functions
    expect: {CONFORMS: 2, DEVIATES: 2}
*/
select
  fn.key as item,
  case
    when variable.key is null then 'NOT_APPLICABLE'
    when len(coalesce(variable.found, [])) > 0 then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when variable.key is null then 'made after its variables were looked at'
    when len(coalesce(variable.found, [])) > 0 then 'a variable looks like a credential'
    else 'no pattern of a credential'
  end as reason,
  fn.name as saw_name,
  variable.found as saw_found
from aws_lambda_function as fn
left join aws_lambda_variable as variable on variable.key = fn.key
