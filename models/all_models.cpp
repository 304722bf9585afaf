#include "models/all_models.h"

#include <array>

#include "models/aws/instance_data.h"
#include "models/aws/vpc_cni_spec.h"
#include "models/calico/calico_spec.h"
#include "models/overlay/node_cidr_spec.h"

namespace cidrplan {

ModelList all_models() {
  static const std::array models{
      aws::vpc_cni_spec(),
      calico::calico_spec(),
      overlay::node_cidr_spec(),
  };
  return models;
}

const InstanceCatalog& all_instances() {
  static const InstanceCatalog catalog = aws::make_instance_catalog();
  return catalog;
}

}  // namespace cidrplan
