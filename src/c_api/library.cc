#include <cstdlib>

#include "base/json_writer.h"
#include "c_api/handles.h"
#include "client/operations.h"

const char* dbosc_version(void) noexcept { return DBOSC_VERSION; }

int dbosc_abi_version(void) noexcept { return 0; }

char* dbosc_describe(void) noexcept {
  try {
    dbosc::JsonWriter out;
    dbosc::client::describe_api(out);
    return out.release();
  } catch (...) {
    return nullptr;
  }
}

void dbosc_string_free(char* string) noexcept { std::free(string); }
