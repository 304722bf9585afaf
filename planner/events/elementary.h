#pragma once

namespace cidrplan {

/// Elementary functions built from + − × ÷ and sqrt alone, so that every machine gives the same bits
/// (the C library's differ in the last places). Relative error below 1e-14 on the ranges used.
namespace elementary {

/// Natural logarithm. @pre x > 0 and finite
double log(double x);
/// e^x; 0 below -745, the largest finite double above 709.
double exp(double x);
/// base^exponent. @pre base > 0
double pow(double base, double exponent);
/// Inverse of the standard normal distribution function. @pre 0 < p < 1
double normal_quantile(double p);

}  // namespace elementary
}  // namespace cidrplan
