group :test do
  gem "minitest"
end
