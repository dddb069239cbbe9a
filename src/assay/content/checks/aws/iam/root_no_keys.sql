/*
title: The root user has no access key
controls: [IAM-05]
tables: [aws_iam_account_summary]
kind: item
severity: high
shows: Whether the root user of each account has an access key, active or not.
does_not_show: Keys that existed and were deleted between two collections.
remedy:
  console: Sign in as root > Security credentials > Access keys > deactivate the key, see that nothing breaks, then delete it.
  cli: "Signed in as root: aws iam delete-access-key --access-key-id KEY; from the organization's management account: aws sts assume-root --target-principal ACCOUNT --task-policy-arn arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials, then delete the key"
  terraform: No resource holds keys of root. In an organization, remove the root credentials of member accounts with aws_iam_organizations_features.
cases:
  - name: no key
    aws_iam_account_summary: [{key: root, root_access_keys: 0}]
    expect: [{item: root, conclusion: CONFORMS, reason: root has no access key}]
  - name: one key
    like: no key
    change: {aws_iam_account_summary: [{root_access_keys: 1}]}
    expect: [{item: root, conclusion: DEVIATES, reason: root has an access key, saw_access_keys: 1}]
  - name: two accounts are judged each on its own
    aws_iam_account_summary: [{key: root-a, root_access_keys: 0}, {key: root-b, account: "444455556666", root_access_keys: 2}]
    expect: [{item: root-a, conclusion: CONFORMS}, {item: root-b, conclusion: DEVIATES, saw_access_keys: 2}]
  - name: the summary could not be read
    gaps: [{table: aws_iam_account_summary, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: the summary lacks the count
    like: no key
    change: {aws_iam_account_summary: [{root_access_keys: null}]}
    gaps: [{table: aws_iam_account_summary, key: root, columns: [root_access_keys], reason: malformed}]
    expect: [{item: root, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1}
*/
select
  summary.key as item,
  case when summary.root_access_keys = 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when summary.root_access_keys = 0 then 'root has no access key' else 'root has an access key' end as reason,
  summary.root_access_keys as saw_access_keys
from aws_iam_account_summary as summary
