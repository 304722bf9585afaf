#include "planner/events/elementary.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace cidrplan::elementary {
namespace {

constexpr double ln2_high = 0x1.62e42fefa0000p-1;  // 32 significant bits: k × ln2_high is exact
constexpr double ln2_low = 0x1.cf79abc9e3b3ap-40;
constexpr double sqrt_half = 0x1.6a09e667f3bcdp-1;

/// 2^k for -1022 <= k <= 1023.
double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

double polynomial(const double (&coefficients)[8], double x) {
  double sum = coefficients[7];
  for (int i = 6; i >= 0; --i) sum = sum * x + coefficients[i];
  return sum;
}

}  // namespace

double log(double x) {
  int exponent = 0;
  double mantissa = x;
  if (mantissa < std::numeric_limits<double>::min()) {  // subnormal
    mantissa *= 0x1p54;
    exponent -= 54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(mantissa);
  exponent += static_cast<int>(bits >> 52 & 0x7ff) - 1022;
  mantissa = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3fe0000000000000u);  // [0.5, 1)
  if (mantissa < sqrt_half) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 artanh(s), s = (m - 1) / (m + 1), |s| <= 0.172: the term s^23 is below 1e-18.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double s2 = s * s;
  double series = 0;
  for (int k = 21; k >= 1; k -= 2) series = series * s2 + 1.0 / k;
  return exponent * ln2_high + (2 * s * series + exponent * ln2_low);
}

double exp(double x) {
  if (x > 709) return std::numeric_limits<double>::max();
  if (x < -745) return 0;
  const double scaled = x * 0x1.71547652b82fep+0;  // x / ln 2
  const int k = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = x - k * ln2_high - k * ln2_low;  // |r| <= 0.35: r^15 / 15! is below 1e-18
  double sum = 1;
  for (int i = 14; i >= 1; --i) sum = 1 + sum * r / i;
  const int half = k / 2;  // in two steps, as 2^k alone may leave the normal range
  return sum * power_of_two(half) * power_of_two(k - half);
}

double pow(double base, double exponent) { return exp(exponent * log(base)); }

// Algorithm AS 241 (PPND16): M. J. Wichura, The Percentage Points of the Normal Distribution,
// Applied Statistics 37 (1988) 477-484. Relative accuracy about 1e-16.
double normal_quantile(double p) {
  static constexpr double a[8] = {
      3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
      4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[8] = {1.0,
                                  4.2313330701600911252e+1,
                                  6.8718700749205790830e+2,
                                  5.3941960214247511077e+3,
                                  2.1213794301586595867e+4,
                                  3.9307895800092710610e+4,
                                  2.8729085735721942674e+4,
                                  5.2264952788528545610e+3};
  static constexpr double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                  5.76949722146069140550e0,  3.64784832476320460504e0,
                                  1.27045825245236838258e0,  2.41780725177450611770e-1,
                                  2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[8] = {1.0,
                                  2.05319162663775882187e0,
                                  1.67638483018380384940e0,
                                  6.89767334985100004550e-1,
                                  1.48103976427480074590e-1,
                                  1.51986665636164571966e-2,
                                  5.47593808499534494600e-4,
                                  1.05075007164441684324e-9};
  static constexpr double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                  1.78482653991729133580e0,  2.96560571828504891230e-1,
                                  2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                  2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[8] = {1.0,
                                  5.99832206555887937690e-1,
                                  1.36929880922735805310e-1,
                                  1.48753612908506148525e-2,
                                  7.86869131145613259100e-4,
                                  1.84631831751005468180e-5,
                                  1.42151175831644588870e-7,
                                  2.04426310338993978564e-15};
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double tail = std::sqrt(-log(q < 0 ? p : 1 - p));
  const double value = tail <= 5 ? polynomial(c, tail - 1.6) / polynomial(d, tail - 1.6)
                                 : polynomial(e, tail - 5) / polynomial(f, tail - 5);
  return q < 0 ? -value : value;
}

}  // namespace cidrplan::elementary
