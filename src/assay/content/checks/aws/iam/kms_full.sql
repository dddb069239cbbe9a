/*
title: No attached customer-managed or inline policy allows all KMS actions on all keys
controls: [IAM-06, DAT-03]
tables: [aws_iam_policy]
kind: item
severity: medium
shows: Whether one statement of each attached customer-managed or inline policy allows every KMS action on every key.
does_not_show: What the key policies themselves allow.
remedy:
  console: IAM > Policies > the policy > Edit > replace kms:* by the actions that are needed.
  cli: aws iam create-policy-version --policy-arn ARN --policy-document file://narrower.json --set-as-default
  terraform: aws_iam_policy without kms:*; name the actions that are needed.
cases:
  - name: a customer-managed policy that allows less
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:policy/own", name: own, kind: customer, attachments: 1, allows_everything: false, allows_all_kms: false}]
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: CONFORMS, reason: does not allow every KMS action}]
  - name: an attached one that allows too much
    like: a customer-managed policy that allows less
    change: {aws_iam_policy: [{allows_all_kms: true}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES, reason: "allows every KMS action", saw_attachments: 1}]
  - name: the same, attached to nobody
    like: an attached one that allows too much
    change: {aws_iam_policy: [{attachments: 0}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: NOT_APPLICABLE, reason: attached to nobody}]
  - name: the same, where AWS does not say how often it is attached
    like: an attached one that allows too much
    change: {aws_iam_policy: [{attachments: null}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES}]
  - name: an inline policy that allows less
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:user/ben#mine", name: mine, kind: inline, owner: "arn:aws:iam::111122223333:user/ben", owner_kind: user, allows_everything: false, allows_all_kms: false}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: CONFORMS}]
  - name: an inline policy that allows too much
    like: an inline policy that allows less
    change: {aws_iam_policy: [{allows_all_kms: true}]}
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: DEVIATES, reason: "allows every KMS action", saw_owner: "arn:aws:iam::111122223333:user/ben"}]
  - name: a policy that AWS manages
    aws_iam_policy: [{arn: "arn:aws:iam::aws:policy/AdministratorAccess", name: AdministratorAccess, kind: aws, attachments: 3, allows_everything: true, allows_all_kms: true}]
    expect: [{item: "arn:aws:iam::aws:policy/AdministratorAccess", conclusion: NOT_APPLICABLE, reason: "AWS manages its text, see aws.iam.no_star_star_aws"}]
  - name: a policy that allows everything
    like: an attached one that allows too much
    change: {aws_iam_policy: [{allows_everything: true}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES, reason: "allows everything, every KMS action included", saw_allows_everything: true}]
  - name: the text of the policy cannot be read
    like: an attached one that allows too much
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::111122223333:policy/own", columns: [allows_everything, allows_all_cloudtrail, allows_all_kms, escalation_paths], reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: UNKNOWN, reason: malformed}]
  - name: when it was changed is not needed
    like: an attached one that allows too much
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::111122223333:policy/own", columns: [changed], reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES}]
  - name: IAM could not be read
    gaps: [{table: aws_iam_policy, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 2, DEVIATES: 2, NOT_APPLICABLE: 5}
*/
select
  policy.key as item,
  case
    when policy.kind = 'aws' or (policy.kind = 'customer' and coalesce(policy.attachments, 1) = 0) then 'NOT_APPLICABLE'
    when policy.allows_everything or policy.allows_all_kms then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when policy.kind = 'aws' then 'AWS manages its text, see aws.iam.no_star_star_aws'
    when policy.kind = 'customer' and coalesce(policy.attachments, 1) = 0 then 'attached to nobody'
    when policy.allows_everything then 'allows everything, every KMS action included'
    when policy.allows_all_kms then 'allows every KMS action'
    else 'does not allow every KMS action'
  end as reason,
  policy.name as saw_name,
  policy.owner as saw_owner,
  policy.attachments as saw_attachments,
  policy.allows_everything as saw_allows_everything
from aws_iam_policy as policy
