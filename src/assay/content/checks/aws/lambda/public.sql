/*
title: No function can be called by everyone, neither by its policy nor by a function URL
controls: [NET-01, IAM-06]
tables: [aws_lambda_function]
kind: item
severity: high
shows: Whether the policy of each function lets any principal in without a condition that limits who asks, and whether a function URL is open that way.
does_not_show: "Calls through API Gateway or a load balancer, and policies of single versions and aliases."
remedy:
  console: Lambda > the function > Configuration > Permissions > Resource-based policy statements > delete the statement with principal *; Configuration > Function URL > Auth type AWS_IAM.
  cli: aws lambda remove-permission --function-name NAME --statement-id ID; aws lambda update-function-url-config --function-name NAME --auth-type AWS_IAM
  terraform: aws_lambda_permission with a named principal and source_arn; aws_lambda_function_url with authorization_type = "AWS_IAM".
cases:
  - name: no policy and no URL
    aws_lambda_function: [{arn: ingest, name: ingest, has_policy: false, policy_public_actions: [], url_auth: []}]
    expect: [{item: ingest, conclusion: CONFORMS, reason: its policy lets nobody in without a limit}]
  - name: a policy that lets everyone call it
    like: no policy and no URL
    change: {aws_lambda_function: [{has_policy: true, policy_public_actions: ["lambda:InvokeFunction"]}]}
    expect: [{item: ingest, conclusion: DEVIATES, reason: its policy lets everyone in, saw_public_actions: ["lambda:InvokeFunction"]}]
  - name: a policy that lets everyone do everything
    like: no policy and no URL
    change: {aws_lambda_function: [{has_policy: true, policy_public_actions: ["*"]}]}
    expect: [{item: ingest, conclusion: DEVIATES}]
  - name: an open URL
    like: no policy and no URL
    change: {aws_lambda_function: [{has_policy: true, policy_public_actions: ["lambda:InvokeFunctionUrl"], url_auth: [NONE]}]}
    expect: [{item: ingest, conclusion: DEVIATES, reason: everyone can call its URL, saw_url_sign_in: [NONE]}]
  - name: everyone with an AWS account may call a URL that asks to sign in
    like: an open URL
    change: {aws_lambda_function: [{url_auth: [AWS_IAM]}]}
    expect: [{item: ingest, conclusion: DEVIATES, reason: everyone can call its URL}]
  - name: the policy opens a URL that does not exist
    like: an open URL
    change: {aws_lambda_function: [{url_auth: []}]}
    expect: [{item: ingest, conclusion: CONFORMS, reason: its policy opens a URL only and it has none}]
  - name: a URL without sign-in that the policy lets nobody call
    like: no policy and no URL
    change: {aws_lambda_function: [{url_auth: [NONE]}]}
    expect: [{item: ingest, conclusion: CONFORMS}]
  - name: its policy could not be read
    like: no policy and no URL
    gaps: [{table: aws_lambda_function, key: ingest, columns: [has_policy, policy_public_actions, policy_accounts], reason: denied}]
    expect: [{item: ingest, conclusion: UNKNOWN, reason: denied}]
  - name: its URLs could not be listed
    like: no policy and no URL
    gaps: [{table: aws_lambda_function, key: ingest, columns: [url_auth], reason: denied}]
    expect: [{item: ingest, conclusion: UNKNOWN, reason: denied}]
  - name: functions could not be listed
    aws_lambda_function: []
    gaps: [{table: aws_lambda_function, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/lambda/functions
    expect: {CONFORMS: 2, DEVIATES: 2}
*/
with functions as (
  select
    fn.key as fn_key,
    fn.name as fn_name,
    coalesce(fn.policy_public_actions, []) as public_actions,
    without(coalesce(fn.policy_public_actions, []), ['lambda:InvokeFunctionUrl']) as beyond_url,
    coalesce(fn.url_auth, []) as url_auth
  from aws_lambda_function as fn
)
select
  functions.fn_key as item,
  case
    when len(functions.beyond_url) > 0 then 'DEVIATES'
    when len(functions.public_actions) > 0 and len(functions.url_auth) > 0 then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when len(functions.beyond_url) > 0 then 'its policy lets everyone in'
    when len(functions.public_actions) > 0 and len(functions.url_auth) > 0 then 'everyone can call its URL'
    when len(functions.public_actions) > 0 then 'its policy opens a URL only and it has none'
    else 'its policy lets nobody in without a limit'
  end as reason,
  functions.fn_name as saw_name,
  functions.public_actions as saw_public_actions,
  functions.url_auth as saw_url_sign_in
from functions
