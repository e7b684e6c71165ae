#include "c_api/handles.h"

dbosc_cancel* dbosc_cancel_new(void) noexcept {
  try {
    return new dbosc_cancel;
  } catch (...) {
    return nullptr;
  }
}

void dbosc_cancel_trigger(dbosc_cancel* cancel) noexcept {
  if (cancel) cancel->cancel->trigger();
}

void dbosc_cancel_free(dbosc_cancel* cancel) noexcept { delete cancel; }
