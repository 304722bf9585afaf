#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cidrplan::calico {

/// Writes a JSON object member by member, in canonical form: the caller names members in ascending order, and
/// empty ones are left out.
class AnswerText {
 public:
  /// Appends to `out`, which may hold something already.
  explicit AnswerText(std::string& out) : out_(out), begin_(out.size()) { out_ += '{'; }
  ~AnswerText() { out_ += '}'; }
  AnswerText(const AnswerText&) = delete;
  AnswerText& operator=(const AnswerText&) = delete;

  void text(std::string_view key, std::string_view value);
  void texts(std::string_view key, const std::vector<std::string>& values);
  void number(std::string_view key, std::int64_t value);
  /// Any JSON but an empty list.
  void raw(std::string_view key, std::string_view json);
  /// A list of what has to_string().
  template <typename Values>
  void list(std::string_view key, const Values& values) {
    if (values.empty()) return;
    begin_member(key);
    char before = '[';
    for (const auto& value : values) {
      out_ += before;
      out_ += '"';
      out_ += value.to_string();
      out_ += '"';
      before = ',';
    }
    out_ += ']';
  }

 private:
  void begin_member(std::string_view key);

  std::string& out_;
  std::size_t begin_;
};

}  // namespace cidrplan::calico
