#include "models/calico/labels.h"

namespace cidrplan::calico {

LabelsId LabelSets::intern(const Labels& labels) {
  const auto [at, added] = ids_.try_emplace(labels, static_cast<LabelsId>(sets_.size()));
  if (added) sets_.push_back(&at->first);
  return at->second;
}

}  // namespace cidrplan::calico
