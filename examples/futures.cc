// Calls as futures: many in flight, each awaited where its answer is needed.
//
//   futures URL   uses a system database, as in sqlite:////path/to/system.sqlite; makes it if
//                 missing

#include <unistd.h>

#include <dbosc/dbosc.hpp>
#include <iostream>
#include <vector>

namespace {

std::string id_of(int number) {
  return "futures-" + std::to_string(::getpid()) + "-" + std::to_string(number);
}

void run(dbosc::Client& client) {
  constexpr int kWorkflows = 100;
  dbosc::Futures futures(client);
  std::vector<std::future<std::string>> started, results;
  for (int i = 0; i < kWorkflows; ++i) {
    started.push_back(futures.submit(
        "enqueue", R"({"workflow_name": "example", "queue_name": "nobody", "workflow_id": ")" +
                       id_of(i) + R"("})"));
  }
  for (auto& future : started) future.get();
  for (int i = 0; i < kWorkflows; ++i) {
    results.push_back(futures.submit("get_result", R"({"workflow_id": ")" + id_of(i) + R"("})"));
  }
  for (int i = 0; i < kWorkflows; ++i) {
    client.cancel_workflows(R"({"workflow_ids": [")" + id_of(i) + R"("]})");
  }
  int ended = 0;
  for (auto& future : results) {
    try {
      future.get();
    } catch (const dbosc::Error& error) {
      if (error.code() != DBOSC_WORKFLOW_CANCELLED) throw;
      ++ended;
    }
  }
  std::cout << ended << " workflows have ended\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    dbosc::Client client(std::string(R"({"system_database_url": ")") + argv[1] +
                         R"(", "lazy": true})");
    try {
      client.create_system_database();
    } catch (const dbosc::Error& error) {
      if (error.code() != DBOSC_CONFLICT) throw;
    }
    run(client);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
