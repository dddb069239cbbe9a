/*
title: No own machine image is public
controls: [NET-09]
tables: [aws_ec2_image]
kind: item
severity: high
shows: Whether any AWS account can start instances from each machine image that the account owns.
does_not_show: "Copies made while it was public, and single accounts that it is shared with."
remedy:
  console: EC2 > AMIs > the image > Actions > Edit AMI permissions > Private; and EC2 > Settings > Data protection and security > Block public access for AMIs.
  cli: "aws ec2 modify-image-attribute --image-id IMAGE --launch-permission \"Remove=[{Group=all}]\""
  terraform: Remove the aws_ami_launch_permission with group = "all"; and aws_ec2_image_block_public_access with state = "block-new-sharing".
cases:
  - name: private
    aws_ec2_image: [{key: base, image_id: ami-1, name: base-2026-01, state: available, public: false}]
    expect: [{item: base, conclusion: CONFORMS, reason: not public, saw_name: base-2026-01}]
  - name: public
    like: private
    change: {aws_ec2_image: [{public: true}]}
    expect: [{item: base, conclusion: DEVIATES, reason: everyone can start instances from it}]
  - name: public, though not ready yet
    like: public
    change: {aws_ec2_image: [{state: pending}]}
    expect: [{item: base, conclusion: DEVIATES, saw_state: pending}]
  - name: one image could not be read
    like: private
    gaps: [{table: aws_ec2_image, key: base, columns: [public], reason: malformed}]
    expect: [{item: base, conclusion: UNKNOWN, reason: malformed}]
  - name: the images of a region could not be listed
    gaps: [{table: aws_ec2_image, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: through the collector
    recording: aws/ec2/hosts
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  image.key as item,
  case when image.public then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case when image.public then 'everyone can start instances from it' else 'not public' end as reason,
  image.name as saw_name,
  image.state as saw_state
from aws_ec2_image as image
