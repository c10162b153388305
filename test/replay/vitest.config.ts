import { defineConfig } from 'vitest/config'

/** `npm run record-histories`: writes the golden histories again instead of replaying them. */
export default defineConfig({
  test: {
    include: ['test/replay/record.ts', 'test/replay/record-jobs.ts'],
    globalSetup: 'test/support/global-setup.ts',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
