#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/ids.h"

namespace cidrplan::calico {

/// The labels of a node or a namespace.
class Labels {
 public:
  Labels() = default;
  explicit Labels(std::map<std::string, std::string, std::less<>> pairs) : pairs_(std::move(pairs)) {}

  /// None where there is no such label.
  const std::string* find(std::string_view key) const {
    const auto at = pairs_.find(key);
    return at != pairs_.end() ? &at->second : nullptr;
  }

  friend auto operator<=>(const Labels&, const Labels&) = default;

 private:
  std::map<std::string, std::string, std::less<>> pairs_;
};

/// Label sets by number, so that no text is compared while addresses are handed out.
class LabelSets {
 public:
  LabelSets() { intern({}); }

  LabelsId intern(const Labels& labels);
  const Labels& operator[](LabelsId id) const { return *sets_[slot_of(id)]; }

 private:
  std::map<Labels, LabelsId> ids_;
  std::vector<const Labels*> sets_;
};

}  // namespace cidrplan::calico
