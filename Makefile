# make test   installs what it needs, then runs everything: Go, TypeScript, browser, both databases
# make demo   starts the platform with its official cases
# make web    rebuilds the browser bundles in web/dist
# make examples   rebuilds examples/taro-shop/dist with the real Taro CLI
# make generate   regenerates the query code from SQL
# make bench  runs the benchmarks side by side with their peers

GO ?= go
LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
SQLC := github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
BIN  := $(CURDIR)/.bin
NPM_CI := npm ci --no-audit --no-fund --loglevel=error
SHELL := /bin/bash

.PHONY: test tools demo web examples generate bench system npm lint check-web test-go test-web clean

test:
	@$(MAKE) --no-print-directory -j3 tools
	@$(MAKE) --no-print-directory lint check-web test-web test-go
	@echo "all tests passed"

# Three downloads that wait for different things.
tools: system npm $(BIN)/golangci-lint

demo:
	$(GO) run ./cmd/minimart demo

# What the system's package manager provides: Chromium, PostgreSQL, fonts.
system:
	@./.ci/system

npm: web/node_modules/.installed examples/taro-shop/node_modules/.installed

%/node_modules/.installed: %/package-lock.json
	@if ! command -v npm >/dev/null; then \
	  echo "npm is missing: install Node.js 20 to check the browser code and rebuild examples/taro-shop" >&2; \
	  test "$(CI)" != true; exit; fi; \
	cd $* && $(NPM_CI) && touch node_modules/.installed

$(BIN)/golangci-lint:
	GOBIN=$(BIN) $(GO) install $(LINT)

# go vet and gofmt are part of it.
lint: $(BIN)/golangci-lint
	$(BIN)/golangci-lint run ./...

$(BIN)/sqlc:
	GOBIN=$(BIN) CGO_ENABLED=0 $(GO) install $(SQLC)

generate: $(BIN)/sqlc
	$(BIN)/sqlc generate

web: web/node_modules/.installed
	$(GO) run ./web/build

# The committed bundles are what a fresh build makes, byte for byte, and within their size budgets.
check-web: npm
	@if [ -d web/node_modules ]; then $(GO) run ./web/build -check; else echo "skipped: bundles are not compared, web/node_modules is missing"; test "$(CI)" != true; fi

test-web: npm
	@if [ -d web/node_modules ]; then cd web && npm run --silent check && npm run --silent test; else echo "skipped: TypeScript is not checked, web/node_modules is missing"; test "$(CI)" != true; fi

test-go:
	$(GO) test -timeout 15m ./...

examples: examples/taro-shop/node_modules/.installed
	examples/taro-shop/build.sh

bench:
	$(GO) run ./bench/groupcommit
	cd bench/rows && $(NPM_CI)
	$(GO) run ./bench/rows
	$(GO) run ./bench/compile
	$(GO) run ./bench/gateway

clean:
	rm -rf .bin web/node_modules examples/taro-shop/node_modules bench/rows/node_modules
