/*
title: In every connected account a plan of AWS Backup has a rule that writes to an existing vault
controls: [AVL-02]
tables: [aws_account, aws_backup_plan, aws_backup_vault]
kind: item
severity: medium
shows: "Whether each account has, in any of its regions, a plan with a rule whose vault exists there."
does_not_show: "What the plan selects, and backups that each service makes by itself."
remedy:
  console: AWS Backup > Backup plans > Create backup plan > a rule and a vault, then assign resources.
  cli: aws backup create-backup-plan --backup-plan file://plan.json
  terraform: aws_backup_plan with a block rule, aws_backup_vault, and aws_backup_selection.
cases:
  - name: a plan with a rule and its vault
    aws_account: [{id: "111122223333"}]
    aws_backup_plan: [{arn: nightly, name: nightly, rules: [nightly], vaults: [main]}]
    aws_backup_vault: [{arn: vault, name: main, state: AVAILABLE}]
    expect: [{item: "111122223333", conclusion: CONFORMS, reason: a plan writes to an existing vault, saw_plans: 1}]
  - name: no plan
    like: a plan with a rule and its vault
    aws_backup_plan: []
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no backup plan}]
  - name: a plan without rules
    like: a plan with a rule and its vault
    change: {aws_backup_plan: [{rules: [], vaults: []}]}
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no plan has a rule with an existing vault}]
  - name: the vault has been deleted
    like: a plan with a rule and its vault
    aws_backup_vault: []
    expect: [{item: "111122223333", conclusion: DEVIATES, reason: no plan has a rule with an existing vault}]
  - name: a vault of the same name in another region
    like: a plan with a rule and its vault
    change: {aws_backup_vault: [{region: us-east-1}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: a vault that could not be made
    like: a plan with a rule and its vault
    change: {aws_backup_vault: [{state: FAILED}]}
    expect: [{item: "111122223333", conclusion: DEVIATES}]
  - name: AWS does not say the state of an older vault
    like: a plan with a rule and its vault
    change: {aws_backup_vault: [{state: null}]}
    expect: [{item: "111122223333", conclusion: CONFORMS}]
  - name: the plan of another account serves only that one
    like: a plan with a rule and its vault
    aws_account: [{id: "111122223333"}, {id: "444455556666", account: "444455556666"}]
    expect: [{item: "111122223333", conclusion: CONFORMS}, {item: "444455556666", conclusion: DEVIATES}]
  - name: plans could not be listed
    like: no plan
    gaps: [{table: aws_backup_plan, reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: vaults could not be listed
    like: the vault has been deleted
    gaps: [{table: aws_backup_vault, reason: denied}]
    expect: [{item: "111122223333", conclusion: UNKNOWN, reason: denied}]
  - name: the account itself could not be asked
    aws_account: []
    gaps: [{table: aws_account, reason: timeout}]
    expect: [{item: null, conclusion: UNKNOWN, reason: timeout}]
  - name: through the collector
    recording: aws/backup/stores
    expect: {CONFORMS: 1}
*/
with plans as (
  select
    plan.account as account,
    count(*) as how_many,
    count_if(exists (
      select 1
      from aws_backup_vault as vault
      where vault.account = plan.account
        and vault.region = plan.region
        and coalesce(vault.state, 'AVAILABLE') = 'AVAILABLE'
        and list_contains(coalesce(plan.vaults, []), vault.name)
    )) as working
  from aws_backup_plan as plan
  group by plan.account
)
select
  connected.key as item,
  case when coalesce(plans.working, 0) > 0 then 'CONFORMS' else 'DEVIATES' end as conclusion,
  case
    when coalesce(plans.working, 0) > 0 then 'a plan writes to an existing vault'
    when coalesce(plans.how_many, 0) = 0 then 'no backup plan'
    else 'no plan has a rule with an existing vault'
  end as reason,
  coalesce(plans.how_many, 0) as saw_plans,
  coalesce(plans.working, 0) as saw_plans_with_a_vault
from aws_account as connected
left join plans on plans.account = connected.account
