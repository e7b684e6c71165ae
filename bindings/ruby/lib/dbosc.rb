# frozen_string_literal: true

# A client for DBOS applications: DBOSC::Client.
module DBOSC
end

require_relative "dbosc/version"
require_relative "dbosc/json"
require_relative "dbosc/errors"
require_relative "dbosc/types"
require_relative "dbosc/objects"
require_relative "dbosc/generated/objects"
require_relative "dbosc/generated/operations"
require "dbosc/raw"
require_relative "dbosc/future"
require_relative "dbosc/waiting"
require_relative "dbosc/connection"
require_relative "dbosc/json_calls"
require_relative "dbosc/async"
require_relative "dbosc/transaction"
require_relative "dbosc/handle"
require_relative "dbosc/client"
require_relative "dbosc/log_line"
require_relative "dbosc/log"
