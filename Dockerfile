# The in-cluster job. Base images are arguments, so that it can be built where no public registry is
# reached, and pinned by digest: --build-arg RUNTIME_IMAGE=…@sha256:… The runtime image has its node
# where distroless has it: /nodejs/bin/node.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY jobs jobs
COPY src/names src/names
COPY src/plan src/plan
RUN npm run -s build

FROM ${RUNTIME_IMAGE}
COPY --from=build /src/build/restart.mjs /src/build/restart.job.mjs /app/
# One arena: the program is one thread, and glibc's others keep what they have been given (malloc(3)).
ENV MALLOC_ARENA_MAX=1
# `nonroot` of distroless; the CronJob says the same.
USER 65532:65532
ENTRYPOINT ["/nodejs/bin/node", "/app/restart.mjs"]
