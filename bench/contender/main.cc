// Contender: this library, through its C API. Interface: see ../README.md.

#include <map>

#include "harness.h"
#include "library.h"
#include "operations.h"

namespace {

const std::map<std::string, void (*)(), std::less<>> operations = {
    {"enqueue", contender::enqueue},
    {"bulk", contender::bulk},
    {"send", contender::send},
    {"sendbulk", contender::send_bulk},
    {"wait", contender::wait},
    {"waitall", contender::wait_for_first},
    {"event", contender::wait_for_event},
    {"stream", contender::stream},
    {"drain", contender::drain},
    {"status", contender::status},
    {"list", contender::list},
    {"cold", contender::cold},
    {"idle", contender::idle}};

}  // namespace

int main(int argc, char** argv) {
  contender::take_arguments(argc, argv);
  const auto operation = operations.find(contender::text("op"));
  if (operation == operations.end() || !contender::open_client()) {
    contender::Result().add("unsupported", 1).say();
    return 0;
  }
  operation->second();
  dbosc_client_free(contender::client);
}
