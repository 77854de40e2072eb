Gem::Specification.new do |s|
  s.name = "billing"
  s.version = "1.0.0"
  s.authors = ["A"]
  s.summary = "b"
end
