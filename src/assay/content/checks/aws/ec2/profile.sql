/*
title: Running instances get credentials from an instance profile
controls: [IAM-12]
tables: [aws_ec2_instance]
kind: item
severity: low
shows: Whether each running instance has an instance profile, whose credentials change by themselves.
does_not_show: Long-lived keys kept on the instance all the same, and whether its programs call AWS at all.
remedy:
  console: EC2 > Instances > the instance > Actions > Security > Modify IAM role.
  cli: aws ec2 associate-iam-instance-profile --instance-id INSTANCE --iam-instance-profile Name=PROFILE
  terraform: In aws_instance, iam_instance_profile.
cases:
  - name: with a profile
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running, profile: "arn:aws:iam::111122223333:instance-profile/web"}]
    expect: [{item: web, conclusion: CONFORMS, reason: it has a profile, saw_profile: "arn:aws:iam::111122223333:instance-profile/web"}]
  - name: without one
    like: with a profile
    change: {aws_ec2_instance: [{profile: null}]}
    expect: [{item: web, conclusion: DEVIATES, reason: it has no profile}]
  - name: stopped
    like: without one
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: not running, saw_state: stopped}]
  - name: terminated
    like: without one
    change: {aws_ec2_instance: [{state: terminated}]}
    expect: [{item: web, conclusion: NOT_APPLICABLE}]
  - name: one instance could not be read
    like: without one
    gaps: [{table: aws_ec2_instance, key: web, reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}]
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
    when instance.state <> 'running' then 'NOT_APPLICABLE'
    when instance.profile is not null then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when instance.state <> 'running' then 'not running'
    when instance.profile is not null then 'it has a profile'
    else 'it has no profile'
  end as reason,
  instance.state as saw_state,
  instance.profile as saw_profile
from aws_ec2_instance as instance
