/*
title: The Config recorder is recording all supported types in every enabled region
controls: [NET-07, MON-01]
tables: [aws_ec2_region_settings, aws_config_recorder]
kind: item
severity: medium
shows: Whether AWS Config records every kind of resource that it knows in each enabled region at the moment of the collection, and gets its records delivered.
does_not_show: That recorded changes are compared with a baseline, and where records are kept.
remedy:
  console: AWS Config, in the region > Settings > Edit > Record all resource types > Recording is on.
  cli: aws configservice put-configuration-recorder --configuration-recorder name=default,roleARN=ROLE --recording-group allSupported=true, then aws configservice start-configuration-recorder --configuration-recorder-name default
  terraform: aws_config_configuration_recorder with block recording_group, all_supported = true, and aws_config_configuration_recorder_status with is_enabled = true.
cases:
  - name: records everything
    aws_ec2_region_settings: [{key: eu-west-1}]
    aws_config_recorder: [{name: default, all_types: true, recording: true, last_status: Success}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, saw_recorder: default}]
  - name: has not delivered yet
    like: records everything
    change: {aws_config_recorder: [{last_status: Pending}]}
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: the recorder is stopped
    like: records everything
    change: {aws_config_recorder: [{recording: false}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: the recorder is stopped}]
  - name: it records some kinds only
    like: records everything
    change: {aws_config_recorder: [{all_types: false, left_out: ["AWS::EC2::NetworkInterface"]}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: the recorder leaves kinds of resource out, saw_left_out: ["AWS::EC2::NetworkInterface"]}]
  - name: its records do not arrive
    like: records everything
    change: {aws_config_recorder: [{last_status: Failure}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: the latest record was not delivered}]
  - name: no recorder
    aws_ec2_region_settings: [{key: eu-west-1}]
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: the region has no recorder, saw_recorder: null}]
  - name: one region records and the other does not
    aws_ec2_region_settings: [{key: eu-west-1}, {key: us-east-1, region: us-east-1}]
    aws_config_recorder: [{name: default, all_types: true, recording: true}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: DEVIATES}]
  - name: the recorder of another account
    like: records everything
    change: {aws_config_recorder: [{account: "444455556666"}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES}]
  - name: whether it is running could not be read
    like: records everything
    change: {aws_config_recorder: [{recording: null, last_status: null}]}
    gaps: [{table: aws_config_recorder, key: default, columns: [recording, last_status], reason: denied}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: denied}]
  - name: the recorders of one region could not be listed
    like: one region records and the other does not
    gaps: [{table: aws_config_recorder, region: us-east-1, reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: UNKNOWN, reason: denied}]
  - name: which regions are enabled could not be read
    gaps: [{table: aws_ec2_region_settings, region: null, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/config/three-regions
    expect: {CONFORMS: 1, DEVIATES: 2}
*/
select
  place.key as item,
  case
    when coalesce(recorder.recording, false) and coalesce(recorder.all_types, false) and coalesce(recorder.last_status, '') <> 'Failure' then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when recorder.key is null then 'the region has no recorder'
    when not coalesce(recorder.recording, false) then 'the recorder is stopped'
    when not coalesce(recorder.all_types, false) then 'the recorder leaves kinds of resource out'
    when coalesce(recorder.last_status, '') = 'Failure' then 'the latest record was not delivered'
    else 'the recorder records every kind of resource'
  end as reason,
  recorder.name as saw_recorder,
  recorder.left_out as saw_left_out,
  recorder.last_status as saw_last_status
from aws_ec2_region_settings as place
left join aws_config_recorder as recorder on recorder.account = place.account and recorder.region = place.region
