#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "models/calico/labels.h"

namespace cidrplan::calico {

struct SelectorParse;

/// A condition on labels in Calico's selector language:
///
///     has(k)   k == 'v'   k != 'v'   k in {'v', …}   k not in {'v', …}
///     k contains 'v'   k starts with 'v'   k ends with 'v'   all()   global()   !x   x && y   x || y   (x)
///
/// `!=` and `not in` hold where the label is missing, the others do not. The empty text selects everything.
/// @source projectcalico/calico libcalico-go/lib/selector (tokenizer, parser)
class Selector {
 public:
  class Node;

  Selector() = default;
  static SelectorParse parse(std::string_view text);

  bool matches(const Labels& labels) const;
  /// True where every set of labels matches because the text is empty or `all()`.
  bool selects_all() const { return root_ == nullptr; }
  const std::string& text() const { return text_; }

 private:
  std::shared_ptr<const Node> root_;  // none: everything
  std::string text_;
};

struct SelectorParse {
  Selector selector;
  std::string error;         ///< empty on success
  std::size_t position = 0;  ///< byte of the text where the error was noticed
};

}  // namespace cidrplan::calico
