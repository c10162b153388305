import type { AccessPolicy } from '../../api/auth/access.ts'

/** Generous limits, except for callers without a key; tests narrow the limit under test. */
export const OPEN_ACCESS: AccessPolicy = {
  userTokens: {},
  rateLimits: { keyPerMinute: 1_000_000, userPerMinute: 1_000_000 },
  corsOrigins: [],
  downgradesNow: 'operators',
  developmentKeys: true,
}

/** Console and account page are enabled, as in the embedded stack. */
export const PAGES = {
  sessionSecrets: ['a secret of the tests, of enough letters'],
  temporalUi: { url: 'http://localhost:8233', namespace: 'default' },
  pricing: {
    chooseUrl: 'https://app.example/buy?from=pricing',
    frameOrigins: ['https://www.example'],
  },
} as const
