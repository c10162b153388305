type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** Only the parameters that the caller sent: an absent parameter leaves its field unchanged. */
export function given<Values extends object>(values: Values): Given<Values> {
  const mentioned = Object.entries(values).filter(([, value]) => value !== undefined)
  // The entries come from the value, so their names and types match.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(mentioned) as Given<Values>
}
