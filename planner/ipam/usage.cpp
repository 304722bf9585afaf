#include "planner/ipam/usage.h"

namespace cidrplan {

std::string_view to_string(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::subnet:
      return "subnet";
    case PlaceKind::pool:
      return "pool";
    case PlaceKind::node_range:
      return "node-range";
    case PlaceKind::node:
      return "node";
    case PlaceKind::node_group:
      return "node-group";
    case PlaceKind::vpc:
      return "vpc";
  }
  return "vpc";
}

Usage& Usage::operator+=(const Usage& other) {
  capacity += other.capacity;
  in_use += other.in_use;
  overhead += other.overhead;
  idle += other.idle;
  cooling += other.cooling;
  unusable += other.unusable;
  available += other.available;
  return *this;
}

}  // namespace cidrplan
