#include "models/calico/answer_text.h"

#include "models/calico/json_line.h"

namespace cidrplan::calico {

void AnswerText::begin_member(std::string_view key) {
  if (out_.size() > begin_ + 1) out_ += ',';
  out_ += '"';
  out_ += key;
  out_ += "\":";
}

void AnswerText::text(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  begin_member(key);
  append_quoted(out_, value);
}

void AnswerText::texts(std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  begin_member(key);
  char before = '[';
  for (const auto& value : values) {
    out_ += before;
    append_quoted(out_, value);
    before = ',';
  }
  out_ += ']';
}

void AnswerText::number(std::string_view key, std::int64_t value) {
  if (value != 0) raw(key, std::to_string(value));
}

void AnswerText::raw(std::string_view key, std::string_view json) {
  begin_member(key);
  out_ += json;
}

}  // namespace cidrplan::calico
