FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /tillwire
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY protocols protocols
COPY actors actors
COPY supervisor supervisor
COPY LICENSE NOTICE tsconfig.json ./
# The bundle is made by the first start, and this user may not write.
RUN node supervisor/cli/tillwire.js help
USER node
ENTRYPOINT ["node", "supervisor/cli/tillwire.js"]
CMD ["node", "--nats", "nats://nats:4222"]
