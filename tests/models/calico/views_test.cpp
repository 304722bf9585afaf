#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "models/calico/kubectl_objects.h"
#include "models/calico/replay.h"
#include "models/calico/sha256.h"
#include "models/calico/sha3.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

/// A cluster after the given operations: everything after `"t":0,` of their lines.
std::unique_ptr<Replayer> cluster(const std::string& profile, std::initializer_list<std::string> operations) {
  auto replayer = calico::ipam_replayer().make(
      R"({"format":"calico-ipam-recording","version":1,"profile":")" + profile + R"("})");
  int number = 0;
  for (const auto& operation : operations)
    replayer->answer("{\"i\":" + std::to_string(++number) + ",\"t\":0," + operation + "}");
  return replayer;
}

std::string view(const Replayer& replayer, std::string_view name) {
  const auto text = replayer.view(name);
  REQUIRE(text);
  return *text;
}

/// One pool of 128 addresses; edge-07 owns two blocks, one with three addresses, one full.
std::unique_ptr<Replayer> two_blocks(const std::string& profile) {
  return cluster(profile,
                 {R"("op":"set_config","config":{"auto_allocate_blocks":true})",
                  R"("op":"set_pool","pool":{"name":"pool-blue","cidr":"10.88.4.0/25","block_size":29})",
                  R"("op":"set_node","name":"edge-07")", R"("op":"set_node","name":"edge-09")",
                  R"("op":"claim_affinity","cidr":"10.88.4.96/29","host":"edge-07")",
                  R"("op":"auto_assign","host":"edge-07","v4":8,"handle":"all","use":"Workload")",
                  R"("op":"claim_affinity","cidr":"10.88.4.32/29","host":"edge-07")",
                  R"("op":"assign_ip","ip":"10.88.4.32","host":"edge-07","handle":"t","use":"Tunnel")",
                  R"("op":"assign_ip","ip":"10.88.4.33","host":"edge-07","handle":"A")",
                  R"("op":"assign_ip","ip":"10.88.4.34","host":"edge-07","handle":"b")",
                  R"("op":"assign_ip","ip":"10.88.4.35","host":"edge-09","handle":"c")",
                  R"("op":"release_by_handle","handle":"b")",
                  R"("op":"set_reservations","cidrs":["10.88.4.64/31","10.88.4.127"])"});
}

}  // namespace

TEST_CASE("blocks are shown as calicoctl shows them, up to v3.32") {
  // 3 of 8 is 37.5 %, 5 of 8 is 62.5 %: halves go to the even neighbour. 11 of 128 is 8.6 %.
  CHECK(view(*two_blocks("P32"), "show-blocks") ==
        "+----------+---------------+-----------+------------+-----------+\n"
        "| GROUPING |     CIDR      | IPS TOTAL | IPS IN USE | IPS FREE  |\n"
        "+----------+---------------+-----------+------------+-----------+\n"
        "| IP Pool  | 10.88.4.0/25  |       128 | 11 (9%)    | 117 (91%) |\n"
        "| Block    | 10.88.4.32/29 |         8 | 3 (38%)    | 5 (62%)   |\n"
        "| Block    | 10.88.4.96/29 |         8 | 8 (100%)   | 0 (0%)    |\n"
        "+----------+---------------+-----------+------------+-----------+\n");
}

TEST_CASE("blocks are shown as calicoctl shows them, from v3.33 on") {
  // The reserved addresses lie outside the blocks: 128 - 11 - 3.
  CHECK(view(*two_blocks("P33"), "show-blocks") ==
        "+----------+---------------+-----------+------------+--------------+-----------+\n"
        "| GROUPING | CIDR          | IPS TOTAL | IPS IN USE | IPS RESERVED | IPS FREE  |\n"
        "+----------+---------------+-----------+------------+--------------+-----------+\n"
        "| IP Pool  | 10.88.4.0/25  |       128 |    11 (9%) |       3 (2%) | 114 (89%) |\n"
        "| Block    | 10.88.4.32/29 |         8 |    3 (38%) |       0 (0%) |   5 (62%) |\n"
        "| Block    | 10.88.4.96/29 |         8 |   8 (100%) |       0 (0%) |    0 (0%) |\n"
        "+----------+---------------+-----------+------------+--------------+-----------+\n");
}

