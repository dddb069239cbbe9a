"""Known ways from one permission to more: sets of actions that, allowed on every resource, let their holder gain other rights.

Gathered from what AWS's own documentation says each action does; a way that needs several principals is not among them.
"""

from __future__ import annotations

PATHS: dict[str, tuple[str, ...]] = {
    "add a policy version": ("iam:CreatePolicyVersion",),
    "choose a policy version": ("iam:SetDefaultPolicyVersion",),
    "attach a policy to a user": ("iam:AttachUserPolicy",),
    "attach a policy to a group": ("iam:AttachGroupPolicy",),
    "attach a policy to a role": ("iam:AttachRolePolicy", "sts:AssumeRole"),
    "write a user's inline policy": ("iam:PutUserPolicy",),
    "write a group's inline policy": ("iam:PutGroupPolicy",),
    "write a role's inline policy": ("iam:PutRolePolicy", "sts:AssumeRole"),
    "join a group": ("iam:AddUserToGroup",),
    "change a role's trust": ("iam:UpdateAssumeRolePolicy", "sts:AssumeRole"),
    "make another user's access key": ("iam:CreateAccessKey",),
    "make another user's password": ("iam:CreateLoginProfile",),
    "change another user's password": ("iam:UpdateLoginProfile",),
    "remove a permissions boundary of a user": ("iam:DeleteUserPermissionsBoundary",),
    "remove a permissions boundary of a role": ("iam:DeleteRolePermissionsBoundary",),
    "pass a role to an instance": ("iam:PassRole", "ec2:RunInstances"),
    "pass a role to a function and call it": (
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:InvokeFunction",
    ),
    "pass a role to a function that an event calls": (
        "iam:PassRole",
        "lambda:CreateFunction",
        "lambda:CreateEventSourceMapping",
    ),
    "change a function's code": ("lambda:UpdateFunctionCode",),
    "change a function's layers": ("lambda:UpdateFunctionConfiguration",),
    "pass a role to a task": ("iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"),
    "pass a role to a stack": ("iam:PassRole", "cloudformation:CreateStack"),
    "pass a role to a Glue endpoint": ("iam:PassRole", "glue:CreateDevEndpoint"),
    "pass a role to a notebook": (
        "iam:PassRole",
        "sagemaker:CreateNotebookInstance",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ),
    "pass a role to a build": ("iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"),
    "pass a role to a pipeline": (
        "iam:PassRole",
        "datapipeline:CreatePipeline",
        "datapipeline:PutPipelineDefinition",
    ),
    "run commands on instances": ("ssm:SendCommand",),
    "open a session on instances": ("ssm:StartSession",),
}
