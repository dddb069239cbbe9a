/*
title: The endpoint of every EKS cluster is private, or limited to approved ranges
controls: [NET-01, NET-04]
tables: [aws_eks_cluster]
parameters: [eks_public_cidrs]
kind: item
severity: high
shows: Whether the Kubernetes API of each cluster can be reached from the internet, and from which ranges; a range counts as approved when it is written as in the list.
does_not_show: Rights inside the cluster.
remedy:
  console: EKS > Clusters > the cluster > Networking > Manage endpoint access > Private, or Public and private with Advanced settings > CIDR blocks.
  cli: aws eks update-cluster-config --name NAME --resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true
  terraform: aws_eks_cluster, block vpc_config with endpoint_public_access = false, or public_access_cidrs.
cases:
  - name: a private endpoint
    parameters: {eks_public_cidrs: []}
    aws_eks_cluster: [{name: data, endpoint_public: false, endpoint_private: true, public_cidrs: []}]
    expect: [{item: data, conclusion: CONFORMS, reason: its endpoint is private}]
  - name: open to the internet
    like: a private endpoint
    change: {aws_eks_cluster: [{endpoint_public: true, public_cidrs: [0.0.0.0/0]}]}
    expect: [{item: data, conclusion: DEVIATES, reason: reached from ranges that nobody approved, saw_not_approved: [0.0.0.0/0]}]
  - name: limited to approved ranges
    like: open to the internet
    parameters: {eks_public_cidrs: [203.0.113.0/24, "2001:db8::/48"]}
    change: {aws_eks_cluster: [{public_cidrs: ["2001:db8::/48", 203.0.113.0/24]}]}
    expect: [{item: data, conclusion: CONFORMS, reason: reached from approved ranges only}]
  - name: one range too many
    like: limited to approved ranges
    change: {aws_eks_cluster: [{public_cidrs: [203.0.113.0/24, 198.51.100.7/32]}]}
    expect: [{item: data, conclusion: DEVIATES, saw_not_approved: [198.51.100.7/32]}]
  - name: IPv6 is part of the internet
    like: limited to approved ranges
    change: {aws_eks_cluster: [{public_cidrs: [203.0.113.0/24, "::/0"]}]}
    expect: [{item: data, conclusion: DEVIATES}]
  - name: public and AWS names no range
    like: open to the internet
    change: {aws_eks_cluster: [{public_cidrs: []}]}
    expect: [{item: data, conclusion: DEVIATES, reason: reached from the internet and no range is named}]
  - name: one cluster could not be described
    like: a private endpoint
    gaps: [{table: aws_eks_cluster, key: data, columns: [endpoint_public, endpoint_private, public_cidrs, log_types], reason: denied}]
    expect: [{item: data, conclusion: UNKNOWN, reason: denied}]
  - name: clusters could not be listed
    aws_eks_cluster: []
    gaps: [{table: aws_eks_cluster, reason: denied}]
    expect: [{item: null, conclusion: UNKNOWN, reason: denied}]
  - name: through the collector
    recording: aws/eks/clusters
    expect: {CONFORMS: 1, DEVIATES: 1}
*/
select
  cluster.key as item,
  case
    when not coalesce(cluster.endpoint_public, true) then 'CONFORMS'
    when len(coalesce(cluster.public_cidrs, [])) > 0 and len(without(cluster.public_cidrs, $eks_public_cidrs)) = 0 then 'CONFORMS'
    else 'DEVIATES'
  end as conclusion,
  case
    when not coalesce(cluster.endpoint_public, true) then 'its endpoint is private'
    when len(coalesce(cluster.public_cidrs, [])) = 0 then 'reached from the internet and no range is named'
    when len(without(cluster.public_cidrs, $eks_public_cidrs)) = 0 then 'reached from approved ranges only'
    else 'reached from ranges that nobody approved'
  end as reason,
  cluster.name as saw_name,
  cluster.endpoint_public as saw_public,
  without(cluster.public_cidrs, $eks_public_cidrs) as saw_not_approved
from aws_eks_cluster as cluster
