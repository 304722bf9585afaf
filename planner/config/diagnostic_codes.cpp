#include "planner/config/diagnostic_codes.h"

#include <algorithm>
#include <array>

namespace cidrplan {
namespace {

constexpr std::array codes{
    DiagnosticCode{"after-horizon",
                   "An event is dated on or after the end of the horizon, so it never happens.",
                   "Move the event, or plan for longer."},
    DiagnosticCode{
        "bad-catalog",
        "A file with instance types of one's own has a mistake; the message gives its place there.",
        "Mend the file; docs/SCENARIO.md has its keys."},
    DiagnosticCode{"bad-cpu", "The text is no amount of CPU, or finer than a thousandth of a core.",
                   "Write cores or thousandths of one, as a pod's requests do: \"0.5\" or \"250m\"."},
    DiagnosticCode{"bad-date", "The text is no date, or a date that the calendar does not have.",
                   "Write year, month and day: \"2027-01-31\"."},
    DiagnosticCode{
        "bad-duration", "The text is no length of time, or gives months where an exact length is needed.",
        "Write a number and a unit: ms, s, m, h, d or w; mo and y only where the key takes calendar steps."},
    DiagnosticCode{
        "bad-json",
        "A catalog that begins like JSON is none, or is nested deeper or longer than any output of aws "
        "ec2 describe-instance-types.",
        "Give that output as it is, or TOML."},
    DiagnosticCode{
        "bad-label", "The key or value of a label is none that Kubernetes takes.",
        "Use at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit; a key may "
        "have a DNS name and a slash before that."},
    DiagnosticCode{"bad-prefix",
                   "The text is no range in CIDR form, or bits behind the prefix length are set.",
                   "Write address/length with all host bits zero: \"10.0.0.0/16\"."},
    DiagnosticCode{"bad-rate", "The text is no rate of growth of the kind that the key takes.",
                   "Write growth as \"3%/month\" or \"10%/year\", add as \"50/month\"."},
    DiagnosticCode{"bad-set", "The path of a --set option leads to nothing that can be set.",
                   "Write KEY, TABLE.KEY or LIST.NAME.KEY with names as the scenario has them."},
    DiagnosticCode{"bad-share", "The text is no percentage, or more than the whole.",
                   "Write \"25%\"; where a count may stand too, a whole number."},
    DiagnosticCode{
        "bad-table",
        "A file named by a curve has a row that is no date and count, or whose date does not rise.",
        "Give one row a date, `2027-01-01,1500`, in order of date."},
    DiagnosticCode{
        "bad-tag", "The key or value of a tag is none that AWS takes.",
        "Use letters, digits, spaces and + - = . _ : / @, at most 128 in a key and 256 in a value."},
    DiagnosticCode{"bad-text", "A text is empty, too long, or has control characters in it.",
                   "Use printable characters; names have at most 100 bytes, other texts 200."},
    DiagnosticCode{"bad-toml",
                   "The file is not TOML. Reading stops at the first such place, so this error stands alone.",
                   "Mend the syntax there; further mistakes show afterwards."},
    DiagnosticCode{"before-start", "An event is dated before the scenario begins.",
                   "Move the event, or start earlier."},
    DiagnosticCode{"conflicting-keys", "Two keys that exclude each other are given.", "Keep one of them."},
    DiagnosticCode{"duplicate-name", "A name is given to two things of one kind, or listed twice.",
                   "Give each its own name; list each once."},
    DiagnosticCode{"empty-list", "A list that needs an entry has none.",
                   "Add an entry, or leave the key out where it has a default."},
    DiagnosticCode{"empty-node-group", "A node group can never have a node.",
                   "Give it a count, or nodes = \"auto\"."},
    DiagnosticCode{
        "family-not-served",
        "Pods need an address of a family that a design, as it is configured, does not give.",
        "Give the design a range of that family where the model can have one, change families, or leave the "
        "design out."},
    DiagnosticCode{"missing-key", "A key or table that the scenario cannot do without is absent.", "Add it."},
    DiagnosticCode{"namespace-labels", "A namespace is given two sets of labels.",
                   "Give its labels once, or the same each time."},
    DiagnosticCode{"needs-vpc",
                   "The model of a design gives pods addresses of a VPC, and the scenario has none.",
                   "Add [vpc] and its subnets, or choose a model with ranges of its own."},
    DiagnosticCode{"not-ascending", "The steps of a curve are not in order of date.",
                   "Order them; each date once."},
    DiagnosticCode{"not-ipv4", "IPv6 is asked for where this version plans IPv4 only.",
                   "Give an IPv4 range."},
    DiagnosticCode{
        "os-not-served",
        "A node group runs an operating system whose nodes a design, as it is configured, cannot serve.",
        "Change the group's os, or leave the design out."},
    DiagnosticCode{"out-of-range", "A value lies outside the bounds of its key.", "Choose one within them."},
    DiagnosticCode{"outside-subnet", "A reservation lies outside the subnet that it is made in.",
                   "Give a range inside the subnet's."},
    DiagnosticCode{
        "overlap",
        "Two ranges share addresses that must differ: subnets of one VPC, ranges that routes connect, or pod "
        "ranges with any of them. The message tells the consequence at the later of the two.",
        "Move one of the ranges."},
    DiagnosticCode{
        "pod-range-in-vpc",
        "A pod range lies in a range of the VPC but in no subnet. It works, and uses up VPC space.",
        "Take a range outside the VPC where addresses of the VPC are scarce."},
    DiagnosticCode{
        "provider-size",
        "AWS takes VPC ranges and subnets from /16 to /28 only, and IPv6 ranges of subnets from /44 "
        "to /64 in steps of 4.",
        "Split a wider range; a narrower one cannot be had."},
    DiagnosticCode{"quota-ranges", "The VPC has more ranges than the account's quota allows by default.",
                   "Have the quota raised (at most 50) and say so in [vpc.quota]."},
    DiagnosticCode{"quota-subnets", "The VPC has more subnets than the account's quota allows by default.",
                   "Have the quota raised and say so in [vpc.quota]."},
    DiagnosticCode{"service-range", "EKS refuses this service range by its size or place.",
                   "Take /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."},
    DiagnosticCode{
        "special-range",
        "A subnet, service or pod range overlaps one that a standard sets aside for something else, or "
        "that machines use inside themselves.",
        "Move it to a private range that nothing else uses."},
    DiagnosticCode{"subnet-outside-vpc", "A subnet lies in none of the VPC's ranges.",
                   "Move it, or add a range to vpc.cidrs."},
    DiagnosticCode{
        "table-unreadable", "A file that the scenario names cannot be read.",
        "Name a file in the scenario's folder or beneath it; a scenario from standard input can name none."},
    DiagnosticCode{"too-deep", "Tables, lists or dotted names are nested deeper than any scenario needs.",
                   "Flatten them."},
    DiagnosticCode{"too-large", "The scenario is larger than 4 MiB, or a catalog than 16.", "Split it."},
    DiagnosticCode{"too-many", "A list has more entries than are read.", "Shorten it."},
    DiagnosticCode{"too-much-work",
                   "More pods would start than can be simulated in hours; often a unit is mistyped.",
                   "Shorten the horizon, plan fewer lives, or look at lifetimes, rollouts and batches."},
    DiagnosticCode{
        "unencapsulated-in-vpc",
        "Pod packets without encapsulation reach the VPC with addresses it does not know: EC2 drops them "
        "unless source/destination checks are off, and routes to pods fill the route table.",
        "Encapsulate (encapsulation = \"vxlan\"), or switch the checks off and mind the quota of routes."},
    DiagnosticCode{"unknown-instance-type", "The instance type is not in the catalog.",
                   "Take one of the names suggested, or describe yours in an [[instance_type]]."},
    DiagnosticCode{"unknown-key", "The table has no such key. Nothing that is written is ignored.",
                   "Take the name suggested, or remove the key."},
    DiagnosticCode{"unknown-model", "No model has that name.", "`cidrplan models` lists them."},
    DiagnosticCode{"unknown-name", "Nothing of that kind has the name.",
                   "Take the name suggested, or declare it."},
    DiagnosticCode{"unknown-value", "The key takes one of a few words, and this is none of them.",
                   "Take one that the message lists."},
    DiagnosticCode{"vpc-range-forbidden", "AWS refuses the range beside the others of the VPC, or anywhere.",
                   "Take a piece of 100.64.0.0/10, which every VPC may add."},
    DiagnosticCode{"wrong-role", "A subnet that nodes cannot stand in is given to a node group.",
                   "Name subnets with role nodes or public."},
    DiagnosticCode{"wrong-type", "The value has another type than the key needs.",
                   "Write it as the message says."},
    DiagnosticCode{"wrong-zone", "A node group names a subnet outside its zones.",
                   "Add the zone, or leave one of the two lists out."},
    DiagnosticCode{"zone-without-subnet", "A node group is to stand in a zone where it has no subnet.",
                   "Add a subnet with role nodes there, or leave the zone out."},
};

constexpr bool in_order() {
  return std::is_sorted(codes.begin(), codes.end(),
                        [](const DiagnosticCode& a, const DiagnosticCode& b) { return a.code < b.code; });
}
static_assert(in_order());

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() { return codes; }

const DiagnosticCode* find_diagnostic_code(std::string_view code) {
  const auto at = std::find_if(codes.begin(), codes.end(),
                               [code](const DiagnosticCode& entry) { return entry.code == code; });
  return at == codes.end() ? nullptr : &*at;
}

}  // namespace cidrplan
