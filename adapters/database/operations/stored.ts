/** A value as JSON keeps it: dates are text. */
export type Stored<T> = {
  [Key in keyof T]: T[Key] extends Date
    ? string
    : T[Key] extends Date | null
      ? string | null
      : T[Key]
}

export const instantFrom = (text: string | null): Date | null =>
  text === null ? null : new Date(text)
