"""Who may act in the account: the root user, IAM users, groups, roles and policies, Identity Center, and the organization.

Wrong on purpose: a leaver and a support engineer sign in without MFA, an old key and a forgotten one, administrators by group, a policy
that allows every KMS action, a policy on a user, a password rule that is too short.
"""

from datetime import timedelta

from assay.demo.aws_server import ACCOUNT
from assay.demo.aws_world._place import AUDIT_FIRM, Place, allow, arn, policy, tags, trust
from assay.demo.northwind import DOMAIN, PEOPLE

MANAGED = "arn:aws:iam::aws:policy/"
CONSOLE_USERS = {
    "jonah-marsh": 600,
    "ben-achterberg": 600,
    "ada-lindqvist": 500,
    "lyle-okoro": 700,
    "rafael-duarte": 300,
}
WITH_MFA = ("jonah-marsh", "ben-achterberg", "ada-lindqvist")
GROUPS = {
    "administrators": (["AdministratorAccess"], ["jonah-marsh", "ben-achterberg"]),
    "engineers": (["ReadOnlyAccess"], ["lyle-okoro"]),
    "auditors": (["SecurityAudit"], ["ada-lindqvist"]),
    "support": (["AWSSupportAccess"], ["rafael-duarte"]),
}
KEYS = {"ci-deploy": (30, 0.2), "backup-agent": (412, 0.5), "metrics-export": (60, 58)}
_SAML = (
    '<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://login.{domain}/saml">'
    '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService '
    'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://login.{domain}/saml/sso"/>'
    "</IDPSSODescriptor></EntityDescriptor>{padding}"
)


def build_identity(place: Place) -> None:
    _root_and_account(place)
    _groups_and_policies(place)
    _users(place)
    _keys(place)
    _roles(place)
    _identity_center(place)
    place.today()


def _root_and_account(place: Place) -> None:
    place.days_ago(2050)
    created, used = place.now - timedelta(days=2050), place.now - timedelta(days=244)
    place.session.set(
        "root", mfa=True, access_key=False, created=created.isoformat(), last_used=used.isoformat()
    )
    place.session.set("alias", alias="northwind-metrics")
    iam = place.client("iam")
    iam.update_account_password_policy(
        MinimumPasswordLength=12, RequireSymbols=False, RequireNumbers=True, RequireUppercaseCharacters=True,
        RequireLowercaseCharacters=True, AllowUsersToChangePassword=True, PasswordReusePrevention=24,
    )  # fmt: skip
    place.client("account").put_alternate_contact(
        AlternateContactType="SECURITY", Name="Security duty", Title="Security",
        EmailAddress=f"security@{DOMAIN}", PhoneNumber="+49 30 5550100",
    )  # fmt: skip
    place.client("organizations").create_organization(FeatureSet="ALL")


def _groups_and_policies(place: Place) -> None:
    place.days_ago(800)
    iam = place.client("iam")
    for name, (managed, _) in GROUPS.items():
        iam.create_group(GroupName=name)
        for each in managed:
            iam.attach_group_policy(GroupName=name, PolicyArn=MANAGED + each)
    for name, document in _customer_policies().items():
        iam.create_policy(PolicyName=name, PolicyDocument=document)
    for name in ("deploy-services", "key-operators"):
        iam.attach_group_policy(GroupName="engineers", PolicyArn=arn("iam", f"policy/{name}"))


def _customer_policies() -> dict[str, str]:
    deploy = allow(["ecs:UpdateService", "ecs:DescribeServices", "ecs:RegisterTaskDefinition"])
    push = allow(
        ["ecr:PutImage", "ecr:BatchCheckLayerAvailability"], arn("ecr", "repository/*", "eu-central-1")
    )
    return {
        "deploy-services": policy(deploy, push),
        "key-operators": policy(allow("kms:*")),
        "write-exports": policy(allow(["s3:PutObject"], "arn:aws:s3:::northwind-exports/*")),
        "migration-2023": policy(allow("*")),
    }


def _users(place: Place) -> None:
    iam = place.client("iam")
    for login, days in CONSOLE_USERS.items():
        place.days_ago(days)
        iam.create_user(UserName=login, Tags=tags(owner=login))
        iam.create_login_profile(UserName=login, Password=f"Demo-{login}-2026", PasswordResetRequired=False)
        if login in WITH_MFA:
            give_mfa(place, login)
    for group, (_, members) in GROUPS.items():
        for login in members:
            iam.add_user_to_group(GroupName=group, UserName=login)
    signed_in(place)


_LAST_SEEN = {
    "jonah-marsh": 6.0,
    "ben-achterberg": 1.0,
    "ada-lindqvist": 0.3,
    "lyle-okoro": 19.0,
    "rafael-duarte": 3.0,
}


def signed_in(place: Place) -> None:
    """Each console user who is still there was last seen so many days before now."""
    there = {user["UserName"] for user in place.client("iam").list_users()["Users"]}
    for login in sorted(there & _LAST_SEEN.keys()):
        seen = place.now - timedelta(days=_LAST_SEEN[login])
        place.session.set("sign-in", user=login, at=seen.isoformat())


def give_mfa(place: Place, login: str) -> None:
    """A virtual device, made and enabled."""
    iam = place.client("iam")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName=login)["VirtualMFADevice"]
    iam.enable_mfa_device(
        UserName=login, SerialNumber=device["SerialNumber"],
        AuthenticationCode1="123456", AuthenticationCode2="654321",
    )  # fmt: skip


