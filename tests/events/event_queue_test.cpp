#include <map>
#include <tuple>

#include "planner/events/event_queue.h"
#include "planner/events/random_streams.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("events at one instant go by rank, then by scheduling") {
  EventQueue<int> queue({0});
  queue.push({1000}, 6, 1);
  queue.push({1000}, 0, 2);
  queue.push({1000}, 6, 3);
  queue.push({999}, 8, 4);
  int order[4];
  for (int& payload : order) payload = queue.pop().payload;
  CHECK(order[0] == 4);
  CHECK(order[1] == 2);
  CHECK(order[2] == 1);
  CHECK(order[3] == 3);
  CHECK(queue.empty());
}

TEST_CASE("an event scheduled for now with a lower rank comes next") {
  EventQueue<int> queue({-500});
  queue.push({7}, 6, 1);
  queue.push({7}, 6, 2);
  CHECK(queue.pop().payload == 1);
  queue.push({7}, 3, 3);
  CHECK(queue.pop().payload == 3);
  CHECK(queue.pop().payload == 2);
}

TEST_CASE("any order of scheduling comes out as a sorted map has it") {
  const RandomStream random(3, 0, "queue");
  EventQueue<std::uint64_t> queue({0});
  std::map<std::tuple<std::int64_t, unsigned, std::uint64_t>, std::uint64_t> naive;
  std::int64_t now = 0;
  std::uint64_t popped = 0;
  for (std::uint64_t i = 0; i < 60'000; ++i) {
    // from the same instant to about 120 days ahead, so that buckets, epochs and gaps between them are all
    // met
    const auto ahead = static_cast<std::int64_t>(random.bits(2 * i) >> (30 + random.below(2 * i + 1, 34)));
    const auto rank = static_cast<unsigned>(random.below(i + 1'000'000, 9));
    queue.push({now + ahead}, rank, i);
    naive.emplace(std::make_tuple(now + ahead, rank, i), i);
    if (random.below(i + 2'000'000, 3) == 0) {
      const auto entry = queue.pop();
      REQUIRE(entry.payload == naive.begin()->second);
      REQUIRE(entry.at.ms == std::get<0>(naive.begin()->first));
      now = entry.at.ms;
      naive.erase(naive.begin());
      ++popped;
    }
  }
  while (!naive.empty()) {
    REQUIRE(queue.pop().payload == naive.begin()->second);
    naive.erase(naive.begin());
    ++popped;
  }
  CHECK(queue.empty());
  CHECK(popped == 60'000);
}

TEST_CASE("events come out in order however many an epoch holds") {
  // An epoch is 2^22 ms. Counts a doubling apart, so that its buckets have each of their widths.
  const RandomStream random(4, 0, "epochs");
  EventQueue<std::uint64_t> queue({0});
  constexpr std::int64_t epoch = 1 << 22;
  std::uint64_t number = 0;
  for (std::int64_t i = 0; i < 8; ++i)
    for (int event = 0; event < 2'000 << i; ++event, ++number)
      queue.push({(i + 1) * epoch + static_cast<std::int64_t>(random.below(number, epoch))}, 0, number);
  std::int64_t before = 0;
  std::uint64_t popped = 0;
  std::uint64_t late = 0;
  while (!queue.empty()) {
    const auto entry = queue.pop();
    REQUIRE(entry.at.ms >= before);
    before = entry.at.ms;
    // Each third one is followed by another within the next minute.
    if (entry.payload < number && entry.payload % 3 == 0) {
      queue.push({entry.at.ms + static_cast<std::int64_t>(random.below(entry.payload, 60'000))}, 0, number);
      ++late;
    }
    ++popped;
  }
  CHECK(popped == number + late);
  CHECK(number == 2'000 * 255);
}
