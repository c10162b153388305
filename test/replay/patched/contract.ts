/** The activities of the example, which both versions call. */
export type ExampleSteps = {
  readonly remind: (by: 'letter' | 'mail') => Promise<void>
  readonly charge: () => Promise<void>
}
