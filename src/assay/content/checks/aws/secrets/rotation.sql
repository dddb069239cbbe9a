/*
title: Automatic rotation is on for secrets not tagged as exempt
controls: [IAM-12, IAM-13]
tables: [aws_secret]
parameters: [rotation_exempt_tag]
kind: item
severity: medium
shows: Whether each secret that does not carry the company's tag for rotation by hand rotates by itself.
does_not_show: That the old value stopped working.
remedy:
  console: Secrets Manager > Secrets > the secret > Rotation > Edit rotation > Automatic rotation. Where the other system cannot rotate, tag the secret as exempt.
  cli: aws secretsmanager rotate-secret --secret-id SECRET --rotation-lambda-arn FUNCTION --rotation-rules AutomaticallyAfterDays=DAYS
  terraform: aws_secretsmanager_secret_rotation, block rotation_rules.
cases:
  - name: rotates
    parameters: {rotation_exempt_tag: "rotation:manual"}
    aws_secret: [{arn: s-1, name: prod/db, rotates: true, rotation_days: 30, primary_region: null, tags: []}]
    expect: [{item: s-1, conclusion: CONFORMS, saw_rotation_days: 30}]
  - name: does not rotate
    like: rotates
    change: {aws_secret: [{rotates: false, rotation_days: null}]}
    expect: [{item: s-1, conclusion: DEVIATES, reason: does not rotate by itself}]
  - name: exempt
    like: does not rotate
    change: {aws_secret: [{tags: ["rotation:manual"]}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: tagged as rotated by hand}]
  - name: tagged with another kind of rotation
    like: does not rotate
    change: {aws_secret: [{tags: ["rotation:automatic"]}]}
    expect: [{item: s-1, conclusion: DEVIATES}]
  - name: a service of AWS owns it and does not rotate it
    like: does not rotate
    change: {aws_secret: [{owning_service: appflow}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a service of AWS owns it}]
  - name: a service of AWS owns it and rotates it
    like: rotates
    change: {aws_secret: [{owning_service: rds}]}
    expect: [{item: s-1, conclusion: CONFORMS}]
  - name: a copy follows the secret that it is a copy of
    like: does not rotate
    change: {aws_secret: [{primary_region: us-east-1}]}
    expect: [{item: s-1, conclusion: NOT_APPLICABLE, reason: a copy of a secret in another region}]
  - name: the secret that others are copies of
    like: does not rotate
    change: {aws_secret: [{primary_region: eu-west-1}]}
    expect: [{item: s-1, conclusion: DEVIATES}]
  - name: when its value was set could not be read, which does not matter
    like: rotates
    gaps: [{table: aws_secret, key: s-1, columns: [value_since], reason: denied}]
    expect: [{item: s-1, conclusion: CONFORMS}]
  - name: the secrets of a region could not be listed
    like: rotates
    gaps: [{table: aws_secret, region: us-east-1, reason: denied}]
    expect: [{item: s-1, conclusion: CONFORMS}, {item: null, conclusion: UNKNOWN, region: us-east-1, reason: denied}]
  - name: the secrets could not be listed again
    like: does not rotate
    gaps: [{table: aws_secret, reason: timeout}]
    expect: [{item: s-1, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: aws/secretsmanager/five-secrets
    expect: {CONFORMS: 1, DEVIATES: 2, NOT_APPLICABLE: 2}
*/
select
  secret.key as item,
  case
    when coalesce(secret.rotates, false) then 'CONFORMS'
    when secret.owning_service is not null then 'NOT_APPLICABLE'
    when coalesce(secret.primary_region, secret.region) <> secret.region then 'NOT_APPLICABLE'
    when tagged(secret.tags, $rotation_exempt_tag) then 'NOT_APPLICABLE'
    else 'DEVIATES'
  end as conclusion,
  case
    when coalesce(secret.rotates, false) then 'rotates by itself'
    when secret.owning_service is not null then 'a service of AWS owns it'
    when coalesce(secret.primary_region, secret.region) <> secret.region then 'a copy of a secret in another region'
    when tagged(secret.tags, $rotation_exempt_tag) then 'tagged as rotated by hand'
    else 'does not rotate by itself'
  end as reason,
  secret.name as saw_name,
  secret.rotation_days as saw_rotation_days,
  secret.owning_service as saw_owning_service
from aws_secret as secret
