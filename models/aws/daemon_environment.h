#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "models/aws/pool_rules.h"
#include "models/recording_replayer.h"

namespace cidrplan::aws {

/// The environment of a recorded daemon, read as the daemon reads it: a value that cannot be read counts as
/// not given.
/// @source aws/amazon-vpc-cni-k8s README.md, pkg/ipamd/ipamd.go, pkg/ipamd/datastore/data_store.go, utils
class DaemonEnvironment {
 public:
  /// @param settings  variables with their values, all texts
  /// @throws ReplayInputError  no text, no variable of the VPC CNI, or a way to run that is not replayed
  explicit DaemonEnvironment(const Json& settings);

  Settings settings() const;
  bool manages_untagged() const { return flag("MANAGE_UNTAGGED_ENI", true); }
  /// It asks instance metadata alone, which knows no tags and neither trunk nor EFA.
  bool metadata_only() const { return flag("ENABLE_IMDS_ONLY_MODE", false); }
  std::string cluster() const;

 private:
  const std::string* find(const std::string& variable) const;
  bool flag(const std::string& variable, bool otherwise) const;
  std::optional<std::int64_t> number(const std::string& variable) const;
  std::int64_t target(const std::string& variable, std::int64_t otherwise) const;
  Duration cooldown() const;
  void refuse_what_is_not_replayed() const;

  std::map<std::string, std::string> values_;
};

}  // namespace cidrplan::aws
