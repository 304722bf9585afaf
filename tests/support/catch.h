#pragma once

// Catch2 2.13 and 3 behind one include.
#ifdef CIDRPLAN_CATCH2_V3
#include <catch2/catch_all.hpp>
using Catch::Approx;  // global in Catch2 2
#else
#include <catch2/catch.hpp>
#endif
