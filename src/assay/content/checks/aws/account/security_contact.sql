/*
title: A security contact is registered for the account
controls: [INC-01]
tables: [aws_account]
kind: item
severity: low
shows: Whether each account has an alternate contact for security matters, whom AWS tells of abuse and leaked keys.
does_not_show: That the mailbox is read, nor whose it is.
remedy:
  console: Account > Alternate contacts > Edit > Security; for every account from the management account in AWS Organizations > AWS accounts > the account > Contact info.
  cli: aws account put-alternate-contact --alternate-contact-type SECURITY --name NAME --title TITLE --email-address ADDRESS --phone-number NUMBER
  terraform: aws_account_alternate_contact with alternate_contact_type = "SECURITY".
cases:
  - name: a contact
    aws_account: [{key: account, id: "111122223333", has_security_contact: true}]
    expect: [{item: account, conclusion: CONFORMS, reason: a security contact is registered, saw_account: "111122223333"}]
  - name: no contact
    like: a contact
    change: {aws_account: [{has_security_contact: false}]}
    expect: [{item: account, conclusion: DEVIATES, reason: no security contact is registered}]
  - name: the contact could not be read
    like: a contact
    change: {aws_account: [{has_security_contact: null}]}
    gaps: [{table: aws_account, key: account, columns: [has_security_contact], reason: denied}]
    expect: [{item: account, conclusion: UNKNOWN, reason: denied}]
  - name: the organization is not needed
    like: a contact
    gaps: [{table: aws_account, columns: [organization_id, organization_features, management_account], reason: denied}]
    expect: [{item: account, conclusion: CONFORMS}]
  - name: the account could not be reached
    gaps: [{table: aws_account, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied, account: "111122223333"}]
  - name: through the collector
    recording: aws/iam/identity
    expect: {CONFORMS: 1}
*/
select
  account.key as item,
  case when account.has_security_contact then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case when account.has_security_contact then 'a security contact is registered' else 'no security contact is registered' end as reason,
  account.id as saw_account
from aws_account as account
