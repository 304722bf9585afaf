#pragma once

#include <map>
#include <string>
#include <string_view>

namespace cidrplan {

/// Labels of a Kubernetes object, which selectors look at.
using Labels = std::map<std::string, std::string, std::less<>>;

/// A name of at most 63 letters, digits, '-', '_' and '.', which begins and ends with a letter or digit;
/// before it, with a slash, a DNS name of at most 253 bytes may stand.
/// @source kubernetes/kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
/// (IsQualifiedName)
bool is_label_key(std::string_view text);
/// Empty, or as the name of a key (IsValidLabelValue).
bool is_label_value(std::string_view text);

/// Where pods are told apart by team or application.
struct Namespace {
  std::string name;
  Labels labels;  ///< with kubernetes.io/metadata.name, which Kubernetes adds itself
};

}  // namespace cidrplan
