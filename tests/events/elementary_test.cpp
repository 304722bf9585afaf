#include <algorithm>
#include <cmath>

#include "planner/events/elementary.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("log, exp and pow agree with the C library to 1e-14") {
  for (double x = 1e-300; x < 1e300; x *= 7.3) {
    CAPTURE(x);
    CHECK(std::abs(elementary::log(x) - std::log(x)) <= 1e-14 * std::max(1.0, std::abs(std::log(x))));
  }
  for (double x = -700; x < 700; x += 0.37) {
    CAPTURE(x);
    CHECK(std::abs(elementary::exp(x) / std::exp(x) - 1) < 1e-13);
  }
  CHECK(elementary::pow(1.03, 36) == Approx(std::pow(1.03, 36)).epsilon(1e-14));
  CHECK(elementary::exp(0) == 1.0);
  CHECK(elementary::log(1) == 0.0);
  CHECK(elementary::exp(-800) == 0.0);
}

TEST_CASE("the normal quantile gives the table's values") {
  // NIST/SEMATECH e-Handbook, percent points of the standard normal distribution; 1e-9 from Wichura's paper.
  CHECK(elementary::normal_quantile(0.5) == 0.0);
  CHECK(elementary::normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-14));
  CHECK(elementary::normal_quantile(0.25) == Approx(-0.6744897501960817).epsilon(1e-14));
  CHECK(elementary::normal_quantile(0.001) == Approx(-3.090232306167813).epsilon(1e-14));
  CHECK(elementary::normal_quantile(1e-20) == Approx(-9.262340089798408).epsilon(1e-14));
}
