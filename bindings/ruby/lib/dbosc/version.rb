# frozen_string_literal: true

module DBOSC
  # The gem's; the library's own is DBOSC.library_version.
  VERSION = "0.1.0"

  # The version of libdbosc that is loaded, e.g. "0.1.0".
  def self.library_version
    Raw.version
  end
end
