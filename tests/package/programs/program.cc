// A C++17 program of somebody else's; the same story as program.c through dbosc.hpp.
#include <dbosc/dbosc.hpp>
#include <iostream>
#include <string>

static void expect(const std::string& reply, const std::string& part) {
  if (reply.find(part) == std::string::npos) throw std::string("no " + part + " in " + reply);
}

int main(int argc, char** argv) {
  if (argc != 2 || dbosc_version() != std::string(DBOSC_VERSION)) return 2;
  try {
    dbosc::Client client(R"({"lazy": true, "system_database_url": ")" + std::string(argv[1]) +
                         "\"}");
    expect(client.create_system_database(), "\"created\":true");
    auto workflow = dbosc::Workflow::enqueue(
        client, R"({"workflow_name": "w", "queue_name": "q", "workflow_id": "id-1", "args": [1]})");
    expect(client.list_workflows(), "\"" + workflow.id() + "\"");
    auto transaction = dbosc::Transaction::begin(client);
    transaction.call("enqueue", R"({"workflow_name": "w", "queue_name": "q"})");
    expect(transaction.execute("SELECT count(*) AS n FROM workflow_status"), R"("rows":[[2]])");
    transaction.rollback();
    expect(client.count_workflows(), "\"count\":1");
  } catch (const dbosc::Error& error) {
    std::cerr << error.json() << '\n';
    return 1;
  } catch (const std::string& message) {
    std::cerr << message << '\n';
    return 1;
  }
  std::cout << "the C++ program is done\n";
}
