/*
title: No attached customer-managed policy allows every action on every resource
controls: [IAM-06]
tables: [aws_iam_policy]
kind: item
severity: high
shows: Whether one statement of each attached customer-managed policy allows every action on every resource.
does_not_show: "Limits set elsewhere by a boundary, a service control policy or a condition."
remedy:
  console: IAM > Policies > the policy > Edit > name the actions and resources that are needed. IAM > Roles > the role > Last Accessed shows which were used.
  cli: aws iam create-policy-version --policy-arn ARN --policy-document file://narrower.json --set-as-default
  terraform: aws_iam_policy with a policy that names actions and resources; aws_iam_policy_document helps to write it.
cases:
  - name: a customer-managed policy that allows less
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:policy/own", name: own, kind: customer, attachments: 1, allows_everything: false}]
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: CONFORMS, reason: does not allow everything}]
  - name: an attached one that allows too much
    like: a customer-managed policy that allows less
    change: {aws_iam_policy: [{allows_everything: true}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES, reason: "allows every action on every resource", saw_attachments: 1}]
  - name: the same, attached to nobody
    like: an attached one that allows too much
    change: {aws_iam_policy: [{attachments: 0}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: NOT_APPLICABLE, reason: attached to nobody}]
  - name: the same, where AWS does not say how often it is attached
    like: an attached one that allows too much
    change: {aws_iam_policy: [{attachments: null}]}
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: DEVIATES}]
  - name: an inline policy is left to aws.iam.no_star_star_inline
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:user/ben#mine", name: mine, kind: inline, owner: "arn:aws:iam::111122223333:user/ben", owner_kind: user, allows_everything: true}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: NOT_APPLICABLE, reason: "inline, see aws.iam.no_star_star_inline"}]
  - name: a policy that AWS manages
    aws_iam_policy: [{arn: "arn:aws:iam::aws:policy/AdministratorAccess", name: AdministratorAccess, kind: aws, attachments: 3, allows_everything: true}]
    expect: [{item: "arn:aws:iam::aws:policy/AdministratorAccess", conclusion: NOT_APPLICABLE, reason: "AWS manages its text, see aws.iam.no_star_star_aws"}]
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
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 7}
*/
select
  policy.key as item,
  case
    when policy.kind <> 'customer' or coalesce(policy.attachments, 1) = 0 then 'NOT_APPLICABLE'
    when policy.allows_everything then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when policy.kind = 'aws' then 'AWS manages its text, see aws.iam.no_star_star_aws'
    when policy.kind = 'inline' then 'inline, see aws.iam.no_star_star_inline'
    when policy.kind = 'customer' and coalesce(policy.attachments, 1) = 0 then 'attached to nobody'
    when policy.allows_everything then 'allows every action on every resource'
    else 'does not allow everything'
  end as reason,
  policy.name as saw_name,
  policy.attachments as saw_attachments
from aws_iam_policy as policy
