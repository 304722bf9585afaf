#include "models/aws/node_mode.h"

#include "models/aws/ipv6_node.h"
#include "models/aws/linux_mode.h"
#include "models/aws/windows_mode.h"

namespace cidrplan::aws {

std::unique_ptr<NodeMode> make_node_mode(const VpcCniOptions& options, const NodeShape& shape) {
  if (shape.os == Os::windows) return std::make_unique<WindowsMode>(options.windows, shape);
  if (options.ipv6) return std::make_unique<Ipv6Mode>(options, shape);
  return std::make_unique<LinuxMode>(options, shape);
}

}  // namespace cidrplan::aws
