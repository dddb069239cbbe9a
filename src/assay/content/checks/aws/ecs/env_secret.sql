/*
title: No container of a family's latest active revision has the pattern of a credential in its environment
controls: [IAM-13]
tables: [aws_ecs_task_definition, aws_ecs_variable]
links: {aws_ecs_variable: key}
needs: opt-in
kind: item
severity: high
shows: "Whether a variable of a container in the latest active revision of each family looks like a credential of a known issuer; name and pattern are kept, the value is not."
does_not_show: "Secrets of unknown shape, files of variables, and older active revisions."
remedy:
  console: Replace the credential at its issuer first; ECS > Task definitions > the family > Create new revision > Environment variables > ValueFrom with the ARN of a secret; then deregister the older revisions.
  cli: aws ecs register-task-definition --cli-input-json file://definition.json, with "secrets" in place of "environment"
  terraform: aws_ecs_task_definition, container_definitions with secrets and valueFrom.
cases:
  - name: nothing found
    aws_ecs_task_definition: [{family: api, revision: 7}]
    aws_ecs_variable: [{family: api, found: []}]
    expect: [{item: api, conclusion: CONFORMS, reason: no pattern of a credential, saw_revision: 7}]
  - name: a credential
    like: nothing found
    change: {aws_ecs_variable: [{found: ["api/DATABASE_URL: password-in-url"]}]}
    expect: [{item: api, conclusion: DEVIATES, reason: a variable looks like a credential, saw_found: ["api/DATABASE_URL: password-in-url"]}]
  - name: the opt-in was not given
    aws_ecs_task_definition: [{family: api, revision: 7}]
    gaps: [{table: aws_ecs_variable, account: null, region: null, reason: not_enabled}]
    expect: [{item: api, conclusion: UNKNOWN, reason: not_enabled}]
  - name: one family could not be described
    like: nothing found
    gaps: [{table: aws_ecs_variable, key: api, columns: [found], reason: malformed}]
    expect: [{item: api, conclusion: UNKNOWN, reason: malformed}]
  - name: a family that came between the two lists
    like: nothing found
    aws_ecs_variable: []
    expect: [{item: api, conclusion: NOT_APPLICABLE, reason: made after its variables were looked at}]
  - name: families could not be listed
    aws_ecs_task_definition: []
    gaps: [{table: aws_ecs_task_definition, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/ecs/families
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  definition.key as item,
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
  definition.family as saw_family,
  definition.revision as saw_revision,
  variable.found as saw_found
from aws_ecs_task_definition as definition
left join aws_ecs_variable as variable on variable.key = definition.key
