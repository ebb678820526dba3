# docker buildx build --platform linux/amd64,linux/arm64 --tag bacalhau-preflight .
# docker run --rm -v "$PWD:/work:ro" bacalhau-preflight check .
ARG NODE=22-alpine

# Nothing of what is built depends on a platform, so it is built once, on the builder's own.
FROM --platform=$BUILDPLATFORM node:${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build -- --bundle-only && npm prune --omit=dev --ignore-scripts

FROM node:${NODE}
COPY --from=build /build/package.json /opt/bacalhau-preflight/
COPY --from=build /build/node_modules /opt/bacalhau-preflight/node_modules
COPY --from=build /build/dist /opt/bacalhau-preflight/dist
COPY --from=build /build/bin /opt/bacalhau-preflight/bin
RUN ln -s /opt/bacalhau-preflight/bin/run.js /usr/local/bin/bacalhau-preflight
# bacalhau-preflight ignore=dockerfile/non-root-user -- a tool for CI and terminals, not for jobs that collect results
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["bacalhau-preflight"]
CMD ["--help"]
