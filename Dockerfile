FROM node:24-alpine@sha256:ebfe2f90462722a7a4de65e91990e97fe0d401c70e0e762c5b53302f905ec1c1 AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json ./web/
COPY packages/client/package.json ./packages/client/
# The builder of the pages has its program in an optional package: all are installed here, and left out of the image below. Real
# servers are used in a container: the embedded PostgreSQL packages go too.
RUN npm ci --ignore-scripts --include=dev
COPY tsconfig.base.json ./
COPY build ./build
COPY src ./src
COPY web ./web
COPY packages ./packages
COPY presets ./presets
COPY docs/openapi.json docs/clients.md ./docs/
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-alpine@sha256:ebfe2f90462722a7a4de65e91990e97fe0d401c70e0e762c5b53302f905ec1c1
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/var/lib/counterfoil
WORKDIR /app
RUN mkdir -p /var/lib/counterfoil /var/backups/counterfoil && chown node:node /var/lib/counterfoil /var/backups/counterfoil
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY migrations ./migrations
COPY samples ./samples
USER node
VOLUME /var/lib/counterfoil
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The process shuts down in order on SIGTERM: streams finish within SHUTDOWN_DEADLINE_MS and are settled.
CMD ["node", "--enable-source-maps", "dist/main.js"]
