type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** Only what the caller mentioned: an absent parameter leaves a field as it is. */
export function given<Values extends object>(values: Values): Given<Values> {
  const mentioned = Object.entries(values).filter(([, value]) => value !== undefined)
  // The entries come from the value itself, so their names and types are its own.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(mentioned) as Given<Values>
}
