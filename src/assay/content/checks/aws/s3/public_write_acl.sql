/*
title: No ACL lets the public write to the bucket
controls: [NET-09]
tables: [aws_s3_bucket, aws_s3_account_block]
kind: item
severity: high
shows: Whether the ACL of each bucket lets everybody, or everybody with an AWS account, write objects or change the ACL itself.
does_not_show: ACLs of single objects, and writing allowed by policy, which aws.s3.public_write_policy covers.
remedy:
  console: "S3 > the bucket > Permissions > Object Ownership > Edit > ACLs disabled (recommended). Where ACLs must stay: Access control list > Edit > take the grants from Everyone and from Authenticated users group."
  cli: "aws s3api put-bucket-ownership-controls --bucket BUCKET --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'"
  terraform: aws_s3_bucket_ownership_controls, block rule, argument object_ownership = "BucketOwnerEnforced".
cases:
  - name: the ACL grants the public nothing
    aws_s3_bucket: [{name: acme-logs, object_ownership: ObjectWriter, acl_public_permissions: [], ignores_public_acls: false}]
    aws_s3_account_block: [{key: block, ignores_public_acls: false}]
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: the ACL does not let the public write}]
  - name: the public is granted it
    like: the ACL grants the public nothing
    change: {aws_s3_bucket: [{acl_public_permissions: [READ_ACP, WRITE_ACP]}]}
    expect: [{item: acme-logs, conclusion: DEVIATES, reason: the ACL lets the public write, saw_public_grants: [READ_ACP, WRITE_ACP]}]
  - name: full control is granted
    like: the public is granted it
    change: {aws_s3_bucket: [{acl_public_permissions: [FULL_CONTROL]}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the public is granted something else
    like: the public is granted it
    change: {aws_s3_bucket: [{acl_public_permissions: [READ]}]}
    expect: [{item: acme-logs, conclusion: CONFORMS}]
  - name: ownership is enforced, so no ACL has effect
    like: the public is granted it
    change: {aws_s3_bucket: [{object_ownership: BucketOwnerEnforced, acl_public_permissions: null}]}
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: ACLs have no effect}]
  - name: the bucket ignores public ACLs
    like: the public is granted it
    change: {aws_s3_bucket: [{ignores_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: public ACLs are ignored}]
  - name: the account ignores public ACLs
    like: the public is granted it
    change: {aws_s3_account_block: [{ignores_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: CONFORMS, reason: public ACLs are ignored}]
  - name: another account's block does nothing here
    like: the public is granted it
    change: {aws_s3_account_block: [{account: "444455556666", ignores_public_acls: true}]}
    expect: [{item: acme-logs, conclusion: DEVIATES}]
  - name: the ACL could not be read
    like: the ACL grants the public nothing
    change: {aws_s3_bucket: [{acl_public_permissions: null}]}
    gaps: [{table: aws_s3_bucket, key: acme-logs, columns: [acl_public_permissions], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: the account's block could not be read
    like: the ACL grants the public nothing
    gaps: [{table: aws_s3_account_block, columns: [ignores_public_acls], reason: denied}]
    expect: [{item: acme-logs, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/s3/buckets-and-a-trail
    expect: {CONFORMS: 6}
*/
with seen as (
  select
    bucket.key as bucket_key,
    coalesce(bucket.object_ownership, '') = 'BucketOwnerEnforced' as acls_off,
    coalesce(bucket.ignores_public_acls, false) or coalesce(block.ignores_public_acls, false) as ignored,
    list_has_any(coalesce(bucket.acl_public_permissions, []), ['WRITE', 'WRITE_ACP', 'FULL_CONTROL']) as granted,
    bucket.object_ownership as ownership,
    bucket.acl_public_permissions as public_grants
  from aws_s3_bucket as bucket
  left join aws_s3_account_block as block on block.account = bucket.account
)
select
  seen.bucket_key as item,
  case when seen.granted and not seen.acls_off and not seen.ignored then 'DEVIATES' else 'CONFORMS' end as conclusion,
  case
    when seen.acls_off then 'ACLs have no effect'
    when seen.granted and seen.ignored then 'public ACLs are ignored'
    when seen.granted then 'the ACL lets the public write'
    else 'the ACL does not let the public write'
  end as reason,
  seen.ownership as saw_ownership,
  seen.public_grants as saw_public_grants,
  seen.ignored as saw_public_acls_ignored
from seen
