/** The search locations of the Temporal CLI: `TEMPORAL_CLI`, `PATH`, and the state directory that keeps downloads. */
export type CliSearch = { readonly env: NodeJS.ProcessEnv; readonly directory: string }
