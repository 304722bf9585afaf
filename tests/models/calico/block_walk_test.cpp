#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "models/calico/block_walk.h"
#include "models/calico/go_random.h"
#include "planner/net/prefix.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

std::ifstream data(const std::string& name) {
  return std::ifstream(std::string(CIDRPLAN_SOURCE_DIR) + "/tests/models/calico/" + name);
}

nlohmann::json vectors() {
  auto in = data("walk-vectors.json");
  return nlohmann::json::parse(in);
}

}  // namespace

TEST_CASE("the seed table that the jump works out is Go's") {
  auto in = data("seed-table.txt");
  const auto& table = GoRand::seed_table();
  std::string word;
  std::size_t words = 0;
  while (in >> word) {
    REQUIRE(words < table.size());
    CHECK(table[words] == std::stoull(word, nullptr, 16));
    ++words;
  }
  CHECK(words == 607);
}

TEST_CASE("seeds give Go's numbers") {
  const auto all = vectors();
  std::size_t cases = 0;
  for (const auto& vector : all["draws"]) {
    const auto seed = vector["seed"].get<std::int64_t>();
    CAPTURE(seed);
    GoRand words(seed);
    for (const auto& word : vector["words"])
      CHECK(words.next64() == std::stoull(word.get<std::string>(), nullptr, 16));
    GoRand draws(seed);
    for (const auto& draw : vector["draws"]) CHECK(draws.next32() == draw.get<std::uint32_t>());
    ++cases;
  }
  CHECK(cases == 9);
}

TEST_CASE("outputs follow the recurrence, from the first on") {
  // y(k) = y(k-607) + y(k-273): the first 273 outputs come straight from the seed, the 274th does not.
  GoRand random(42);
  std::vector<std::uint64_t> outputs;
  for (int i = 0; i < 2000; ++i) outputs.push_back(random.next64());
  for (std::size_t k = 607; k < outputs.size(); ++k)
    REQUIRE(outputs[k] == outputs[k - 607] + outputs[k - 273]);
  // A seed and the same seed plus 2^31 - 1 are one.
  CHECK(GoRand(std::int64_t{42} + 2'147'483'647).next64() == outputs[0]);
  CHECK(GoRand(42 - 2'147'483'647).next64() == outputs[0]);
}

TEST_CASE("hosts hash and walk as published") {
  const auto all = vectors();
  std::size_t hashes = 0;
  for (const auto& vector : all["hashes"]) {
    CHECK(fnv1_32(vector[0].get<std::string>()) == vector[1].get<std::uint32_t>());
    ++hashes;
  }
  CHECK(hashes == 6);

  std::size_t walks = 0;
  for (const auto& vector : all["walks"]) {
    const auto host = vector["host"].get<std::string>();
    const auto pool = *Prefix::parse(vector["pool"].get<std::string>());
    const int block_size = vector["block_size"];
    CAPTURE(host, pool.to_string(), block_size);
    const auto hash = fnv1_32(host);
    CHECK(hash == vector["hash"].get<std::uint32_t>());
    GoRand random(hash);
    for (const auto& draw : vector["draws"]) CHECK(random.next32() == draw.get<std::uint32_t>());

    const BlockWalk walk(hash, block_size - pool.length());
    CHECK(to_string(pool.count_of(block_size)) == vector["blocks"].get<std::string>());
    CHECK(walk.last() == pool.count_of(block_size) - 1);
    CHECK(to_string(walk.start()) == vector["start"].get<std::string>());
    uint128 steps = 0;
    for (const auto& block : vector["walk"])
      CHECK(pool.child(block_size, walk.at(steps++)).to_string() == block.get<std::string>());
    ++walks;
  }
  CHECK(walks == 26);
}

TEST_CASE("a draw of two words and one bit is within its bound") {
  // 2^64 and 2^128 need a word more than their numbers; half of the draws are rejected.
  for (const int bits : {0, 1, 62, 63, 64, 65, 127, 128}) {
    CAPTURE(bits);
    GoRand random(7);
    for (int i = 0; i < 50; ++i) {
      const auto number = random.below_power_of_two(bits);
      CHECK((bits == 128 || number >> bits == 0));
    }
  }
}
