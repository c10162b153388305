/** The steps of the example, as its two versions ask for them. */
export type ExampleSteps = {
  readonly remind: (by: 'letter' | 'mail') => Promise<void>
  readonly charge: () => Promise<void>
}
