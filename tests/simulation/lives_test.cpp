#include "planner/simulation/ensemble.h"
#include "tests/simulation/setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;

TEST_CASE("the first sample is the start, when the first nodes have settled") {
  Setting setting;
  setting.scenario.horizon = SimTime{} + hour * 2;
  setting.scenario.sample = {0, hour};
  setting.scenario.policy.max_wait = Duration::minutes(7);
  const Run run = setting.run();
  REQUIRE(run.samples.size() == 3);  // 0:07, 1:00, the end
  CHECK(run.start.at == SimTime{} + Duration::minutes(7));
  CHECK(run.samples[0].at == run.start.at);
  CHECK(run.samples[0].pods_with_address == run.start.pods_with_address);
  CHECK(run.samples[1].at == SimTime{} + hour);
}

TEST_CASE("the same life twice gives the same trajectory, another life another one") {
  Setting setting(60);
  setting.web().lifetime = {Distribution::Kind::log_normal, hour, 1.2, {}};
  setting.web().pods = GrowthCurve::constant(15);
  setting.scenario.horizon = SimTime{} + day * 5;
  const auto digest = setting.run().fingerprint.to_string();
  CHECK(setting.run().fingerprint.to_string() == digest);
  CHECK(setting.run(1).fingerprint.to_string() != digest);
}

TEST_CASE("designs live the same life: draws do not depend on the design") {
  Setting roomy(1000), other(500);
  for (auto* setting : {&roomy, &other}) {
    setting->web().lifetime = {Distribution::Kind::exponential, hour, 1, {}};
    setting->scenario.horizon = SimTime{} + day * 5;
  }
  CHECK(roomy.run().pods_started == other.run().pods_started);
}

TEST_CASE("an ensemble shows its lower median and nearest ranks") {
  Setting setting;
  setting.scenario.horizon = SimTime{} + day * 100;
  setting.scenario.policy.failure_probability = 0.5;
  std::vector<Run> runs(4);
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].life = static_cast<std::int64_t>(i);
  runs[0].first_refusal = FirstRefusal{SimTime{} + day * 30, Cause::max_pods, {}, {}};
  runs[2].first_refusal = FirstRefusal{SimTime{} + day * 10, Cause::max_pods, {}, {}};
  const auto ensemble = conclude(runs, setting.scenario);
  // In order: day 10 (life 2), day 30 (life 0), horizon (1), horizon (3). Lower median: the second.
  CHECK(ensemble.shown == 0);
  CHECK(ensemble.refused_lives == 2);
  CHECK(ensemble.p5 == SimTime{} + day * 10);   // rank ceil(0.2) = 1
  CHECK(ensemble.p50 == SimTime{} + day * 30);  // rank 2
  CHECK_FALSE(ensemble.p95);                    // rank 4
  CHECK(ensemble.fits);                         // 2 of 4 hold, at least 1 - 0.5
}

TEST_CASE("where the samples of many lives would take much memory, only the shown life's are kept") {
  Setting setting(100);
  setting.scenario.horizon = SimTime{} + day * 5;
  setting.scenario.sample = {0, Duration::minutes(6)};
  setting.scenario.lives = 85;  // 1,201 samples of a row each: 49,241 in 41 lives, 50,442 in 42
  const auto ensemble = simulate_lives(setting.scenario, setting.scenario.designs[0]);
  REQUIRE(ensemble.runs.size() == 85);
  CHECK(ensemble.runs[40].samples.size() == 1201);
  CHECK(ensemble.runs[41].samples.empty());
  CHECK(ensemble.shown == 42);  // all are alike
  CHECK(ensemble.life().samples.size() == 1201);
  CHECK(ensemble.life().life == 42);
}
