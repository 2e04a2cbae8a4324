"""Breaks each constraint that botocore's models have, one a request, and prints those that were not refused."""

import re
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# A request is sent as it stands, once
CONFIG = Config(parameter_validation=False, retries={"total_max_attempts": 1}, inject_host_prefix=False)
# The codes of an input that breaks the model, by service
CODES = {"ValidationError", "ValidationException", "InvalidParameterException", "InvalidInput"}
# Longer values are not sent
LONGEST = 5000


def examples(shape):
    """Values that break a constraint of a shape, with the constraint's name."""
    limits = shape.metadata
    if shape.type_name == "string":
        if limits.get("enum"):
            yield "enum", "GOPHER"
            return
        if limits.get("max", LONGEST) < LONGEST:
            yield "max", "a" * (limits["max"] + 1)
        if limits.get("min", 0) > 0:
            yield "min", "a" * (limits["min"] - 1)
        if "pattern" in limits:
            yield from broken_pattern(limits)
    elif shape.type_name in ("integer", "long", "double", "float"):
        if "max" in limits and limits["max"] < 2**31 - 1:
            yield "max", limits["max"] + 1
        if "min" in limits:
            yield "min", limits["min"] - 1
    elif shape.type_name == "list":
        if limits.get("min", 0) > 0:
            yield "min", []


def broken_pattern(limits):
    pattern = limits["pattern"]
    try:
        compiled = re.compile(pattern)
    except re.error:  # Java's classes, such as \\p{L}
        return
    for character in ["\x01", " ", "!", "é", "😀"]:
        value = character * max(limits.get("min", 1), 1)
        if not compiled.fullmatch(value):
            yield "pattern", value
            return


def members(shape, path=(), seen=()):
    """The members of a structure and of what it holds: their paths and shapes."""
    if shape.name in seen:
        return
    for name, member in shape.members.items():
        yield path + (name,), member
        inner, inside = member, path + (name,)
        while inner.type_name == "list":
            inner, inside = inner.member, inside + (0,)
        if inner.type_name == "structure":
            yield from members(inner, inside, seen + (shape.name,))
        elif inner is not member:
            yield inside, inner


def request(path, value):
    """The input that has a value at a path, and nothing else."""
    for step in reversed(path):
        value = [value] if step == 0 else {step: value}
    return value


def example(shape):
    """A valid value of a required member."""
    if shape.type_name == "list":
        return [example(shape.member)]
    if shape.type_name == "structure":
        return completed(shape, {})
    if shape.type_name == "string":
        return shape.metadata.get("enum", ["example".ljust(shape.metadata.get("min", 0), "a")])[0]
    return {"boolean": True, "map": {"example": "example"}}.get(shape.type_name, 1)


def completed(shape, inputs):
    """A structure with its required members: some services name only the first violation."""
    inputs = {name: completed(shape.members[name], value) for name, value in inputs.items() if isinstance(value, dict)} | {
        name: value for name, value in inputs.items() if not isinstance(value, dict)
    }
    return {name: example(shape.members[name]) for name in shape.required_members} | inputs


def refused(client, operation, path, inputs):
    try:
        client._make_api_call(operation, inputs)
        return False
    except ClientError as error:
        code = error.response["Error"]["Code"]
        names = [step for step in path if step != 0]
        message = error.response["Error"].get("Message", "").lower()
        return code in CODES and names[-1].lower() in message


for line in sys.stdin.read().split("\n"):
    service, _, operation = line.partition(" ")
    if operation == "":
        continue
    client = boto3.client(service, config=CONFIG)
    shape = client.meta.service_model.operation_model(operation).input_shape
    if shape is None:
        continue
    broken = [
        (constraint, path, completed(shape, request(path, value)))
        for path, member in members(shape)
        if member.serialization.get("location") != "uri"
        for constraint, value in examples(member)
    ]
    for name in shape.required_members:
        if shape.members[name].serialization.get("location") != "uri":
            rest = {key: value for key, value in completed(shape, {}).items() if key != name}
            broken.append(("required", (name,), rest))
    for constraint, path, inputs in broken:
        if not refused(client, operation, path, inputs):
            print(service, operation, ".".join(str(step) for step in path if step != 0), constraint)
