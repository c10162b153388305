/** The API keys of the embedded stack. They are public, so production refuses to start with them. */
export const DEVELOPMENT_KEYS = [
  { key: 'bk_dev_app', name: 'development application', scopes: ['app'] },
  { key: 'bk_dev_operator', name: 'development operator', scopes: ['app', 'operator'] },
] as const
