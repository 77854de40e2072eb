go build -ldflags "-X main.version=$(git describe --always)" -o /app .
