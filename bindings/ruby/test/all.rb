# frozen_string_literal: true

# Runs the suite: ruby -w test/all.rb [OPTION OF MINITEST...]
Dir[File.join(__dir__, "*_test.rb")].sort.each { |file| require file }
