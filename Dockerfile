# One image for the API (its default command), the worker and the migrations.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/stripe-simulator/package.json packages/stripe-simulator/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

# What the compiled programs need: native packages are for bundling and for the embedded stack alone.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/client/package.json packages/client/
COPY packages/stripe-simulator/package.json packages/stripe-simulator/
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=3000 WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# Nothing is written: the root file system can be read-only.
USER node
EXPOSE 3000
# Whether the process answers. What it needs is asked by /readyz: a restart would not bring that back.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The flag: docs/operating.md, Memory of the API.
CMD ["node", "--max-semi-space-size=64", "dist/api/main.js"]
