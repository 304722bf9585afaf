#!/usr/bin/env python3
"""Writes the data files beside this script from tables taken out of the upstream repositories.

    make_data.py LIMITS.csv PRICES.csv MAX_PODS.csv [OUT_DIR]

LIMITS.csv    instance_type,max_enis,ipv4_per_eni,hypervisor,bare_metal,vcpus (empty: not listed),
              trunk_branch_enis,network_cards,max_enis_all_cards,prefix_capable,source (further columns are
              ignored)
PRICES.csv    region,instance_type,usd_per_hour,price_date
MAX_PODS.csv  instance_type,max_pods

Lines that begin with # are comments. The output is sorted, so that the same tables give the same bytes.
"""

import csv
import pathlib
import re
import sys

LIMITS_HEADER = """\
# What EC2 allows one instance of a type; counts are those of the default network card (index 0 everywhere).
# Limits: aws/amazon-vpc-cni-k8s v1.23.1 (commit b5218838) pkg/vpc/vpc_ip_resource_limit.go (source vpc-cni);
#   29 types only in aws/karpenter-provider-aws v1.14.1 (commit 1d927085)
#   pkg/providers/instancetype/zz_generated.vpclimits.go (source karpenter), as are the branch interfaces.
# vcpus: kubernetes/autoscaler cluster-autoscaler/cloudprovider/aws/ec2_instance_types.go, list of 2026-01-22
#   (vcpus_from listed). Types newer than it have what their size says: 4 for each xlarge, 2 large, 1 medium
#   (vcpus_from size). Of the 1,037 listed ones with such a size 11 differ: c1, m2, c4.8xlarge, d2.8xlarge and
#   the mediums of t2 to t4g. hpc and mac, and what has another size or no known hypervisor, stay without.
# architecture: by EC2's naming: a g behind the generation is Graviton, as is a1; mac2 and mac-m are Apple's.
# trunk_branch_enis: 0 = no trunk, empty = not known.
# Made by make_data.py.
"""

PRICES_HEADER = """\
# EC2 Linux on-demand list prices, US dollars an hour, shared tenancy, no licence included.
# Dated 2026-07-20: aws/karpenter-provider-aws v1.14.1 pkg/providers/pricing/zz_generated.pricing_aws.go and
#   zz_generated.pricing_aws_us_gov.go (us-east-1, us-gov-east-1, us-gov-west-1).
# Dated 2022-05-22: apache/libcloud libcloud/data/pricing.json, key ec2_linux, commit ec6a28bdb; families up to
#   generation 6, and of them the types whose us-east-1 price of that date still stood on 2026-07-20.
# A line "= region date" begins a region; its lines are type,price.
# Made by make_data.py.
"""

MAX_PODS_HEADER = """\
# Pods per node as published: aws/amazon-vpc-cni-k8s v1.23.1 (commit b5218838) misc/eni-max-pods.txt.
# Made by make_data.py.
"""

LIMITS_COLUMNS = [
    "instance_type", "max_enis", "ipv4_per_eni", "hypervisor", "bare_metal", "vcpus", "vcpus_from",
    "architecture", "trunk_branch_enis", "network_cards", "max_enis_all_cards", "prefix_capable", "source",
]

SIZE_VCPUS = {"medium": 1, "large": 2, "xlarge": 4}


def vcpus_by_size(row):
    """None where the name of the size does not tell."""
    family, size = row["instance_type"].split(".")
    if family.startswith(("hpc", "mac")) or row["hypervisor"] == "unknown":
        return None
    if size in SIZE_VCPUS:
        return SIZE_VCPUS[size]
    many = re.fullmatch(r"(?:metal-)?(\d+)xl(?:arge)?", size)
    return 4 * int(many.group(1)) if many else None


def architecture(instance_type):
    family = instance_type.split(".")[0]
    if family == "a1" or family.startswith(("mac2", "mac-m")):
        return "arm64"
    return "arm64" if re.match(r"[a-z]+\d+g", family) else "amd64"


def rows_of(path):
    with open(path, newline="", encoding="ascii") as table:
        yield from csv.DictReader(line for line in table if not line.startswith("#"))


def write(path, lines):
    path.write_text("".join(lines), encoding="ascii")


def limits(source):
    rows = sorted(rows_of(source), key=lambda row: row["instance_type"])
    yield LIMITS_HEADER
    yield ",".join(LIMITS_COLUMNS) + "\n"
    for row in rows:
        row["vcpus_from"] = "listed" if row["vcpus"] else ""
        by_size = None if row["vcpus"] else vcpus_by_size(row)
        if by_size:
            row["vcpus"], row["vcpus_from"] = str(by_size), "size"
        row["architecture"] = architecture(row["instance_type"])
        yield ",".join(row[column] for column in LIMITS_COLUMNS) + "\n"


def prices(source):
    rows = sorted(rows_of(source), key=lambda row: (row["region"], row["instance_type"]))
    yield PRICES_HEADER
    region = None
    for row in rows:
        if row["region"] != region:
            region = row["region"]
            yield f"= {region} {row['price_date']}\n"
        yield f"{row['instance_type']},{row['usd_per_hour']}\n"


def max_pods(source):
    yield MAX_PODS_HEADER
    yield "instance_type,max_pods\n"
    for row in sorted(rows_of(source), key=lambda row: row["instance_type"]):
        yield f"{row['instance_type']},{row['max_pods']}\n"


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    out = pathlib.Path(sys.argv[4] if len(sys.argv) == 5 else pathlib.Path(__file__).parent)
    write(out / "instance-limits.csv", limits(sys.argv[1]))
    write(out / "ondemand-prices.csv", prices(sys.argv[2]))
    write(out / "eni-max-pods.csv", max_pods(sys.argv[3]))


if __name__ == "__main__":
    main()
