/*
title: EBS encrypts new volumes by default in every enabled region
controls: [DAT-01]
tables: [aws_ec2_region_settings]
kind: item
severity: medium
shows: Whether EBS encrypts each new volume and each copy of a snapshot by default, in each enabled region.
does_not_show: Volumes made before the setting, which aws.ec2.volume_enc sees.
remedy:
  console: EC2, in each region > Settings > Data protection and security > EBS encryption > Manage > Always encrypt new EBS volumes.
  cli: aws ec2 enable-ebs-encryption-by-default --region REGION
  terraform: aws_ebs_encryption_by_default with enabled = true, one for each region.
cases:
  - name: "on"
    aws_ec2_region_settings: [{key: eu-west-1, ebs_encryption: true}]
    expect: [{item: eu-west-1, conclusion: CONFORMS, reason: new volumes are encrypted, saw_region: eu-west-1}]
  - name: "off"
    like: "on"
    change: {aws_ec2_region_settings: [{ebs_encryption: false}]}
    expect: [{item: eu-west-1, conclusion: DEVIATES, reason: new volumes are not encrypted unless asked}]
  - name: on in one region of two
    aws_ec2_region_settings: [{key: eu-west-1, ebs_encryption: true}, {key: us-east-1, region: us-east-1, ebs_encryption: false}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}, {item: us-east-1, conclusion: DEVIATES}]
  - name: the setting could not be read
    like: "on"
    gaps: [{table: aws_ec2_region_settings, key: eu-west-1, columns: [ebs_encryption], reason: malformed}]
    expect: [{item: eu-west-1, conclusion: UNKNOWN, reason: malformed}]
  - name: the other defaults have nothing to do with it
    like: "on"
    gaps: [{table: aws_ec2_region_settings, columns: [metadata_tokens, images_blocked], reason: denied}]
    expect: [{item: eu-west-1, conclusion: CONFORMS}]
  - name: a region that could not be asked
    gaps: [{table: aws_ec2_region_settings, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1}
*/
select
  settings.key as item,
  case when settings.ebs_encryption then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when settings.ebs_encryption then 'new volumes are encrypted' else 'new volumes are not encrypted unless asked' end as reason,
  settings.region as saw_region
from aws_ec2_region_settings as settings