TEST_CASE("large pools have five digits, and blocks of no pool come last without a row of theirs") {
  const std::initializer_list<std::string> operations{
      R"("op":"set_config","config":{"auto_allocate_blocks":true})",
      R"("op":"set_pool","pool":{"name":"b","cidr":"10.0.0.0/15"})",
      R"("op":"set_pool","pool":{"name":"c","cidr":"fd00::/48"})",
      R"("op":"set_pool","pool":{"name":"a","cidr":"192.168.0.0/28","block_size":28})",
      R"("op":"claim_affinity","cidr":"192.168.0.0/28","host":"n")",
      R"("op":"delete_pool","name":"a")"};
  // 2^17 = 131,072 keeps five digits and is no plain number any more; 2^80 = 1.2089e24.
  CHECK(view(*cluster("P31", operations), "show-blocks") ==
        "+----------+----------------+------------+------------+-------------------+\n"
        "| GROUPING |      CIDR      | IPS TOTAL  | IPS IN USE |     IPS FREE      |\n"
        "+----------+----------------+------------+------------+-------------------+\n"
        "| IP Pool  | 10.0.0.0/15    | 1.3107e+05 | 0 (0%)     | 1.3107e+05 (100%) |\n"
        "| IP Pool  | fd00::/48      | 1.2089e+24 | 0 (0%)     | 1.2089e+24 (100%) |\n"
        "| Block    | 192.168.0.0/28 |         16 | 0 (0%)     | 16 (100%)         |\n"
        "+----------+----------------+------------+------------+-------------------+\n");
  // From v3.33 on a count stops at 2^63 - 1.
  CHECK(view(*cluster("P33", operations), "show-blocks").find("| IP Pool  | fd00::/48      | 9.2234e+18 |") !=
        std::string::npos);
}

TEST_CASE("borrowed addresses are shown with owner and borrower") {
  CHECK(view(*two_blocks("P32"), "show-borrowed") ==
        "+------------+----------------+---------------+-------------+------+--------------+\n"
        "|     IP     | BORROWING-NODE |     BLOCK     | BLOCK OWNER | TYPE | ALLOCATED-TO |\n"
        "+------------+----------------+---------------+-------------+------+--------------+\n"
        "| 10.88.4.35 | edge-09        | 10.88.4.32/29 | edge-07     | pod  | default/c    |\n"
        "+------------+----------------+---------------+-------------+------+--------------+\n");
  CHECK(view(*cluster("P32", {}), "show-borrowed") ==
        "+----+----------------+-------+-------------+------+--------------+\n"
        "| IP | BORROWING-NODE | BLOCK | BLOCK OWNER | TYPE | ALLOCATED-TO |\n"
        "+----+----------------+-------+-------------+------+--------------+\n"
        "+----+----------------+-------+-------------+------+--------------+\n");
  const auto windows =
      cluster("P33", {R"("op":"set_config","config":{"auto_allocate_blocks":true,"strict_affinity":true})",
                      R"("op":"set_pool","pool":{"name":"p","cidr":"10.0.0.0/29","block_size":29})",
                      R"("op":"set_node","name":"w")", R"("op":"ensure_block","host":"w","windows":true)"});
  CHECK(view(*windows, "show-borrowed") ==
        "+----+----------------+-------+-------------+------+--------------+\n"
        "| IP | BORROWING-NODE | BLOCK | BLOCK OWNER | TYPE | ALLOCATED-TO |\n"
        "+----+----------------+-------+-------------+------+--------------+\n"
        "\n"
        "Note: found 4 IP allocations without an explicit node association. Unable to determine if they are "
        "borrowed.\n");
}