def _keys(place: Place) -> None:
    """Service users with a key each, used once at a known time; and the leaver's key, never used since spring."""
    iam = place.client("iam")
    for name in KEYS:
        place.days_ago(700)
        iam.create_user(UserName=name, Tags=tags(owner="platform", kind="service"))
    for name, (age, used) in (KEYS | {"lyle-okoro": (430, 190.0)}).items():
        place.days_ago(age)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        place.days_ago(used)
        place.session.client("sts", place.region, key=key).get_caller_identity()
    iam.put_user_policy(
        UserName="metrics-export", PolicyName="exports",
        PolicyDocument=policy(allow(["s3:PutObject"], "arn:aws:s3:::northwind-exports/*")),
    )  # fmt: skip
    iam.attach_user_policy(UserName="backup-agent", PolicyArn=MANAGED + "AWSBackupOperatorAccess")


def _roles(place: Place) -> None:
    place.days_ago(640)
    iam = place.client("iam")
    github = arn("iam", "oidc-provider/token.actions.githubusercontent.com")
    repository = {"token.actions.githubusercontent.com:sub": "repo:northwind-metrics/api:ref:refs/heads/main"}
    known_caller = {"sts:ExternalId": "northwind-2026-audit"}
    with_mfa = {"aws:MultiFactorAuthPresent": "true"}
    me = arn("iam", "root")
    _role(place, "github-deploy", trust(
        {"Federated": github}, action="sts:AssumeRoleWithWebIdentity", StringEquals=repository), [])  # fmt: skip
    iam.attach_role_policy(RoleName="github-deploy", PolicyArn=arn("iam", "policy/deploy-services"))
    auditor = trust({"AWS": f"arn:aws:iam::{AUDIT_FIRM}:root"}, StringEquals=known_caller)
    _role(place, "auditor-read", auditor, ["ReadOnlyAccess"])
    _role(place, "break-glass", trust({"AWS": me}, Bool=with_mfa), ["AdministratorAccess"])
    for name, service in _SERVICE_ROLES.items():
        _role(place, name, trust({"Service": f"{service}.amazonaws.com"}), [])
    for name in ("worker", "bastion"):
        iam.create_instance_profile(InstanceProfileName=name)
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    document = _SAML.format(domain=DOMAIN, padding=" " * 1000)
    iam.create_saml_provider(Name="northwind-workforce", SAMLMetadataDocument=document)


_SERVICE_ROLES = {
    "api-task": "ecs-tasks", "task-execution": "ecs-tasks", "ingest-function": "lambda", "worker": "ec2", "bastion": "ec2",
    "flow-logs": "vpc-flow-logs", "trail-to-logs": "cloudtrail", "config-recorder": "config", "backup-service": "backup",
    "replication": "s3", "database-monitoring": "monitoring.rds", "kubernetes": "eks",
}  # fmt: skip


def _role(place: Place, name: str, document: str, managed: list[str]) -> None:
    iam = place.client("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Tags=tags(owner="platform"))
    for each in managed:
        iam.attach_role_policy(RoleName=name, PolicyArn=MANAGED + each)


def _identity_center(place: Place) -> None:
    """The workforce signs in here; the leaver's user was removed on the last day, a contractor's was forgotten."""
    place.days_ago(420)
    sso, store = place.client("sso-admin"), place.client("identitystore")
    instance = sso.list_instances()["Instances"][0]
    users = {}
    for person in PEOPLE:
        if person.login != "lyle-okoro":
            given, family = person.name.split(" ", 1)
            users[person.login] = store.create_user(
                IdentityStoreId=instance["IdentityStoreId"], UserName=person.login, DisplayName=person.name,
                Name={"GivenName": given, "FamilyName": family},
                Emails=[{"Value": person.email, "Type": "work", "Primary": True}],
            )["UserId"]  # fmt: skip
    _assignments(place, instance, users)


def _assignments(place: Place, instance: dict[str, str], users: dict[str, str]) -> None:
    sso, store = place.client("sso-admin"), place.client("identitystore")
    teams = {
        "Administrators": ["jonah-marsh", "ben-achterberg"],
        "Engineers": [
            "sana-ito",
            "tomas-kral",
            "priya-raman",
            "emil-sorensen",
            "noor-haddad",
            "femi-adeyemi",
        ],
        "Auditors": ["ada-lindqvist", "marcus-bell"],
    }
    for team, members in teams.items():
        group = store.create_group(IdentityStoreId=instance["IdentityStoreId"], DisplayName=team)["GroupId"]
        for login in members:
            store.create_group_membership(
                IdentityStoreId=instance["IdentityStoreId"], GroupId=group, MemberId={"UserId": users[login]}
            )
        made = sso.create_permission_set(
            InstanceArn=instance["InstanceArn"], Name=team, SessionDuration="PT4H"
        )["PermissionSet"]["PermissionSetArn"]  # fmt: skip
        sso.create_account_assignment(
            InstanceArn=instance["InstanceArn"], TargetId=ACCOUNT, TargetType="AWS_ACCOUNT",
            PermissionSetArn=made, PrincipalType="GROUP", PrincipalId=group,
        )  # fmt: skip
        sso.provision_permission_set(
            InstanceArn=instance["InstanceArn"],
            PermissionSetArn=made,
            TargetId=ACCOUNT,
            TargetType="AWS_ACCOUNT",
        )  # fmt: skip — AWS does so by itself
