type Given<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** Only what the caller mentioned: an absent parameter leaves a field as it is. */
export function given<Values extends object>(values: Values): Given<Values> {
  const mentioned = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(mentioned) as Given<Values>
}
