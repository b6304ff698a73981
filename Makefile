# Everything one does with Heddle, one target each: `make help` lists them. Needs JDK 25, Maven 3.8 or newer, and make.
# What is up to date is not built again: make compares files, and a deleted file counts through its folder.

MAVEN := scripts/mvn.sh -B -ntp -Dstyle.color=never
CACHE := $(or $(HEDDLE_CACHE),$(HOME)/.cache/heddle)

MAIN := $(shell find src/main)
TESTS := $(shell find src/test/java src/test/resources 2>/dev/null)

JAR := target/heddle-runner.jar
TEST_CLASSES := target/test-classes/.compiled
CLASSPATH := target/test.classpath
DYNAMODB := target/dynamodb-local.classpath
BENCH := target/bench.classpath
LANGGRAPH := $(CACHE)/langgraph/.installed
SEEDS ?= 10000
NATIVE := target/native/heddle-runner
OLLAMA := target/ollama/ollama

# Test classes run by hand, as `make run` and `make bench-start` do.
JAVA_RUN = home="$$(scripts/java-home.sh)" && exec "$$home/bin/java" --enable-native-access=ALL-UNNAMED -cp "target/test-classes:target/classes:$$(cat target/test.classpath)"

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help run test build native native-test ollama differential bench bench-start soak format clean

help: ## list the targets (this)
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "make %-13s %s\n", $$1, $$2 }'

run: $(JAR) $(TEST_CLASSES) $(CLASSPATH) $(DYNAMODB) ## serve on http://localhost:8080 (PORT changes it); Ctrl-C ends it
	@$(JAVA_RUN) dev.heddle.local.LocalRun

test: $(DYNAMODB) ## the whole suite, and one line for each thing it skipped; REQUIRE_OLLAMA=true and its like forbid a skip
	@scripts/test.sh

build: $(JAR) ## the function as a jar: target/heddle-runner.jar

native: $(NATIVE) ## the function as an executable: target/native/heddle-runner; needs GRAALVM_HOME
	@ls -l $(NATIVE)

native-test: $(NATIVE) $(TEST_CLASSES) $(DYNAMODB) ## the end-to-end suite against the native executable
	@scripts/native-test.sh $(NATIVE)

ollama: $(OLLAMA) ## a real Ollama server for the tests, built with Go once and kept in ~/.cache/heddle (or HEDDLE_CACHE)

differential: $(TEST_CLASSES) $(CLASSPATH) $(LANGGRAPH) ## SEEDS=10000 random graphs in LangGraph and in the engine, which must do the same; needs python3
	@{ (cd src/test/python && "$(dir $(LANGGRAPH))bin/python" -m differential record $(or $(FROM),1) $(SEEDS)) || echo "LangGraph failed"; } \
	    | { $(JAVA_RUN) dev.heddle.differential.Differential; }

bench: $(JAR) $(BENCH) ## the engine against LangGraph for Python and langgraph4j, one table; 15 minutes, BENCH_QUICK=true shows that it works
	@HEDDLE_CACHE="$(CACHE)" scripts/bench.sh suite

soak: $(JAR) $(BENCH) ## 1,000,000 supersteps in one process, three times, and the live heap along the way; 1,000 orders of parallel tasks
	@scripts/bench.sh soak
	@$(MAVEN) -q test -Dtest=DeterminismTest -Dheddle.permutations=1000

bench-start: $(JAR) $(TEST_CLASSES) $(CLASSPATH) ## process start to first /next, and memory: jar, and native where it was built
	@echo "jar:"; $(JAVA_RUN) dev.heddle.local.BenchStart 5 jvm
	@if $(MAKE) -q $(NATIVE) >/dev/null 2>&1; then echo "native:"; $(JAVA_RUN) dev.heddle.local.BenchStart 20 $(NATIVE); \
	    else echo "skipped: native executable: not built or older than the sources, 'make native' builds it"; fi

format: ## format the Java sources
	@$(MAVEN) -q spotless:apply

clean: ## remove what was built; conversations in .heddle/ stay
	@rm -rf target

# Packaging compiles the test classes too and writes target/test.classpath, so a fresh clone starts Maven once.
$(JAR): $(MAIN) pom.xml
	@echo "building $@ (the first time downloads the dependencies: a few minutes)"
	@$(MAVEN) -q package -DskipTests
	@touch $@

$(TEST_CLASSES): $(JAR) $(TESTS)
	@if [ -n "$$(find src/test/java src/test/resources -newer $(JAR) 2>/dev/null)" ] || [ ! -d target/test-classes ]; then \
	    echo "compiling the test classes"; $(MAVEN) -q test-compile; fi
	@mkdir -p $(@D) && touch $@

# Every build writes it; this is for when it was lost.
$(CLASSPATH): | $(JAR)
	@$(MAVEN) -q process-test-resources

$(DYNAMODB): src/test/dynamodb-local/pom.xml
	@echo "fetching DynamoDB Local"
	@mkdir -p target
	@$(MAVEN) -q -f $< dependency:build-classpath -Dmdep.outputFile="$(CURDIR)/$@" -Dmdep.regenerateFile=true
	@touch $@

$(LANGGRAPH): src/test/python/differential/requirements.txt
	@echo "installing LangGraph for Python into $(@D)"
	@python3 -m venv "$(@D)" && "$(@D)/bin/pip" install -q -r $< && touch $@

$(BENCH): src/bench/pom.xml
	@echo "fetching the benchmark's tools and peers"
	@mkdir -p target
	@$(MAVEN) -q -f $< dependency:build-classpath -Dmdep.outputFile="$(CURDIR)/$@" -Dmdep.regenerateFile=true
	@touch $@

$(NATIVE): $(MAIN) pom.xml
	@if [ ! -x "$$GRAALVM_HOME/bin/native-image" ]; then \
	    echo "GRAALVM_HOME must name a GraalVM or Mandrel for JDK 25 (with bin/native-image); got '$$GRAALVM_HOME'. https://github.com/graalvm/mandrel/releases has one." >&2; exit 1; fi
	@echo "building $@ (two to four minutes)"
	@$(MAVEN) -q package -Dnative
	@touch $@

$(OLLAMA):
	@HEDDLE_CACHE="$(CACHE)/ollama" src/test/ollama/get-ollama.sh "$(@D)"
