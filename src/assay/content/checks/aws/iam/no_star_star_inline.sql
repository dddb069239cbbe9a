/*
title: No inline policy allows every action on every resource
controls: [IAM-06]
tables: [aws_iam_policy]
kind: item
severity: high
shows: Whether one statement of each inline policy of a user, group or role allows every action on every resource.
does_not_show: "Limits set elsewhere by a boundary, a service control policy or a condition."
remedy:
  console: IAM > the user, group or role > Permissions > the inline policy > Edit > name the actions and resources that are needed.
  cli: aws iam put-role-policy --role-name ROLE --policy-name NAME --policy-document file://narrower.json, or put-user-policy, put-group-policy
  terraform: aws_iam_role_policy, aws_iam_user_policy or aws_iam_group_policy with a policy that names actions and resources.
cases:
  - name: an inline policy that allows less
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:user/ben#mine", name: mine, kind: inline, owner: "arn:aws:iam::111122223333:user/ben", owner_kind: user, allows_everything: false}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: CONFORMS}]
  - name: an inline policy that allows too much
    like: an inline policy that allows less
    change: {aws_iam_policy: [{allows_everything: true}]}
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: DEVIATES, reason: "allows every action on every resource", saw_owner: "arn:aws:iam::111122223333:user/ben"}]
  - name: a customer-managed policy is left to aws.iam.no_star_star_customer
    aws_iam_policy: [{arn: "arn:aws:iam::111122223333:policy/own", name: own, kind: customer, attachments: 1, allows_everything: true}]
    expect: [{item: "arn:aws:iam::111122223333:policy/own", conclusion: NOT_APPLICABLE, reason: "customer-managed, see aws.iam.no_star_star_customer"}]
  - name: a policy that AWS manages
    aws_iam_policy: [{arn: "arn:aws:iam::aws:policy/AdministratorAccess", name: AdministratorAccess, kind: aws, attachments: 3, allows_everything: true}]
    expect: [{item: "arn:aws:iam::aws:policy/AdministratorAccess", conclusion: NOT_APPLICABLE, reason: "AWS manages its text, see aws.iam.no_star_star_aws"}]
  - name: the text of the policy cannot be read
    like: an inline policy that allows too much
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::111122223333:user/ben#mine", columns: [allows_everything, allows_all_cloudtrail, allows_all_kms, escalation_paths], reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: UNKNOWN, reason: malformed}]
  - name: when it was changed is not needed
    like: an inline policy that allows too much
    gaps: [{table: aws_iam_policy, key: "arn:aws:iam::111122223333:user/ben#mine", columns: [changed], reason: malformed}]
    expect: [{item: "arn:aws:iam::111122223333:user/ben#mine", conclusion: DEVIATES}]
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
    when policy.kind <> 'inline' then 'NOT_APPLICABLE'
    when policy.allows_everything then 'DEVIATES'
    else 'CONFORMS'
  end as conclusion,
  case
    when policy.kind = 'aws' then 'AWS manages its text, see aws.iam.no_star_star_aws'
    when policy.kind = 'customer' then 'customer-managed, see aws.iam.no_star_star_customer'
    when policy.allows_everything then 'allows every action on every resource'
    else 'does not allow everything'
  end as reason,
  policy.name as saw_name,
  policy.owner as saw_owner
from aws_iam_policy as policy
