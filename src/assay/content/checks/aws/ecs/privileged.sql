/*
title: No container of a family's latest active revision is privileged
controls: [NET-06, IAM-06]
tables: [aws_ecs_task_definition]
kind: item
severity: high
shows: Whether a container in the latest active revision of each family of task definitions asks for the rights of the host.
does_not_show: "Whether that revision runs, and older active revisions."
remedy:
  console: ECS > Task definitions > the family > Create new revision > the container > Docker configuration > Privileged off; then update the services that use it.
  cli: aws ecs register-task-definition --cli-input-json file://definition.json, without "privileged"
  terraform: aws_ecs_task_definition, container_definitions without privileged = true.
cases:
  - name: no privileged container
    aws_ecs_task_definition: [{family: api, revision: 7, containers: [api, proxy], privileged_containers: []}]
    expect: [{item: api, conclusion: CONFORMS, reason: no container is privileged, saw_revision: 7}]
  - name: one of two
    like: no privileged container
    change: {aws_ecs_task_definition: [{privileged_containers: [proxy]}]}
    expect: [{item: api, conclusion: DEVIATES, reason: a container is privileged, saw_privileged: [proxy]}]
  - name: one family could not be described
    like: no privileged container
    gaps: [{table: aws_ecs_task_definition, key: api, columns: [revision, containers, privileged_containers], reason: denied}]
    expect: [{item: api, conclusion: UNKNOWN, reason: denied}]
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
  case when len(coalesce(definition.privileged_containers, [])) > 0 then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case
    when len(coalesce(definition.privileged_containers, [])) > 0 then 'a container is privileged'
    else 'no container is privileged'
  end as reason,
  definition.family as saw_family,
  definition.revision as saw_revision,
  definition.privileged_containers as saw_privileged
from aws_ecs_task_definition as definition
