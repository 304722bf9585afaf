#include "models/calico/show_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <vector>

#include "models/calico/affinity_name.h"
#include "models/calico/utilization.h"

namespace cidrplan::calico {
namespace {

using Row = std::vector<std::string>;

/// Which library draws the table: the one up to P32 centres headings and turns cells that are plain numbers
/// to the right, the one of P33 aligns whole columns.
enum class Layout : std::uint8_t { centred, columns };

bool is_plain_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

class Table {
 public:
  /// @param right  from this column on, cells are turned to the right (P33)
  Table(Layout layout, Row headings, std::size_t right)
      : layout_(layout), right_(right), headings_(std::move(headings)) {
    for (const auto& heading : headings_) widths_.push_back(width_of(heading));
  }

  void add(Row row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], width_of(row[i]));
    rows_.push_back(std::move(row));
  }

  std::string text() const {
    const auto rule = line_of([&](std::size_t i) { return std::string(widths_[i] + 2, '-'); }, '+');
    auto text = rule + line_of([&](std::size_t i) { return ' ' + heading(i) + ' '; }, '|') + rule;
    for (const auto& row : rows_)
      text += line_of([&](std::size_t i) { return ' ' + cell(row, i) + ' '; }, '|');
    // Without rows the line below the heading is the last one from P33 on, and comes twice before.
    return rows_.empty() && layout_ == Layout::columns ? text : text + rule;
  }

 private:
  /// Code points; continuation bytes do not count.
  static std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
  }
  static std::string blanks(std::size_t count) { return std::string(count, ' '); }

  template <typename Part>
  std::string line_of(Part part, char border) const {
    std::string line(1, border);
    for (std::size_t i = 0; i < widths_.size(); ++i) line += part(i) + border;
    return line + '\n';
  }
  std::string heading(std::size_t column) const {
    const auto gap = widths_[column] - width_of(headings_[column]);
    const auto left = layout_ == Layout::centred ? gap / 2 : 0;
    return blanks(left) + headings_[column] + blanks(gap - left);
  }
  std::string cell(const Row& row, std::size_t column) const {
    const auto gap = blanks(widths_[column] - width_of(row[column]));
    const bool to_the_right = layout_ == Layout::centred ? is_plain_number(row[column]) : column >= right_;
    return to_the_right ? gap + row[column] : row[column] + gap;
  }

  Layout layout_;
  std::size_t right_;
  Row headings_;
  std::vector<std::size_t> widths_;
  std::vector<Row> rows_;
};

Layout layout_of(const Datastore& data) { return data.is_p33() ? Layout::columns : Layout::centred; }

/// 11 (9%): five digits, whole percent.
std::string share(double count, double of) {
  return fmt::format("{:.5g} ({:.0f}%)", count, 100 * count / of);
}

Row row_up_to_p32(const char* kind, const Prefix& cidr, double capacity, double in_use) {
  return {kind, cidr.to_string(), fmt::format("{:.5g}", capacity), share(in_use, capacity),
          share(capacity - in_use, capacity)};
}

Row row_of_p33(const char* kind, const Prefix& cidr, const std::array<std::int64_t, 4>& counts) {
  const auto [capacity, in_use, reserved, available] = counts;
  const auto all = static_cast<double>(capacity);
  return {kind,
          cidr.to_string(),
          fmt::format("{:.5g}", all),
          share(static_cast<double>(in_use), all),
          share(static_cast<double>(reserved), all),
          share(static_cast<double>(available), all)};
}

Row pool_row(const Datastore& data, const PoolUse& use) {
  if (data.is_p33())
    return row_of_p33("IP Pool", use.cidr, {use.capacity, use.in_use, use.reserved, use.available});
  double in_use = 0;
  for (const auto& block : use.blocks) in_use += static_cast<double>(block.in_use);
  return row_up_to_p32("IP Pool", use.cidr, std::ldexp(1.0, use.cidr.host_bits()), in_use);
}

Row block_row(const Datastore& data, const BlockUse& use) {
  const auto cidr = data.store[use.block].cidr();
  if (data.is_p33())
    return row_of_p33("Block", cidr, {use.capacity, use.in_use, use.reserved, use.available});
  return row_up_to_p32("Block", cidr, static_cast<double>(use.capacity), static_cast<double>(use.in_use));
}

std::string type_of(OwnerKind kind) {
  switch (kind) {
    case OwnerKind::pod:
      return "pod";
    case OwnerKind::ipip_tunnel:
      return "ipipTunnelAddress";
    case OwnerKind::vxlan_tunnel:
      return "vxlanTunnelAddress";
    case OwnerKind::vxlan_v6_tunnel:
      return "vxlanV6TunnelAddress";
    case OwnerKind::wireguard_tunnel:
      return "wireguardTunnelAddress";
    case OwnerKind::wireguard_v6_tunnel:
      return "wireguardV6TunnelAddress";
    case OwnerKind::none:
    case OwnerKind::windows_reserved:
    case OwnerKind::cooling:
      break;
  }
  return {};
}

}  // namespace

std::string show_blocks(const Datastore& data) {
  const Row five{"GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS FREE"};
  const Row six{"GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS RESERVED", "IPS FREE"};
  Table table(layout_of(data), data.is_p33() ? six : five, 2);
  for (const auto& use : utilization(data)) {
    // Of a prefix without length too, and so of the orphans, there is no row.
    if (use.cidr.length() > 0) table.add(pool_row(data, use));
    for (const auto& block : use.blocks) table.add(block_row(data, block));
  }
  return table.text();
}

std::string show_borrowed(const Datastore& data, const HandleNames& names) {
  const Row headings{"IP", "BORROWING-NODE", "BLOCK", "BLOCK OWNER", "TYPE", "ALLOCATED-TO"};
  Table table(layout_of(data), headings, headings.size());
  std::size_t unclassified = 0;
  for (const auto id : listed_blocks(data)) {
    const auto& block = data.store[id];
    const auto owner = block.has_owner() ? data.hosts[block.owner()].name : std::string{};
    for (std::uint32_t i = 0; i < block.size(); ++i) {
      const auto ordinal = static_cast<Ordinal>(i);
      const auto* entry = data.store.allocation_of(id, ordinal);
      if (entry == nullptr) continue;
      if (entry->node == no_host) {
        ++unclassified;
        continue;
      }
      const auto& node = data.hosts[entry->node].name;
      if (node == owner) continue;
      const bool pod = entry->kind() == OwnerKind::pod;
      const auto pod_name = pod ? names.name(static_cast<HandleId>(entry->subject)) : std::string_view{};
      table.add({block.address(ordinal).to_string(), node, block.cidr().to_string(), owner,
                 type_of(entry->kind()), pod ? fmt::format("default/{}", pod_name) : std::string{}});
    }
  }
  auto text = table.text();
  if (unclassified > 0)
    text += fmt::format(
        "\nNote: found {} IP allocations without an explicit node association. Unable to determine if they "
        "are "
        "borrowed.\n",
        unclassified);
  return text;
}

}  // namespace cidrplan::calico