TEST_CASE("objects are printed as kubectl prints them") {
  const auto text = view(*two_blocks("P32"), "json");
  CHECK(text.starts_with("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        {\n"));
  const auto list = nlohmann::json::parse(text);
  CHECK(list["kind"] == "List");
  REQUIRE(list["items"].size() == 2 + 2 + 4);  // blocks, affinities; handles A, all, c, t

  // Ordinals 0, 1 and 3 are in use; 2 came back and stands last. Entries stand in the order of their making,
  // and the one that nobody points to any more is gone.
  const auto& block = list["items"][0];
  CHECK(block["kind"] == "IPAMBlock");
  CHECK(block["metadata"]["name"] == "10-88-4-32-29");
  const auto& spec = block["spec"];
  CHECK(spec["affinity"] == "host:edge-07");
  CHECK(spec["affinityClaimTime"] == "1970-01-12T13:46:40Z");  // 1,000,000 s
  CHECK(spec["allocations"].dump() == "[0,1,null,2,null,null,null,null]");
  CHECK(spec["unallocated"].dump() == "[4,5,6,7,2]");
  CHECK(spec["attributes"].dump() ==
        R"([{"handle_id":"t","secondary":{"node":"edge-07","type":"ipipTunnelAddress"}},)"
        R"({"handle_id":"A","secondary":{"namespace":"default","node":"edge-07","pod":"A"}},)"
        R"({"handle_id":"c","secondary":{"namespace":"default","node":"edge-09","pod":"c"}}])");
  // Five writes after its creation, the last one a release; each allocation recorded the number before its
  // own. What was freed through its handle keeps its number before v3.33.
  const auto first = spec["sequenceNumberForAllocation"]["0"].get<std::uint64_t>();
  CHECK(spec["sequenceNumberForAllocation"]["3"] == first + 3);
  CHECK(spec["sequenceNumberForAllocation"]["2"] == first + 2);
  CHECK(spec["sequenceNumber"] == first + 5);
  CHECK(spec["cidr"] == "10.88.4.32/29");
  CHECK(spec["deleted"] == false);
  CHECK(spec["strictAffinity"] == false);

  CHECK(list["items"][2].dump() ==
        R"({"apiVersion":"crd.projectcalico.org/v1","kind":"BlockAffinity","metadata":{"labels":)"
        R"({"projectcalico.org/affinity-type":"host","projectcalico.org/hostname-hash":)"
        R"("RPE4JCLUUDWPSTMIYJMKRI5UL337L5HCHKLZZUTJWWBITF4PMYJA","projectcalico.org/ip-version":"4"},)"
        R"("name":"edge-07-10-88-4-32-29"},"spec":{"cidr":"10.88.4.32/29","deleted":"false",)"
        R"("node":"edge-07","state":"confirmed","type":"host"}})");
  // Names are in lower case, and lists go by them.
  CHECK(list["items"][4].dump() ==
        R"({"apiVersion":"crd.projectcalico.org/v1","kind":"IPAMHandle","metadata":{"name":"a"},)"
        R"("spec":{"block":{"10.88.4.32/29":1},"deleted":false,"handleID":"A"}})");
  CHECK(list["items"][5]["spec"]["block"].dump() == R"({"10.88.4.96/29":8})");
}

TEST_CASE("cooling ordinals of one second share an entry, in a block without owner") {
  const auto replayer = cluster(
      "P33", {R"("op":"set_config","config":{"auto_allocate_blocks":true,"ip_cooldown_seconds":60})",
              R"("op":"set_pool","pool":{"name":"p","cidr":"10.0.0.0/30","block_size":30})",
              R"("op":"set_node","name":"n")",
              R"("op":"auto_assign","host":"n","v4":2,"handle":"x","use":"Workload")",
              R"("op":"auto_assign","host":"n","v4":1,"use":"Workload")",
              R"("op":"release_by_handle","handle":"x")", R"("op":"release_host_affinities","host":"n")"});
  const auto list = nlohmann::json::parse(view(*replayer, "json"));
  REQUIRE(list["items"].size() == 1);
  const auto& spec = list["items"][0]["spec"];
  CHECK_FALSE(spec.contains("affinity"));
  CHECK_FALSE(spec.contains("affinityClaimTime"));
  CHECK(spec["allocations"].dump() == "[1,1,0,null]");
  CHECK(spec["attributes"].dump() == R"([{"secondary":{"node":"n"}},{"releasedAt":"1970-01-12T13:46:40Z"}])");
  CHECK_FALSE(replayer->view("show-nothing"));
}

TEST_CASE("the hashes of names are the published ones") {
  // FIPS 180-4 and FIPS 202 examples.
  CHECK(calico::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(calico::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(calico::sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const auto sha3 = [](std::string_view text) {
    const auto hash = calico::sha3_256(text);
    return hex(std::string_view(reinterpret_cast<const char*>(hash.data()), hash.size()));
  };
  CHECK(sha3("") == "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  CHECK(sha3("abc") == "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  // A message of exactly one rate, and of 200 bytes of 0xa3.
  CHECK(sha3(std::string(200, '\xa3')) == "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787");
  CHECK(calico::hostname_hash("edge-07") == "RPE4JCLUUDWPSTMIYJMKRI5UL337L5HCHKLZZUTJWWBITF4PMYJA");
}
