/** The published API keys of the embedded stack. Production refuses them. */
export const DEVELOPMENT_KEYS = [
  { key: 'bk_dev_app', name: 'development application', scopes: ['app'] },
  { key: 'bk_dev_operator', name: 'development operator', scopes: ['app', 'operator'] },
] as const
