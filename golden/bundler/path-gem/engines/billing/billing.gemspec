$:.push File.expand_path("lib", __dir__)
require "billing/version"
Gem::Specification.new do |s|
  s.name = "billing"
  s.version = Billing::VERSION
  s.authors = ["A"]
  s.summary = "b"
  s.files = `git ls-files`.split("\n")
  s.add_dependency "rack"
end
