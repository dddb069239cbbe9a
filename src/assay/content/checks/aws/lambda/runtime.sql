/*
title: No function runs on a runtime that AWS no longer supports
controls: [VUL-03]
tables: [aws_lambda_function]
parameters: [lambda_ended_runtimes]
kind: item
severity: medium
shows: Whether the day on which AWS ends support of each function's runtime has come, by the list of dates in force.
does_not_show: "Container images, runtimes that the list names no date for, and libraries inside the function."
remedy:
  console: Lambda > the function > Code > Runtime settings > Edit > Runtime. Try the newer runtime on a version of its own first.
  cli: aws lambda update-function-configuration --function-name NAME --runtime RUNTIME
  terraform: aws_lambda_function, argument runtime.
cases:
  - name: supported until its date
    as_of: 2026-10-30T23:59:59Z
    parameters: {lambda_ended_runtimes: [python3.1=2020-01-01, python3.10=2026-10-31, nodejs=2016-10-31]}
    aws_lambda_function: [{arn: ingest, name: ingest, runtime: python3.10, package_type: Zip}]
    expect: [{item: ingest, conclusion: CONFORMS, changes_at: 2026-10-31T00:00:00Z, saw_runtime: python3.10, reason: AWS supports its runtime}]
  - name: the day on which support ends
    like: supported until its date
    as_of: 2026-10-31T00:00:00Z
    expect: [{item: ingest, conclusion: DEVIATES, changes_at: null, reason: AWS has ended support of its runtime}]
  - name: a runtime whose name begins like another
    like: supported until its date
    change: {aws_lambda_function: [{runtime: nodejs22.x}]}
    expect: [{item: ingest, conclusion: NOT_APPLICABLE, reason: no end of support is listed for its runtime}]
  - name: the list may name it last
    like: supported until its date
    change: {aws_lambda_function: [{runtime: nodejs}]}
    expect: [{item: ingest, conclusion: DEVIATES}]
  - name: a container image
    like: supported until its date
    change: {aws_lambda_function: [{runtime: null, package_type: Image}]}
    expect: [{item: ingest, conclusion: NOT_APPLICABLE, reason: a container image brings its own runtime}]
  - name: an empty list says nothing
    like: supported until its date
    parameters: {lambda_ended_runtimes: []}
    expect: [{item: ingest, conclusion: NOT_APPLICABLE}]
  - name: functions could not be listed
    like: supported until its date
    gaps: [{table: aws_lambda_function, reason: denied}]
    expect: [{item: ingest, conclusion: UNKNOWN, reason: denied}]
  - name: who can call it has nothing to do with it
    like: supported until its date
    gaps: [{table: aws_lambda_function, key: ingest, columns: [policy_public_actions, has_policy, policy_accounts], reason: denied}]
    expect: [{item: ingest, conclusion: CONFORMS}]
  - name: through the collector
    recording: aws/lambda/functions
    as_of: 2026-11-01T00:00:00Z
    parameters: {lambda_ended_runtimes: [python3.10=2026-10-31, python3.13=2029-06-30]}
    expect: {CONFORMS: 2, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with functions as (
  select
    fn.key as fn_key,
    fn.name as fn_name,
    fn.runtime as runtime,
    fn.package_type as package_type,
    local_midnight(
      nullif(split_part(split_part(';' || array_to_string($lambda_ended_runtimes, ';') || ';', ';' || fn.runtime || '=', 2), ';', 1), ''),
      'UTC'
    ) as ends
  from aws_lambda_function as fn
)
select
  functions.fn_key as item,
  case
    when functions.ends is null then 'NOT_APPLICABLE'
    when functions.ends > $as_of then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when functions.package_type = 'Image' then 'a container image brings its own runtime'
    when functions.ends is null then 'no end of support is listed for its runtime'
    when functions.ends > $as_of then 'AWS supports its runtime'
    else 'AWS has ended support of its runtime'
  end as reason,
  case when functions.ends > $as_of then functions.ends end as changes_at,
  functions.fn_name as saw_name,
  functions.runtime as saw_runtime,
  functions.ends as saw_support_ends
from functions
