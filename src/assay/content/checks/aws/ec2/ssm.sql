/*
title: Running instances report to Systems Manager
controls: [NET-06, VUL-03]
tables: [aws_ec2_instance, aws_ssm_managed_instance]
links: {aws_ssm_managed_instance: {key: instance_id, within: place}}
kind: item
severity: low
shows: Whether Systems Manager knows each running instance and its agent answers.
does_not_show: That patches were applied.
remedy:
  console: Systems Manager > Fleet Manager > Account management > Default Host Management Configuration; or attach a role with AmazonSSMManagedInstanceCore, and see that the agent runs and reaches the service.
  cli: aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE
  terraform: aws_iam_role_policy_attachment of AmazonSSMManagedInstanceCore to the role of the instance.
cases:
  - name: its agent answers
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running}]
    aws_ssm_managed_instance: [{instance_id: i-1, online: true, platform: Amazon Linux}]
    expect: [{item: web, conclusion: CONFORMS, reason: its agent answers, saw_platform: Amazon Linux}]
  - name: its agent was heard of once
    like: its agent answers
    change: {aws_ssm_managed_instance: [{online: false}]}
    expect: [{item: web, conclusion: DEVIATES, reason: its agent does not answer}]
  - name: never heard of
    like: its agent answers
    aws_ssm_managed_instance: []
    expect: [{item: web, conclusion: DEVIATES, reason: Systems Manager does not know it}]
  - name: another machine answers
    like: its agent answers
    change: {aws_ssm_managed_instance: [{instance_id: i-2}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: known in another region only
    like: its agent answers
    change: {aws_ssm_managed_instance: [{region: us-east-1}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: stopped
    like: never heard of
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: not running}]
  - name: Systems Manager could not be asked
    like: never heard of
    gaps: [{table: aws_ssm_managed_instance, reason: denied}]
    expect: [{item: web, conclusion: UNKNOWN, reason: denied}]
  - name: Systems Manager of another region could not be asked
    like: its agent answers
    gaps: [{table: aws_ssm_managed_instance, region: us-east-1, reason: denied}]
    expect: [{item: web, conclusion: CONFORMS}]
  - name: one instance could not be read
    like: its agent answers
    gaps: [{table: aws_ec2_instance, key: web, columns: [state], reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}]
  - name: the instances of a region could not be listed
    gaps: [{table: aws_ec2_instance, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: what Systems Manager says of another machine could not be read
    like: its agent answers
    gaps: [{table: aws_ssm_managed_instance, key: i-2, columns: [online], reason: malformed}]
    expect: [{item: web, conclusion: CONFORMS}]
  - name: what Systems Manager says of it could not be read
    like: its agent answers
    gaps: [{table: aws_ssm_managed_instance, key: i-1, columns: [online], reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  instance.key as item,
  case
    when instance.state <> 'running' then 'NOT_APPLICABLE'
    when coalesce(managed.online, false) then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instance.state <> 'running' then 'not running'
    when managed.key is null then 'Systems Manager does not know it'
    when managed.online then 'its agent answers'
    else 'its agent does not answer'
  end as reason,
  instance.state as saw_state,
  managed.platform as saw_platform
from aws_ec2_instance as instance
left join aws_ssm_managed_instance as managed
  on managed.instance_id = instance.instance_id and managed.account = instance.account and managed.region = instance.region
