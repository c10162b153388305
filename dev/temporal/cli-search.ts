/** Where to look for the Temporal CLI: `TEMPORAL_CLI` and `PATH`, and the state directory that keeps downloads. */
export type CliSearch = { readonly env: NodeJS.ProcessEnv; readonly directory: string }
