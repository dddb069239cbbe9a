"""What faces outwards: certificates, load balancers and listeners, web ACLs, CloudFront.

Wrong on purpose: the internal tools' balancer speaks plain HTTP and keeps no log, an imported certificate ends in 19 days, the documentation
site is served over HTTP and without a web ACL.
"""

from datetime import UTC, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from assay.demo.aws_world._place import SECOND, Place, tags
from assay.demo.aws_world.network import Network
from assay.demo.northwind import DOMAIN

MODERN = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def build_edge(place: Place, networks: dict[str, Network]) -> None:
    place.days_ago(120)
    main = networks["main"]
    certificate = _requested(place, f"api.{DOMAIN}")
    _imported(place, f"tools.{DOMAIN}", days_left=19)
    public = _balancer(
        place, main, "api-public", "internet-facing", "load-balancer", environment="production"
    )
    _set_balancer(place, public, log=True, protected=True)
    _listener(place, public, "HTTPS", 443, certificate)
    _redirect(place, public)
    tools = _balancer(place, main, "internal-tools", "internal", "office-tools", environment="staging")
    _set_balancer(place, tools, log=False, protected=False)
    _listener(place, tools, "HTTP", 80, None)
    _web_acl(place, "api-public", "REGIONAL", public)
    site = _web_acl(place.elsewhere(SECOND), "website", "CLOUDFRONT", None)
    _distribution(place, "www", "redirect-to-https", "TLSv1.2_2021", site)
    _distribution(place, "docs", "allow-all", "TLSv1", "")
    place.today()


def _requested(place: Place, name: str) -> str:
    """A certificate by DNS validation, issued at once."""
    acm = place.client("acm")
    made = acm.request_certificate(
        DomainName=name, ValidationMethod="DNS", IdempotencyToken=name.replace(".", "").replace("-", "")[:32], Tags=tags(owner="platform")
    )["CertificateArn"]  # fmt: skip
    acm.describe_certificate(CertificateArn=made)
    return str(made)


def _imported(place: Place, name: str, *, days_left: int) -> str:
    """A certificate made elsewhere; its key is a fixed small number, so that the same one comes out each time."""
    key = ec.derive_private_key(20261116, ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    end = place.now.astimezone(UTC) + timedelta(days=days_left)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(20261116)
        .not_valid_before(end - timedelta(days=365))
        .not_valid_after(end)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    answer = place.client("acm").import_certificate(
        Certificate=made.public_bytes(pem),
        PrivateKey=key.private_bytes(pem, serialization.PrivateFormat.PKCS8, none),
    )
    return str(answer["CertificateArn"])


def _balancer(place: Place, network: Network, name: str, scheme: str, group: str, **labels: str) -> str:
    made = place.client("elbv2").create_load_balancer(
        Name=name, Subnets=list(network.subnets), SecurityGroups=[network.groups[group]], Scheme=scheme, Type="application",
        Tags=tags(**labels),
    )  # fmt: skip
    return str(made["LoadBalancers"][0]["LoadBalancerArn"])


def _set_balancer(place: Place, balancer: str, *, log: bool, protected: bool) -> None:
    settings = {
        "deletion_protection.enabled": str(protected).lower(),
        "access_logs.s3.enabled": str(log).lower(),
    }
    if log:
        settings |= {"access_logs.s3.bucket": "northwind-logs", "access_logs.s3.prefix": "elb"}
    place.client("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=balancer, Attributes=[{"Key": key, "Value": value} for key, value in settings.items()]
    )


def _listener(place: Place, balancer: str, protocol: str, port: int, certificate: str | None) -> None:
    secure: dict[str, Any] = {}
    if certificate:
        secure = {"Certificates": [{"CertificateArn": certificate}], "SslPolicy": MODERN}
    place.client("elbv2").create_listener(
        LoadBalancerArn=balancer, Protocol=protocol, Port=port, **secure,
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503", "ContentType": "text/plain"}}],
    )  # fmt: skip


def _redirect(place: Place, balancer: str) -> None:
    to_https = {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    place.client("elbv2").create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "redirect", "RedirectConfig": to_https}],
    )


def _web_acl(place: Place, name: str, scope: str, balancer: str | None) -> str:
    waf = place.client("wafv2")
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    rule = {
        "Name": "common", "Priority": 0, "OverrideAction": {"None": {}}, "VisibilityConfig": seen,
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}},
    }  # fmt: skip
    made = waf.create_web_acl(
        Name=name, Scope=scope, DefaultAction={"Allow": {}}, Rules=[rule], VisibilityConfig=seen
    )
    made_arn = str(made["Summary"]["ARN"])
    if balancer:
        waf.associate_web_acl(WebACLArn=made_arn, ResourceArn=balancer)
        place.session.set_unserved(
            "wafv2", "ListResourcesForWebACL", place.region, {"ResourceArns": [balancer]}, of=made_arn
        )
    return made_arn


def _distribution(place: Place, name: str, viewers: str, tls: str, web_acl: str) -> None:
    origin = {
        "Id": "site", "DomainName": f"northwind-website.s3-website.{place.region}.amazonaws.com",
        "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"},
    }  # fmt: skip
    seconds = int(place.now.timestamp())
    place.client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": f"{name}-{seconds}", "Comment": name, "Enabled": True, "WebACLId": web_acl,
        "Aliases": {"Quantity": 1, "Items": [f"{name}.{DOMAIN}"]}, "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "site", "ViewerProtocolPolicy": viewers, "MinTTL": 0,
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        },
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": False, "SSLSupportMethod": "sni-only", "MinimumProtocolVersion": tls,
            "ACMCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/site",
        },
    })  # fmt: skip
