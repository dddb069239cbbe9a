/*
title: Every VPC has an active flow log
controls: [LOG-01]
tables: [aws_vpc, aws_vpc_flow_log]
links: {aws_vpc_flow_log: {parent: vpc_id, within: place}}
kind: item
severity: medium
shows: Whether each VPC of the account has a flow log that is on and is delivered.
does_not_show: "Flow logs of single subnets or interfaces, retention at the destination, and whether anyone looks."
remedy:
  console: VPC > Your VPCs > the VPC > Flow logs > Create flow log.
  cli: aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC --traffic-type ALL --log-destination-type s3 --log-destination BUCKET_ARN
  terraform: aws_flow_log with vpc_id, traffic_type, log_destination_type = "s3" and log_destination.
cases:
  - name: a flow log
    aws_vpc: [{key: main, vpc_id: vpc-1, owner: "111122223333", is_default: false}]
    aws_vpc_flow_log: [{flow_log_id: fl-1, resource_id: vpc-1, active: true, delivery_fails: false, traffic: ALL}]
    expect: [{item: main, conclusion: CONFORMS, reason: an active flow log, saw_flow_logs: [fl-1], saw_traffic: [ALL]}]
  - name: none
    like: a flow log
    aws_vpc_flow_log: []
    expect: [{item: main, conclusion: DEVIATES, reason: no flow log, saw_flow_logs: null}]
  - name: it is off
    like: a flow log
    change: {aws_vpc_flow_log: [{active: false}]}
    expect: [{item: main, conclusion: DEVIATES, reason: no flow log that is on and delivered, saw_flow_logs: [fl-1]}]
  - name: it is on and cannot be delivered
    like: a flow log
    change: {aws_vpc_flow_log: [{delivery_fails: true}]}
    expect: [{item: main, conclusion: DEVIATES, reason: no flow log that is on and delivered}]
  - name: one works and one does not
    like: a flow log
    aws_vpc_flow_log:
      - {flow_log_id: fl-1, resource_id: vpc-1, active: true, delivery_fails: true, traffic: ALL}
      - {flow_log_id: fl-2, resource_id: vpc-1, active: true, delivery_fails: false, traffic: REJECT}
    expect: [{item: main, conclusion: CONFORMS, saw_flow_logs: [fl-1, fl-2], saw_traffic: [ALL, REJECT]}]
  - name: of a subnet of it only
    like: a flow log
    change: {aws_vpc_flow_log: [{resource_id: subnet-1}]}
    expect: [{item: main, conclusion: DEVIATES, reason: no flow log}]
  - name: the default VPC is judged as well
    like: none
    change: {aws_vpc: [{is_default: true}]}
    expect: [{item: main, conclusion: DEVIATES, saw_is_default: true}]
  - name: a VPC that another account shares
    like: none
    change: {aws_vpc: [{owner: "444455556666"}]}
    expect: [{item: main, conclusion: NOT_APPLICABLE, reason: another account owns it}]
  - name: a flow log in another region
    like: a flow log
    change: {aws_vpc_flow_log: [{region: us-east-1}]}
    expect: [{item: main, conclusion: DEVIATES}]
  - name: the flow logs of the region could not be listed
    like: none
    gaps: [{table: aws_vpc_flow_log, reason: denied}]
    expect: [{item: main, conclusion: UNKNOWN, reason: denied}]
  - name: the flow logs of another region could not be listed
    like: a flow log
    gaps: [{table: aws_vpc_flow_log, region: us-east-1, reason: denied}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: the VPCs of a region could not be listed
    gaps: [{table: aws_vpc, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, region: eu-west-1, reason: denied}]
  - name: one flow log could not be read, and it is another's
    like: a flow log
    gaps: [{table: aws_vpc_flow_log, key: 'fl-9', parent: subnet-1, reason: malformed}]
    expect: [{item: main, conclusion: CONFORMS}]
  - name: one flow log of its own could not be read
    like: a flow log
    gaps: [{table: aws_vpc_flow_log, key: 'fl-9', parent: vpc-1, reason: malformed}]
    expect: [{item: main, conclusion: UNKNOWN, reason: malformed}]
  - name: through the collector
    recording: aws/ec2/networks
    expect: {CONFORMS: 1, DEVIATES: 1, NOT_APPLICABLE: 1}
*/
with logs as (
  select
    flow_log.account,
    flow_log.region,
    flow_log.resource_id,
    count_if(flow_log.active and not flow_log.delivery_fails) as working,
    array_agg(flow_log.flow_log_id order by flow_log.flow_log_id) as ids,
    array_agg(flow_log.traffic order by flow_log.flow_log_id) as traffic
  from aws_vpc_flow_log as flow_log
  group by flow_log.account, flow_log.region, flow_log.resource_id
)
select
  vpc.key as item,
  case
    when vpc.owner <> vpc.account then 'NOT_APPLICABLE'
    when coalesce(logs.working, 0) > 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when vpc.owner <> vpc.account then 'another account owns it'
    when coalesce(logs.working, 0) > 0 then 'an active flow log'
    when logs.ids is null then 'no flow log'
    else 'no flow log that is on and delivered'
  end as reason,
  vpc.is_default as saw_is_default,
  logs.ids as saw_flow_logs,
  logs.traffic as saw_traffic
from aws_vpc as vpc
left join logs on logs.resource_id = vpc.vpc_id and logs.account = vpc.account and logs.region = vpc.region
