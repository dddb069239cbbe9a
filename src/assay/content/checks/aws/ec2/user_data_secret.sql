/*
title: No instance has the pattern of a credential in its user data
controls: [IAM-13]
tables: [aws_ec2_instance, aws_ec2_user_data]
links: {aws_ec2_user_data: key}
needs: opt-in
kind: item
severity: high
shows: "Whether the user data of each instance, which every program on it can read, holds what looks like a credential of a known issuer; the pattern is kept, the text is not."
does_not_show: "Secrets of unknown shape or encoded within the text, launch templates, and what boot scripts fetch later."
remedy:
  console: Replace the credential at its issuer first and put it into Secrets Manager; stop the instance, then EC2 > Instances > the instance > Actions > Instance settings > Edit user data.
  cli: aws ec2 modify-instance-attribute --instance-id INSTANCE --user-data Value=CONTENT
  terraform: aws_instance, user_data without the credential; aws_secretsmanager_secret and a right of the role to read it.
cases:
  - name: nothing found
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running}]
    aws_ec2_user_data: [{key: web, instance_id: i-1, found: []}]
    expect: [{item: web, conclusion: CONFORMS, reason: no pattern of a credential}]
  - name: a credential
    like: nothing found
    change: {aws_ec2_user_data: [{found: [aws-access-key, private-key]}]}
    expect: [{item: web, conclusion: DEVIATES, reason: the user data looks like it holds a credential, saw_found: [aws-access-key, private-key]}]
  - name: stopped, and its user data still there
    like: a credential
    change: {aws_ec2_instance: [{state: stopped}]}
    expect: [{item: web, conclusion: DEVIATES}]
  - name: terminated
    like: nothing found
    change: {aws_ec2_instance: [{state: terminated}]}
    aws_ec2_user_data: []
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: ended for good}]
  - name: it came between the two lists
    like: nothing found
    aws_ec2_user_data: []
    expect: [{item: web, conclusion: NOT_APPLICABLE, reason: started after user data was looked at}]
  - name: the opt-in was not given
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running}]
    gaps: [{table: aws_ec2_user_data, account: null, region: null, reason: not_enabled}]
    expect: [{item: web, conclusion: UNKNOWN, reason: not_enabled}]
  - name: the user data of one of two could not be read
    aws_ec2_instance: [{key: web, instance_id: i-1, state: running}, {key: job, instance_id: i-2, state: running}]
    aws_ec2_user_data: [{key: web, instance_id: i-1}, {key: job, instance_id: i-2, found: []}]
    gaps: [{table: aws_ec2_user_data, key: web, columns: [found], reason: malformed}]
    expect: [{item: web, conclusion: UNKNOWN, reason: malformed}, {item: job, conclusion: CONFORMS}]
  - name: user data of a region could not be read
    like: nothing found
    gaps: [{table: aws_ec2_user_data, reason: denied}]
    expect: [{item: web, conclusion: UNKNOWN, reason: denied}]
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
    when instance.state in ('terminated', 'shutting-down') or looked.key is null then 'NOT_APPLICABLE'
    when length(coalesce(looked.found, [])) > 0 then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when instance.state in ('terminated', 'shutting-down') then 'ended for good'
    when looked.key is null then 'started after user data was looked at'
    when length(coalesce(looked.found, [])) > 0 then 'the user data looks like it holds a credential'
    else 'no pattern of a credential'
  end as reason,
  instance.state as saw_state,
  looked.found as saw_found
from aws_ec2_instance as instance
left join aws_ec2_user_data as looked on looked.key = instance.key
