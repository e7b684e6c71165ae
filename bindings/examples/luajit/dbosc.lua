-- libdbosc from LuaJIT by FFI: copy this file into your program. JSON is cjson's.
--
--   local dbosc = require "dbosc"
--   local client = dbosc.open { system_database_url = url }
--   local started = client:call("enqueue", { workflow_name = "greet", queue_name = "q", args = { "Ada" } })
--   print(client:call("get_result", { workflow_id = started.workflow_id }).result)
--   client:close()
--
-- Operations and their keys: docs/reference.md. What fails is raised as a table with status, kind, message, details.

local ffi = require "ffi"
local cjson = require "cjson.safe"

ffi.cdef [[
typedef struct dbosc_client dbosc_client;
typedef struct dbosc_cancel dbosc_cancel;
typedef struct dbosc_error dbosc_error;
typedef struct dbosc_completions dbosc_completions;
typedef struct dbosc_completion dbosc_completion;
typedef struct dbosc_transaction dbosc_transaction;
int dbosc_client_open(const char *, dbosc_cancel *, dbosc_client **, dbosc_error **);
int dbosc_client_call(dbosc_client *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_client_submit(dbosc_client *, const char *, const char *, dbosc_cancel *, dbosc_completions *, int64_t,
                        dbosc_error **);
int dbosc_client_shutdown(dbosc_client *, int64_t, dbosc_error **);
void dbosc_client_free(dbosc_client *);
int dbosc_completions_new(int64_t, dbosc_completions **, dbosc_error **);
int dbosc_completions_next(dbosc_completions *, int64_t, dbosc_completion **);
void dbosc_completions_free(dbosc_completions *);
int64_t dbosc_completion_tag(const dbosc_completion *);
const char *dbosc_completion_reply(const dbosc_completion *);
const dbosc_error *dbosc_completion_error(const dbosc_completion *);
void dbosc_completion_free(dbosc_completion *);
int dbosc_transaction_begin(dbosc_client *, const char *, dbosc_cancel *, dbosc_transaction **, dbosc_error **);
int dbosc_transaction_call(dbosc_transaction *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_transaction_execute(dbosc_transaction *, const char *, const char *, dbosc_cancel *, char **, dbosc_error **);
int dbosc_transaction_commit(dbosc_transaction *, dbosc_cancel *, dbosc_error **);
int dbosc_transaction_rollback(dbosc_transaction *, dbosc_cancel *, dbosc_error **);
void dbosc_transaction_free(dbosc_transaction *);
dbosc_cancel *dbosc_cancel_new(void);
void dbosc_cancel_trigger(dbosc_cancel *);
void dbosc_cancel_free(dbosc_cancel *);
void dbosc_string_free(char *);
const char *dbosc_error_json(const dbosc_error *);
void dbosc_error_free(dbosc_error *);
]]

-- The library that DBOSC_LIBRARY names, or the system's.
local c = ffi.load(os.getenv "DBOSC_LIBRARY" or "libdbosc.so.0")

local M = {}

-- An error as its own JSON tells it; `text` is that.
local Error = {}
Error.__index = Error
function Error:__tostring() return self.message end

local function failure(text)
  local details = cjson.decode(text)
  return setmetatable({
    text = text, details = details, status = details.status, kind = details.kind, message = details.message,
    workflow_error = details.workflow_error,
  }, Error)
end

function M.is_error(value) return getmetatable(value) == Error end

local function check(call)
  local error_out = ffi.new "dbosc_error *[1]"
  if call(error_out) == 0 then return end
  local text = ffi.string(c.dbosc_error_json(error_out[0]))
  c.dbosc_error_free(error_out[0])
  error(failure(text), 0)
end

local function take(call)
  local reply = ffi.new "char *[1]"
  check(function(error_out) return call(reply, error_out) end)
  local text = ffi.string(reply[0])
  c.dbosc_string_free(reply[0])
  return text
end

-- A handle that is freed with the value.
local function handle(type, free, make)
  local out = ffi.new(type .. " *[1]")
  check(function(error_out) return make(out, error_out) end)
  return ffi.gc(out[0], free)
end

local function encode(request)
  local text = assert(cjson.encode(request or {}))
  return text == "[]" and "{}" or text
end

local Client = {}
Client.__index = Client

-- Connections to one system database.
function M.open(config)
  local client = handle("dbosc_client", c.dbosc_client_free, function(out, error_out)
    return c.dbosc_client_open(encode(config), nil, out, error_out)
  end)
  local completions = handle("dbosc_completions", c.dbosc_completions_free, function(out, error_out)
    return c.dbosc_completions_new(0, out, error_out)
  end)
  return setmetatable({ handle = client, completions = completions, submitted = {}, last_tag = 0 }, Client)
end

-- Any operation by its name; blocks until its deadline (timeout_ms) at most. A number past 2^53 is rounded by cjson:
-- call_text keeps it.
function Client:call(operation, request)
  return cjson.decode(self:call_text(operation, encode(request)))
end

function Client:call_text(operation, request)
  return take(function(reply, error_out)
    return c.dbosc_client_call(self.handle, operation, request, nil, reply, error_out)
  end)
end

-- Starts any operation; its reply is asked for with await.
function Client:submit(operation, request)
  return self:submit_text(operation, encode(request))
end

function Client:submit_text(operation, request)
  local call = { cancel = ffi.gc(c.dbosc_cancel_new(), c.dbosc_cancel_free) }
  self.last_tag = self.last_tag + 1
  check(function(error_out)
    return c.dbosc_client_submit(self.handle, operation, request, call.cancel, self.completions, self.last_tag,
                                 error_out)
  end)
  self.submitted[self.last_tag] = call
  return call
end

function M.cancel(call) c.dbosc_cancel_trigger(call.cancel) end

-- Whether something ended within the time, which is noted where it belongs.
local function take_one(self, timeout_ms)
  local out = ffi.new "dbosc_completion *[1]"
  if c.dbosc_completions_next(self.completions, timeout_ms, out) ~= 0 then return false end
  local tag = tonumber(c.dbosc_completion_tag(out[0]))
  local call, failed = self.submitted[tag], c.dbosc_completion_error(out[0])
  if failed ~= nil then
    call.failure = failure(ffi.string(c.dbosc_error_json(failed)))
  else
    call.reply = ffi.string(c.dbosc_completion_reply(out[0]))
  end
  self.submitted[tag] = nil
  c.dbosc_completion_free(out[0])
  return true
end

-- The reply of a submitted call as text; gives it up where nothing has ended for timeout_ms.
function Client:await(call, timeout_ms)
  while not call.reply and not call.failure do
    if not take_one(self, timeout_ms or -1) then
      M.cancel(call)
      timeout_ms = nil
    end
  end
  if call.failure then error(call.failure, 0) end
  return call.reply
end

-- Ends what is in flight, and refuses what comes; again does nothing.
function Client:close()
  check(function(error_out) return c.dbosc_client_shutdown(self.handle, -1, error_out) end)
end

local Transaction = {}
Transaction.__index = Transaction

-- Operations and statements that count together; rolled back where it is not committed.
function Client:begin()
  local transaction = handle("dbosc_transaction", c.dbosc_transaction_free, function(out, error_out)
    return c.dbosc_transaction_begin(self.handle, nil, nil, out, error_out)
  end)
  return setmetatable({ handle = transaction, client = self }, Transaction)
end

function Transaction:call(operation, request)
  return cjson.decode(self:call_text(operation, encode(request)))
end

function Transaction:call_text(operation, request)
  return take(function(reply, error_out)
    return c.dbosc_transaction_call(self.handle, operation, request, nil, reply, error_out)
  end)
end

function Transaction:execute_text(sql, params)
  return take(function(reply, error_out)
    return c.dbosc_transaction_execute(self.handle, sql, params, nil, reply, error_out)
  end)
end

-- The rows of a statement; params in the order of its parameters.
function Transaction:execute(sql, ...)
  return cjson.decode(self:execute_text(sql, select("#", ...) > 0 and cjson.encode { ... } or "[]"))
end

function Transaction:commit()
  check(function(error_out) return c.dbosc_transaction_commit(self.handle, nil, error_out) end)
end

function Transaction:rollback()
  check(function(error_out) return c.dbosc_transaction_rollback(self.handle, nil, error_out) end)
end

return M
