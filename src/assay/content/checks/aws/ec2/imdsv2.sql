/*
title: The metadata service of every instance answers to IMDSv2 only
controls: [NET-06, IAM-12]
tables: [aws_ec2_instance]
kind: item
severity: medium
shows: Whether each instance refuses the first version of the metadata service, which hands out credentials without a session.
does_not_show: Whether a program on the instance still tries version 1.
remedy:
  console: EC2 > Instances > the instance > Actions > Instance settings > Modify instance metadata options > IMDSv2 Required.
  cli: aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens required
  terraform: In aws_instance, metadata_options with http_tokens = "required".
cases:
  - name: version 2 only
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running, metadata_tokens: required, metadata_service: enabled}]
    expect: [{item: web, conclusion: CONFORMS, reason: version 2 only, saw_state: running}]
  - name: version 1 too
    like: version 2 only
    change: {aws_ec2_instance: [{metadata_tokens: optional}]}
    expect: [{item: web, conclusion: DEVIATES, reason: version 1 is answered too}]
  - name: stopped, which keeps the setting for its next start
    like: version 1 too
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: no metadata service at all
    like: version 1 too
    change: {aws_ec2_instance: [{metadata_service: disabled}]}
    expect: [{item: web, conclusion: CONFORMS, reason: the metadata service is off}]
  - name: terminated
    like: version 1 too
    change: {aws_ec2_instance: [{state: terminated}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: ended for good}]
  - name: on its way there
    like: version 1 too
    change: {aws_ec2_instance: [{state: shutting-down}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: ended for good}]
  - name: one instance's answer cannot be read
    like: version 2 only
    gaps: [{table: aws_ec2_instance, key: web, columns: [metadata_tokens], reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}]
  - name: what its image is has nothing to do with it
    like: version 2 only
    gaps: [{table: aws_ec2_instance, key: web, columns: [image_id], reason: malformed}]
    expect: [{item: web, conclusion: CONFORMS}]
  - name: the instances of a region could not be listed
    gaps: [{table: aws_ec2_instance, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
select
  instance.key as item,
  case
    when instance.state in ('terminated', 'shutting-down') then 'NOT_APPLICABLE'
    when instance.metadata_service = 'disabled' or instance.metadata_tokens = 'required' then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instance.state in ('terminated', 'shutting-down') then 'ended for good'
    when instance.metadata_service = 'disabled' then 'the metadata service is off'
    when instance.metadata_tokens = 'required' then 'version 2 only'
    else 'version 1 is answered too'
  end as reason,
  instance.state as saw_state,
  instance.metadata_tokens as saw_tokens
from aws_ec2_instance as instance
