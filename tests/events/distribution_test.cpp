#include <cmath>
#include <functional>

#include "planner/events/distribution.h"
#include "planner/events/fingerprint.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

using Kind = Distribution::Kind;

Distribution make(Kind kind, Duration scale, double shape = 1) { return {kind, scale, shape, {}}; }

/// Share of 100,000 draws not above `limit`.
double share_below(const Distribution& distribution, std::int64_t limit) {
  const RandomStream stream(11, 0, "test");
  int below = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) below += distribution.draw(stream, i).ms <= limit;
  return below / 100'000.0;
}

std::string thousand_draws(const Distribution& distribution) {
  const RandomStream stream(7, 2, "fixed draws");
  Fingerprint print;
  for (std::uint64_t i = 0; i < 1000; ++i)
    print.add(static_cast<std::uint64_t>(distribution.draw(stream, i).ms));
  return print.to_string();
}

}  // namespace

TEST_CASE("draws follow their distribution") {
  // Standard error of a share of 100,000 draws: at most 0.0016; four of them allowed.
  const double slack = 0.0064;
  const auto hour = Duration::hours(1);
  CHECK(std::abs(share_below(make(Kind::exponential, hour), hour.ms) - (1 - std::exp(-1.0))) < slack);
  CHECK(std::abs(share_below(make(Kind::log_normal, hour, 1.2), hour.ms) - 0.5) < slack);
  // Phi(1) = 0.8413: one sigma above the median, e^1.2 hours
  CHECK(std::abs(share_below(make(Kind::log_normal, hour, 1.2),
                             static_cast<std::int64_t>(3'600'000 * std::exp(1.2))) -
                 0.8413) < slack);
  CHECK(std::abs(share_below(make(Kind::weibull, hour, 0.5), hour.ms) - (1 - std::exp(-1.0))) < slack);
  CHECK(share_below(make(Kind::fixed, hour), hour.ms - 1) == 0.0);
  Distribution mixture{
      Kind::mixture, {}, 1, {{1, make(Kind::fixed, {1000})}, {3, make(Kind::fixed, {2000})}}};
  CHECK(std::abs(share_below(mixture, 1000) - 0.25) < slack);
}

TEST_CASE("means are those of the textbook") {
  CHECK(make(Kind::exponential, {5000}).mean_ms() == 5000);
  CHECK(make(Kind::log_normal, {1000}, 1.0).mean_ms() == Approx(1000 * std::exp(0.5)));
  CHECK(make(Kind::weibull, {1000}, 0.5).mean_ms() == Approx(2000));            // Gamma(3) = 2
  CHECK(make(Kind::weibull, {1000}, 2.0).mean_ms() == Approx(886.2269254528));  // Gamma(1.5)
  CHECK(std::isinf(Distribution{}.mean_ms()));
}

TEST_CASE("a draw depends on seed, life, name and number only") {
  const auto exponential = make(Kind::exponential, Duration::hours(1));
  const RandomStream a(1, 0, "a"), same(1, 0, "a"), life(1, 1, "a"), name(1, 0, "b"), seed(2, 0, "a");
  CHECK(exponential.draw(a, 5) == exponential.draw(same, 5));
  CHECK(exponential.draw(a, 5) != exponential.draw(a, 6));
  CHECK(exponential.draw(a, 5) != exponential.draw(life, 5));
  CHECK(exponential.draw(a, 5) != exponential.draw(name, 5));
  CHECK(exponential.draw(a, 5) != exponential.draw(seed, 5));
}

TEST_CASE("a thousand draws of each distribution are fixed for every machine and compiler") {
  CHECK(thousand_draws(make(Kind::exponential, Duration::hours(1))) == "5b06d7cb97e108df");
  CHECK(thousand_draws(make(Kind::log_normal, Duration::hours(6), 1.2)) == "54bf210322855514");
  CHECK(thousand_draws(make(Kind::weibull, Duration::hours(1), 0.7)) == "d7b5467bc849a15c");
}

TEST_CASE("lifetimes are the distribution's draws, in whatever order they are asked for") {
  const auto distribution = make(Kind::exponential, Duration::hours(1));
  const RandomStream stream(5, 1, "lives");
  Lifetimes lifetimes(distribution, stream);
  const RandomStream order(6, 0, "order");
  for (std::uint64_t i = 0; i < 2'000; ++i) {
    // Mostly the next one; now and then one from long ago, or from far ahead.
    const auto number = order.below(i, 10) == 0 ? order.below(i + 10'000, 4'000) : i;
    REQUIRE(lifetimes[number].ms == distribution.draw(stream, number).ms);
  }
}
