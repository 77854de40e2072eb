require_relative "lib/shop/version"

Gem::Specification.new do |spec|
  spec.name = "shop"
  spec.version = Shop::VERSION
  spec.authors = ["A"]
  spec.summary = "A shop"
  spec.files = Dir["lib/**/*"]
  spec.bindir = "exe"
  spec.executables = ["shop"]
  spec.add_dependency "rack", "~> 3.0"
end
