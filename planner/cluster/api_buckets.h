#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cidrplan {

/// How many calls of one action an account may make in one Region: each takes a token.
struct ApiBucket {
  std::int64_t capacity = 0;  ///< tokens of a full bucket
  std::int64_t refill = 0;    ///< tokens a second

  friend constexpr bool operator==(ApiBucket, ApiBucket) = default;
};

/// Actions of the provider's API that designs use, each with a bucket of its own.
inline constexpr std::array<std::string_view, 12> api_actions{
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "CreateNetworkInterface",
    "AttachNetworkInterface",
    "DetachNetworkInterface",
    "DeleteNetworkInterface",
    "ModifyNetworkInterfaceAttribute",
    "CreateTags",
    "DescribeNetworkInterfaces",
    "DescribeInstances",
    "DescribeSubnets",
    "AssociateTrunkInterface",
};

/// By position in `api_actions`.
using ApiBuckets = std::array<ApiBucket, api_actions.size()>;

/// What EC2 gives to an account that asked for no more. Those that change something without a size of their
/// own have 50 tokens and 5 a second; DescribeInstances and DescribeNetworkInterfaces have the smaller bucket
/// of requests without a filter.
/// @source https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
inline constexpr ApiBuckets usual_api_buckets{{
    {100, 5},
    {100, 5},
    {100, 5},
    {50, 5},
    {50, 5},
    {100, 5},
    {100, 5},
    {100, 10},
    {50, 10},
    {50, 10},
    {100, 20},
    {50, 5},
}};

}  // namespace cidrplan
