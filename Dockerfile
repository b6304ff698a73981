# syntax=docker/dockerfile:1
# First version; not yet run on AWS (SBOM, `jvm` target, size report). Not yet built with a real builder image.
#
#   docker build --provenance=false --sbom=false -t heddle .                              builds the executable here
#   docker build --provenance=false --sbom=false -t heddle --build-arg EXECUTABLE=given . takes target/native/heddle-runner
#
# Lambda wants plain single-architecture manifests, hence the two switches. Build on the architecture that will run it.

# Where the executable comes from: "built" or "given".
ARG EXECUTABLE=built
ARG MANDREL_IMAGE=quay.io/quarkus/ubi9-quarkus-mandrel-builder-image:jdk-25
ARG MAVEN_IMAGE=docker.io/library/maven:3.9-eclipse-temurin-25
ARG GO_IMAGE=docker.io/library/golang:1.26
ARG BASE_IMAGE=public.ecr.aws/lambda/provided:al2023

FROM ${MAVEN_IMAGE} AS maven

FROM ${MANDREL_IMAGE} AS executable-built
USER root
COPY --from=maven /usr/share/maven /usr/share/maven
ENV MVN=/usr/share/maven/bin/mvn
WORKDIR /build
COPY .mvn .mvn
COPY scripts scripts
COPY pom.xml LICENSE ./
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    GRAALVM_HOME="${GRAALVM_HOME:-$JAVA_HOME}" scripts/mvn.sh -B -ntp package -Dnative \
    && cp target/native/heddle-runner /heddle

FROM scratch AS executable-given
COPY target/native/heddle-runner /heddle

FROM executable-${EXECUTABLE} AS executable

# The smallest tailscaled that joins by auth key, OAuth secret or workload identity and can rebind after a thaw. The Go
# module's checksum is verified against the checksum database. One binary under two names.
FROM ${GO_IMAGE} AS tailscale
ARG TAILSCALE_VERSION=1.102.5
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-mod=mod
WORKDIR /src
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod \
    go mod init sidecar \
    && go get "tailscale.com@v${TAILSCALE_VERSION}" \
    && tags="$(go run tailscale.com/cmd/featuretags --min \
        --add=cli,netstack,outboundproxy,peerapiclient,dns,health,debug,ipnbus,identityfederation,oauthkey \
        | sed 's/ts_omit_unixsocketidentity,//')" \
    && go build -trimpath -tags "$tags" -o /tailscaled \
        -ldflags "-s -w -X tailscale.com/version.longStamp=${TAILSCALE_VERSION} -X tailscale.com/version.shortStamp=${TAILSCALE_VERSION}" \
        tailscale.com/cmd/tailscaled \
    && mkdir /out && mv /tailscaled /out/ && ln -s tailscaled /out/tailscale

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="heddle" \
      org.opencontainers.image.description="Durable agent graphs on AWS Lambda" \
      org.opencontainers.image.licenses="Apache-2.0"
# A folder, because a link that is named itself would be followed and copied.
COPY --from=tailscale /out/ /usr/local/bin/
COPY LICENSE /opt/heddle/LICENSE
COPY --chmod=755 entrypoint.sh /opt/heddle/entrypoint.sh
COPY --from=executable --chmod=755 /heddle /opt/heddle/heddle
# Lambda supplies a user of its own; this one counts elsewhere.
USER 1000
ENTRYPOINT ["/opt/heddle/entrypoint.sh"]
